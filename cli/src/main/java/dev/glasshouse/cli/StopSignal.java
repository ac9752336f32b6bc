package dev.glasshouse.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  /** Waits so long for that; whether the process is asked to end. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Interrupts a thread when the process is asked to end, unless all is closed by then. */
  void interrupts(Thread thread) {
    Thread interrupter =
        new Thread(
            () -> {
              try {
                asked.await();
              } catch (InterruptedException e) {
                return;
              }
              if (closed.getCount() > 0) {
                thread.interrupt();
              }
            },
            "interrupt");
    interrupter.setDaemon(true);
    interrupter.start();
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
