package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** {@code glass exec} in this process, as long as a test has something to do with it. */
final class Serving {
  private Serving() {}

  /** What a test does while a host serves. */
  interface Meanwhile {
    void run(String announced) throws Exception;
  }

  /** Runs until it serves and {@code meanwhile} is done, then asks it to end. */
  static Glass.Ran run(Glass glass, Meanwhile meanwhile, String... line) throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Announced out = new Announced(serving);
    FutureTask<Integer> task =
        new FutureTask<>(() -> Main.run(new Home(glass.home()), glass.streams(out, err), line));
    Thread thread = new Thread(task, "exec");
    thread.start();
    try {
      assertTrue(serving.await(30, TimeUnit.SECONDS), () -> "does not serve: " + err);
      meanwhile.run(out.toString(StandardCharsets.UTF_8));
    } finally {
      thread.interrupt();
    }
    return new Glass.Ran(
        task.get(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Where it serves, as its first line says. */
  static String at(String announced) {
    return announced.lines().findFirst().orElseThrow().substring("Serving at ".length());
  }

  /** Tells when a host has said everything that it says first. */
  private static final class Announced extends ByteArrayOutputStream {
    private final CountDownLatch complete;

    Announced(CountDownLatch complete) {
      this.complete = complete;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      if (toString(StandardCharsets.UTF_8).matches("(?s).*Call log: [0-9a-f]{64}\n.*")) {
        complete.countDown();
      }
    }
  }
}
