package dev.glasshouse.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;

/**
 * Ctrl-C, SIGTERM, or whatever else asks this process to end. What is closed after {@link #await}
 * is closed cleanly: the process ends only after {@link #close}.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Object> replaced = new HashMap<>();

  StopSignal() {
    // By these two the command ends as it does of itself, with its own exit code.
    for (String signal : new String[] {"INT", "TERM"}) {
      replaced.put(signal, Signals.register(signal, asked::countDown));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
  }

  /** Waits until the process is asked to end. */
  void await() throws InterruptedException {
    asked.await();
  }

  // The JVM is ending for another reason, such as a closed terminal.
  private void stopAndWait() {
    asked.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything is closed: the process may end. */
  @Override
  public void close() {
    replaced.forEach(Signals::unregister);
    closed.countDown();
  }
}
