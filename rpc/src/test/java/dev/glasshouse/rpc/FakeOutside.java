package dev.glasshouse.rpc;

import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.OutsideException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An outside without a network, whose randomness counts up. */
class FakeOutside implements Outside {
  private final AtomicInteger drawn = new AtomicInteger();

  @Override
  public byte[] entropy(int length) {
    byte[] bytes = new byte[length];
    bytes[0] = (byte) drawn.incrementAndGet();
    return bytes;
  }

  @Override
  public long waitUntil(long due) {
    return Math.max(due, HostSetup.FIRST_TIME);
  }

  @Override
  public byte[] fetch(String request, byte[] body) {
    throw new OutsideException("no network");
  }

  /** Fails as a host fails, as often as it is told. */
  static final class Failing extends FakeOutside {
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public byte[] entropy(int length) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new AssertionError("the random source is gone");
      }
      return super.entropy(length);
    }
  }

  /** Keeps the module in the middle of a call until it is let go. */
  static final class Blocking extends FakeOutside {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public byte[] entropy(int length) {
      entered.countDown();
      try {
        letGo.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return super.entropy(length);
    }
  }
}
