package dev.glasshouse.rpc.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.PublicKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CallerRulesTest {
  private final AtomicLong clock = new AtomicLong();

  private static PublicKey key(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return Identity.ofSeed(seed).publicKey();
  }

  private static Caller.Key caller(int number) {
    return new Caller.Key(key(number), new byte[PublicKey.SIGNATURE_BYTES]);
  }

  private static CallRefused assertRefused(Reason reason, Executable body) {
    CallRefused refused = assertThrows(CallRefused.class, body);
    assertEquals(reason, refused.reason(), refused.getMessage());
    return refused;
  }

  @Test
  void nothingIsAskedForByDefault() {
    for (int call = 0; call < 1000; call++) {
      CallerRules.NONE.admit(key(1));
      CallerRules.NONE.charge(caller(1), 256);
    }
  }

  @Test
  void onlyListedKeysAreAdmitted() throws IOException {
    CallerRules rules = CallerRules.of(AllowList.of(List.of(key(1).format())), 0, clock::get);
    rules.admit(key(1));
    CallRefused refused = assertRefused(Reason.NOT_ALLOWED, () -> rules.admit(key(2)));
    assertTrue(refused.getMessage().contains(key(2).format()), refused.getMessage());
  }

  @Test
  void aRefusalSaysWhenToComeAgain() {
    CallerRules rules = CallerRules.of(AllowList.EVERYBODY, 2, clock::get);
    rules.charge(caller(1), 10);
    for (Executable again :
        List.<Executable>of(() -> rules.admit(key(1)), () -> rules.charge(caller(1), 1))) {
      CallRefused refused = assertRefused(Reason.TOO_OFTEN, again);
      assertTrue(refused.getMessage().endsWith("come again in 0.5 s"), refused.getMessage());
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(refused.retryMillis()));
      rules.admit(key(1));
      rules.charge(caller(1), 1);
    }
  }

  @Test
  void whoOnlyClaimsAKeySpendsNothingOfIt() {
    CallerRules rules = CallerRules.of(AllowList.EVERYBODY, 1, clock::get);
    for (int claim = 0; claim < 1000; claim++) {
      rules.admit(key(1));
    }
    rules.charge(caller(1), 5);
    assertRefused(Reason.TOO_OFTEN, () -> rules.admit(key(1)));
    rules.admit(key(2));
  }

  @Test
  void onADebugHostANameIsACaller() {
    CallerRules rules = CallerRules.of(AllowList.EVERYBODY, 1, clock::get);
    Caller nobody = new Caller.User(null);
    rules.charge(nobody, 5);
    assertRefused(Reason.TOO_OFTEN, () -> rules.charge(nobody, 1));
    rules.charge(new Caller.User("bob"), 5);
    assertRefused(Reason.TOO_OFTEN, () -> rules.charge(new Caller.User("bob"), 1));
    // A name that looks like a key is not that key.
    rules.charge(new Caller.User(key(1).format()), 5);
    rules.admit(key(1));
  }
}
