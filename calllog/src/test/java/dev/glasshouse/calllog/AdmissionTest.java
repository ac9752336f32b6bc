package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Hash ID = Hash.of("log");
  private static final PublicKey KEY = SampleLog.ALICE.publicKey();
  private static final String SESSION = SampleLog.ALICE_SESSION;
  private static final String OTHER_SESSION = SampleLog.BOB_SESSION;
  private static final GrownTree TREE = new GrownTree(9);

  /** A log of nine entries in which one session has used the numbers up to 5. */
  private static final Admission.State STATE =
      new Admission.State() {
        @Override
        public long lastNumber(PublicKey key, String session) {
          return key.equals(KEY) && session.equals(SESSION) ? 5 : 0;
        }

        @Override
        public Hash rootAt(long size) {
          assertTrue(size <= 9, "asked beyond the log");
          return TREE.head((int) size).root();
        }
      };

  @Test
  void theNextNumberOfASessionIsAdmitted() {
    check(call(6, TREE.head(9)), KEY);
    check(call(7, TREE.head(9)), KEY);
    check(call(CanonicalJson.MAX_INTEGER, TREE.head(9)), KEY);
  }

  @Test
  void aUsedNumberIsRefused() {
    for (long n : new long[] {1, 4, 5}) {
      CallRefused refused = refused(Reason.USED_NUMBER, call(n, TREE.head(9)), KEY);
      assertTrue(refused.getMessage().contains("5"), refused.getMessage());
    }
  }

  @Test
  void anotherKeyOrSessionCountsOnItsOwn() {
    check(call(1, TREE.head(9)), SampleLog.BOB.publicKey());
    check(new SignedCall(ID, OTHER_SESSION, 1, TREE.head(9), calls()), KEY);
  }

  @Test
  void anyPrefixMayHaveBeenSeen() {
    for (int size = 0; size <= 9; size++) {
      check(call(6, TREE.head(size)), KEY);
    }
  }

  @Test
  void anotherHistoryIsRefused() {
    Hash root = TREE.head(8).root();
    for (int size = 1; size <= 9; size++) {
      if (size != 8) {
        CallRefused fork = refused(Reason.UNKNOWN_HISTORY, call(6, new TreeHead(size, root)), KEY);
        assertTrue(fork.getMessage().contains("forked"), fork.getMessage());
      }
    }
    CallRefused ahead = refused(Reason.UNKNOWN_HISTORY, call(6, new TreeHead(10, root)), KEY);
    assertTrue(ahead.getMessage().contains("rolled back"), ahead.getMessage());
  }

  @Test
  void anotherLogIsRefusedFirst() {
    SignedCall call = new SignedCall(Hash.of("other"), SESSION, 1, new TreeHead(99, ID), calls());
    refused(Reason.WRONG_LOG, call, KEY);
  }

  @Test
  void everyReasonHasACodeOfItsOwn() {
    Set<Integer> codes = new HashSet<>();
    for (Reason reason : Reason.values()) {
      assertTrue(codes.add(reason.code()), reason + " shares its code");
    }
  }

  private static void check(SignedCall call, PublicKey key) {
    Admission.check(call, key, ID, 9, STATE);
  }

  private static CallRefused refused(Reason reason, SignedCall call, PublicKey key) {
    CallRefused refused = assertThrows(CallRefused.class, () -> check(call, key));
    assertEquals(reason, refused.reason());
    return refused;
  }

  private static SignedCall call(long n, TreeHead seen) {
    return new SignedCall(ID, SESSION, n, seen, calls());
  }

  private static List<MethodCall> calls() {
    return List.of(new MethodCall("m", "[]"));
  }
}
