package dev.glasshouse.calllog.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Untrusted;

class EvidenceFuzzTest {
  @FuzzTest
  void files(byte[] input) {
    Untrusted.parse(input, Evidence::parse)
        .ifPresent(
            evidence -> {
              assertArrayEquals(input, evidence.format());
              judgement(input, evidence);
            });
  }

  private static void judgement(byte[] input, Evidence evidence) {
    Judgement judgement =
        Untrusted.parse(input, bytes -> EvidenceJudge.judge(evidence, null)).orElseThrow();
    assertEquals(judgement, EvidenceJudge.judge(input, null));
    assertFalse(judgement.sentence().isEmpty());
    assertFalse(EvidenceJudge.judge(evidence, Hash.ZERO).proved(), "it is about another log");
    if (judgement.proved()) {
      assertEquals(evidence.log(), judgement.log());
      assertNotNull(judgement.key());
      assertNotEquals(Evidence.Claim.ROLLBACK, evidence.claim(), "no signature shows a rollback");
    }
  }
}
