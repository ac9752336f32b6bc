package dev.glasshouse.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C, SIGTERM, or whatever else asks this process to end. What is closed after {@link #await}
 * is closed cleanly: the process ends only after {@link #close}. A second signal ends it at once,
 * as a power cut would: what was acknowledged is durable.
 */
final class StopSignal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  /** By name, with their numbers (signal(7)). */
  private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

  // What a shell reports of a process that a signal ended (sh(1), exit status).
  private static final int ENDED_BY = 128;

  // timeout(1) sends its signal to the process and to the group of it: that is one wish.
  private static final long ECHO_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long seconds;
  private long askedAt = System.nanoTime();
  private final Map<String, Object> replaced = new HashMap<>();

  /** Waits for what is being closed as long as it takes. */
  StopSignal() {
    this(Long.MAX_VALUE);
  }

  /** Waits for it so many seconds. */
  StopSignal(long seconds) {
    this.seconds = seconds;
    // By these two the command ends as it does of itself, with its own exit code.
    SIGNALS.forEach(
        (signal, number) ->
            replaced.put(signal, Signals.register(signal, () -> signalled(number))));
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

  // Each signal comes on a thread of its own.
  private synchronized void signalled(int number) {
    if (asked.getCount() == 0) {
      if (System.nanoTime() - askedAt > ECHO_NANOS) {
        end(ENDED_BY + number, "Stopped at once.");
      }
      return;
    }
    askedAt = System.nanoTime();
    asked.countDown();
    Thread bound = new Thread(this::stopInTime, "stop in time");
    bound.setDaemon(true);
    bound.start();
  }

  private void stopInTime() {
    try {
      if (!closed.await(seconds, TimeUnit.SECONDS)) {
        end(1, "Not all was finished in " + seconds + " s; stopped all the same.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Nothing is closed: whoever waits for it is the reason why this is called.
  private static void end(int code, String sentence) {
    LOG.warn("{}", sentence);
    Runtime.getRuntime().halt(code);
  }

  // The JVM is ending for another reason, such as a closed terminal.
  private void stopAndWait() {
    asked.countDown();
    stopInTime();
  }

  /** Everything is closed: the process may end. */
  @Override
  public void close() {
    replaced.forEach(Signals::unregister);
    closed.countDown();
  }
}
