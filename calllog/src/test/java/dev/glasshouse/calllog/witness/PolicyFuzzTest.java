package dev.glasshouse.calllog.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.Untrusted;
import java.util.List;

class PolicyFuzzTest {
  private static final String TEXT = "example.com/log\n";

  /** A checkpoint that no witness has cosigned. */
  private static final Note ALONE =
      new Note(
          TEXT,
          List.of(NoteSignature.sign("example.com/log", Identity.ofSeed(new byte[32]), TEXT)));

  @FuzzTest
  void policies(byte[] input) {
    Untrusted.parse(input, Policy::parse)
        .ifPresent(
            policy -> {
              assertTrue(policy.logs().size() <= Policy.MAX_LOGS);
              assertTrue(policy.witnesses().size() <= Policy.MAX_WITNESSES);
              assertTrue(policy.wantsCosignatures() || policy.isReachable());
              Quorum quorum = policy.quorum(ALONE, "example.com/log");
              assertEquals(!policy.wantsCosignatures(), quorum.isMet());
            });
  }
}
