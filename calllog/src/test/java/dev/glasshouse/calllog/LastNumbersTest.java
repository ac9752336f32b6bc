package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class LastNumbersTest {
  private final LastNumbers numbers = new LastNumbers();
  private final PublicKey key = Identity.generate(new SecureRandom()).publicKey();

  private static long notAsked() {
    return fail("the store was asked");
  }

  @Test
  void theStoreIsAskedOnce() {
    assertEquals(7, numbers.get(key, "a", () -> 7));
    assertEquals(7, numbers.get(key, "a", LastNumbersTest::notAsked));
    assertEquals(0, numbers.get(key, "b", () -> 0));
    assertEquals(0, numbers.get(key, "b", LastNumbersTest::notAsked));
  }

  @Test
  void usedNumbersRiseAndNeverFall() {
    assertEquals(1, numbers.get(key, "a", () -> 1));
    numbers.used(key, "a", 5);
    numbers.used(key, "a", 3);
    assertEquals(5, numbers.get(key, "a", LastNumbersTest::notAsked));
    numbers.used(key, "new", 2);
    assertEquals(2, numbers.get(key, "new", LastNumbersTest::notAsked));
  }

  @Test
  void sessionsAreTheirCallers() {
    PublicKey other = Identity.generate(new SecureRandom()).publicKey();
    numbers.used(key, "a", 5);
    assertEquals(1, numbers.get(other, "a", () -> 1));
  }

  @Test
  void whoHasNotCalledForLongIsForgottenAndAskedForAgain() {
    numbers.used(key, "first", 1);
    for (int i = 0; i < LastNumbers.CAPACITY; i++) {
      numbers.used(key, "session " + i, 1);
    }
    assertEquals(9, numbers.get(key, "first", () -> 9));
  }
}
