package dev.glasshouse.rpc.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  // Clocks such as System.nanoTime may overflow at any moment.
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND);

  private RateLimit limit(double perSecond) {
    return new RateLimit(perSecond, clock::get);
  }

  @Test
  void whatAFullBucketHoldsMayComeAtOnce() {
    RateLimit limit = limit(10);
    for (int call = 0; call < 50; call++) {
      assertEquals(0, limit.take("a", 1), "call " + call);
    }
    assertEquals(SECOND / 10, limit.take("a", 1));
    assertEquals(SECOND / 10, limit.waitFor("a"));
    assertEquals(0, limit.waitFor("b"), "another caller has a bucket of its own");
    clock.addAndGet(SECOND / 10 - 1);
    assertEquals(1, limit.waitFor("a"));
    clock.addAndGet(1);
    assertEquals(0, limit.take("a", 1));
    assertEquals(SECOND / 10, limit.take("a", 1));
  }

  @Test
  void aBucketDoesNotOverflow() {
    RateLimit limit = limit(1);
    clock.addAndGet(1000 * SECOND);
    assertEquals(0, limit.take("a", 5));
    clock.addAndGet(1000 * SECOND);
    assertEquals(0, limit.take("a", 5));
    assertEquals(SECOND, limit.take("a", 1));
  }

  @Test
  void aLargeRequestTakesAFullBucketAndOwesTheRest() {
    RateLimit limit = limit(10);
    assertEquals(0, limit.take("a", 1));
    assertEquals(SECOND / 10, limit.take("a", 256), "the bucket is not full");
    assertEquals(0, limit.take("a", 49), "a refusal takes nothing");
    clock.addAndGet(5 * SECOND);
    assertEquals(0, limit.take("a", 256));
    // 206 are owed, and one more is to come.
    assertEquals(207 * SECOND / 10, limit.waitFor("a"));
  }

  @Test
  void lessThanOneInABurstIsStillOne() {
    RateLimit limit = limit(0.01);
    assertEquals(0, limit.take("a", 1));
    assertEquals(100 * SECOND, limit.take("a", 1));
    clock.addAndGet(100 * SECOND);
    assertEquals(0, limit.take("a", 1));
  }

  @Test
  void noMoreThanTheRateInTheLongRun() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    RateLimit limit = limit(20);
    int taken = 0;
    for (int step = 0; step < 20_000; step++) {
      clock.addAndGet(random.nextInt((int) (SECOND / 50)));
      int calls = 1 + random.nextInt(3);
      if (limit.take("a", calls) == 0) {
        taken += calls;
      }
    }
    // 20,000 steps of 10 ms are 200 s, which make 4,000 calls beside the first burst of 100.
    assertTrue(taken > 3_900 && taken < 4_300, "seed " + seed + ": " + taken);
  }

  @Test
  void fullBucketsAreForgotten() {
    RateLimit limit = limit(1);
    for (int caller = 0; caller < 100; caller++) {
      assertEquals(0, limit.take(caller, 1));
    }
    assertEquals(100, limit.size());
    clock.addAndGet(10 * SECOND);
    for (int call = 0; call < 100; call++) {
      limit.take("a", 1);
      clock.addAndGet(2 * SECOND);
    }
    assertEquals(1, limit.size());
  }

  @Test
  void strangersDoNotTakeUpMoreMemory() {
    RateLimit limit = limit(0.001);
    assertEquals(0, limit.take("a", 1));
    for (int caller = 0; caller < 3 * RateLimit.MAX_CALLERS; caller++) {
      assertEquals(0, limit.take(caller, 1), "a newcomer has a full bucket");
      assertTrue(limit.waitFor("a") > 0, "who goes on calling is not forgotten");
    }
    assertEquals(RateLimit.MAX_CALLERS, limit.size());
  }
}
