package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WatchdogTest {
  private static final long MILLIS = 40;
  private static final long POLL_MILLIS = 10;

  private final Guest guest = new Guest();
  private final Watchdog watchdog = new Watchdog("test", Machine.REAL);

  /** A guest that only counts. */
  private static final class Guest implements Sandbox {
    private final AtomicInteger polls = new AtomicInteger(Integer.MAX_VALUE - 1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public void interrupt() {
      interrupts.incrementAndGet();
      interrupted.countDown();
    }

    @Override
    public int progress() {
      return polls.get();
    }

    @Override
    public Reply load(Script script, long timeMillis, long fuel, HostCalls host) {
      throw new AssertionError();
    }

    @Override
    public Reply run(Turn turn, long timeMillis, long fuel, HostCalls host) {
      throw new AssertionError();
    }

    @Override
    public long mark(int slot) {
      throw new AssertionError();
    }

    @Override
    public void rewind(int slot) {
      throw new AssertionError();
    }

    @Override
    public HeapImage image() {
      throw new AssertionError();
    }

    @Override
    public void restore(HeapImage image) {
      throw new AssertionError();
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void wake() {
    watchdog.wake();
  }

  @AfterEach
  void close() {
    watchdog.close();
  }

  private void begin() {
    watchdog.begin(guest, MILLIS, POLL_MILLIS);
  }

  private static void pass(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void turnThatTakesTooLongIsInterruptedUntilItEnds() throws Exception {
    long start = System.nanoTime();
    begin();
    guest.interrupted.await();
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(MILLIS));
    while (guest.interrupts.get() < 2) {
      Thread.onSpinWait();
    }
    watchdog.end();
    int interrupts = guest.interrupts.get();
    pass(MILLIS);
    assertEquals(interrupts, guest.interrupts.get());
  }

  @Test
  void manyShortTurnsAreLeftAlone() {
    for (int i = 0; i < 20; i++) {
      begin();
      pass(MILLIS / 8);
      watchdog.end();
    }
    assertEquals(0, guest.interrupts.get());
  }

  @Test
  void turnAfterALongRestIsWatched() throws Exception {
    pass(2 * MILLIS);
    begin();
    guest.interrupted.await();
    watchdog.end();
  }

  @Test
  void timeInTheWorldIsNotCounted() throws Exception {
    begin();
    watchdog.pause();
    pass(3 * MILLIS);
    assertEquals(0, guest.interrupts.get());
    long start = System.nanoTime();
    watchdog.resume();
    guest.interrupted.await();
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(MILLIS / 2));
    watchdog.end();
  }

  @Test
  void guestThatUsesFuelHasMoreTime() throws Exception {
    long start = System.nanoTime();
    begin();
    // The counter wraps around.
    guest.polls.addAndGet(8);
    guest.interrupted.await();
    watchdog.end();
    long least = MILLIS + 8 * POLL_MILLIS;
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(least));
  }

  @Test
  void restingItWatchesNothing() {
    watchdog.rest();
    begin();
    pass(2 * MILLIS);
    watchdog.end();
    assertEquals(0, guest.interrupts.get());
  }

  @Test
  void closedItWatchesNothing() {
    begin();
    watchdog.end();
    watchdog.close();
    begin();
    pass(2 * MILLIS);
    assertEquals(0, guest.interrupts.get());
  }
}
