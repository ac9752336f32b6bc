package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

class TlogProofFuzzTest {
  private static final PublicKey KEY = Identity.ofSeed(new byte[32]).publicKey();

  @FuzzTest
  void proofs(byte[] input) {
    Untrusted.parse(input, bytes -> TlogProof.parse(bytes, TlogProof.MAX_BYTES))
        .ifPresent(
            proof -> {
              assertArrayEquals(input, proof.format());
              TreeHead head = Checkpoint.parse(proof.checkpoint().text()).head();
              // Any answer will do, but an answer: the proof is of any length and index.
              boolean unused =
                  Proofs.verifyInclusion(proof.index(), Hash.ZERO, head, proof.hashes());
              assertTrue(
                  Untrusted.verify(input, bytes -> proof.verify(Hash.ZERO, "example.com/log", KEY))
                      .isEmpty());
            });
  }
}
