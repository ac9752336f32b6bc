package dev.glasshouse.vm.archive;

import static dev.glasshouse.calllog.VectorFile.objects;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.VectorFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our own verifier agrees with docs/vectors/archive-proof.json. */
class ArchiveProofVectorTest {
  private final Map<String, Object> file = VectorFile.read("archive-proof.json");

  @Test
  void proofsShowWhatTheFileSays() {
    assertTrue(objects(file.get("proofs")).size() > 20);
    for (Map<String, Object> each : objects(file.get("proofs"))) {
      assertEquals(each.get("shows"), shown(each), each::toString);
      byte[] text = utf8((String) each.get("proof"));
      assertArrayEquals(text, ArchiveProof.parse(text, text.length).format(), each::toString);
    }
  }

  @Test
  void whatIsNoProofOfItsQuestion() {
    assertTrue(objects(file.get("unverified")).size() > 15);
    for (Map<String, Object> each : objects(file.get("unverified"))) {
      assertThrows(UnverifiedException.class, () -> shown(each), each::toString);
    }
  }

  @Test
  void malformedTextsAreRefused() {
    assertTrue(objects(file.get("malformed")).size() > 10);
    for (Map<String, Object> each : objects(file.get("malformed"))) {
      byte[] text = utf8((String) each.get("text"));
      assertThrows(
          MalformedException.class,
          () -> ArchiveProof.parse(text, ArchiveProof.MAX_BYTES),
          each::toString);
    }
  }

  private static Object shown(Map<String, Object> each) {
    byte[] text = utf8((String) each.get("proof"));
    return ArchiveProofVectors.shown(
        ArchiveProof.parse(text, ArchiveProof.MAX_BYTES),
        Hash.parseHex((String) each.get("root")),
        (String) each.get("key"),
        (String) each.get("question"));
  }
}
