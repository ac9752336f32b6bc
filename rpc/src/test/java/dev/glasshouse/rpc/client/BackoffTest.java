package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** For how long, and how often. */
class BackoffTest {
  private static final long SEED = 71;

  private final Backoff backoff =
      new Backoff(new SplittableRandom(SEED), millis -> new CompletableFuture<>());

  private static RefusedException refused(long retryMillis) {
    return new RefusedException(-32005, "overloaded", null, retryMillis);
  }

  @Test
  void waitsAsLongAsItWasToldAndTwiceThatTheNextTime() {
    Set<Long> different = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      long first = backoff.millis(refused(100), 1).getAsLong();
      assertTrue(first >= 100 && first <= 150, first + " with seed " + SEED);
      long second = backoff.millis(refused(100), 2).getAsLong();
      assertTrue(second >= 200 && second <= 300, second + " with seed " + SEED);
      long longest = backoff.millis(refused(Backoff.MAX_MILLIS), 3).getAsLong();
      assertTrue(longest >= Backoff.MAX_MILLIS, longest + " with seed " + SEED);
      assertTrue(longest <= Backoff.MAX_MILLIS * 3 / 2, longest + " with seed " + SEED);
      different.add(first);
    }
    assertTrue(different.size() > 20, "those who were refused together come back apart");
  }

  @Test
  void endsAfterSomeTries() {
    assertTrue(backoff.millis(refused(1), Backoff.MAX_REFUSALS).isPresent());
    assertEquals(OptionalLong.empty(), backoff.millis(refused(1), Backoff.MAX_REFUSALS + 1));
  }

  @Test
  void doesNotWaitForWhatWasNotNamedOrIsTooLong() {
    assertEquals(OptionalLong.empty(), backoff.millis(refused(0), 1));
    assertEquals(OptionalLong.empty(), backoff.millis(refused(-1), 1));
    assertEquals(OptionalLong.empty(), backoff.millis(refused(Backoff.MAX_MILLIS + 1), 1));
    assertEquals(OptionalLong.empty(), backoff.millis(refused(Long.MAX_VALUE), 1));
  }

  @Test
  void aPauseEndsByItself() {
    Backoff.real().pause(1).join();
  }
}
