package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.objects;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.Quorum;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/vectors/cosignature.json, read by our own parsers. */
class CosignatureVectorTest {
  private final Map<String, Object> file = VectorFile.read("cosignature.json");
  private final String origin = (String) file.get("origin");
  private final byte[] noteBytes = utf8((String) file.get("note"));
  private final Note note = Note.parse(noteBytes, Note.MAX_BYTES);

  @Test
  void witnesses() {
    List<Map<String, Object>> witnesses = objects(file.get("witnesses"));
    assertEquals(3, witnesses.size());
    assertArrayEquals(noteBytes, note.format());
    for (int i = 0; i < witnesses.size(); i++) {
      Map<String, Object> each = witnesses.get(i);
      Identity identity = Identity.ofSeed(HexFormat.of().parseHex((String) each.get("seed")));
      String name = (String) each.get("name");
      WitnessKey key = WitnessKey.parse((String) each.get("vkey"));
      assertEquals(new WitnessKey(name, identity.publicKey()), key);
      assertEquals(each.get("keyId"), String.format("%08x", key.id()));
      NoteSignature line = NoteSignature.parse((String) each.get("line"));
      Cosignature cosignature = Cosignature.verify(key, note.text(), line);
      assertEquals(each.get("time"), cosignature.time());
      assertEquals(line, note.signatures().get(1 + i), "below the log's own line");
      assertEquals(line, Cosignature.sign(name, identity, note.text(), cosignature.time()).line());
      // Past our own class: the eight bytes of the time, then a signature over the message.
      byte[] signature = new byte[PublicKey.SIGNATURE_BYTES];
      System.arraycopy(line.bytes(), 8, signature, 0, signature.length);
      assertTrue(
          key.key()
              .verify(((String) each.get("message")).getBytes(StandardCharsets.UTF_8), signature));
    }
  }

  @Test
  void aWitnessWithAnMlDsaKey() {
    Map<String, Object> each = VectorFile.members(file.get("mlDsa"));
    MlDsaIdentity identity =
        MlDsaIdentity.ofSeed(HexFormat.of().parseHex((String) each.get("seed")));
    WitnessKey key = WitnessKey.parse((String) each.get("vkey"));
    assertEquals(new WitnessKey((String) each.get("name"), identity.publicKey()), key);
    assertEquals(each.get("keyId"), String.format("%08x", key.id()));
    byte[] bytes = utf8((String) each.get("note"));
    Note cosigned = Note.parse(bytes, Note.MAX_BYTES);
    assertArrayEquals(bytes, cosigned.format());
    NoteSignature line = NoteSignature.parse((String) each.get("line"));
    assertEquals(line, cosigned.signatures().get(4), "below the three others");
    assertEquals(each.get("time"), Cosignature.verify(key, note.text(), line).time());
    assertEquals(
        line, Cosignature.sign(key.name(), identity, note.text(), (Long) each.get("time")).line());
    byte[] signature = new byte[MlDsaKey.SIGNATURE_BYTES];
    System.arraycopy(line.bytes(), 8, signature, 0, signature.length);
    byte[] message = HexFormat.of().parseHex((String) each.get("message"));
    assertTrue(identity.publicKey().verify(message, signature));
    find(each.get("policies"), cosigned);
    Policy policy = Policy.parse(utf8("witness pq " + key.format() + "\nquorum pq\n"));
    for (Map<String, Object> refused : objects(each.get("rejected"))) {
      Note bad = Note.parse(utf8((String) refused.get("text")), Note.MAX_BYTES);
      assertThrows(UnverifiedException.class, () -> policy.quorum(bad, origin), refused::toString);
    }
  }

  private void find(Object policies, Note under) {
    assertFalse(objects(policies).isEmpty());
    for (Map<String, Object> each : objects(policies)) {
      Policy policy = Policy.parse(utf8((String) each.get("text")));
      Quorum quorum = policy.quorum(under, origin);
      assertEquals(each.get("met"), quorum.isMet(), each::toString);
      assertEquals(each.get("cosigned"), (long) quorum.cosigned().size(), each::toString);
    }
  }

  @Test
  void policies() {
    find(file.get("policies"), note);
    for (Map<String, Object> each : objects(file.get("malformedPolicies"))) {
      byte[] bytes = utf8((String) each.get("text"));
      MalformedException refused =
          assertThrows(MalformedException.class, () -> Policy.parse(bytes), each::toString);
      long line = (Long) each.get("line");
      assertEquals(
          line > 0, refused.getMessage().startsWith("line " + line + ": "), each::toString);
    }
  }

  @Test
  void rejectedNotes() {
    String vkey = (String) objects(file.get("witnesses")).get(0).get("vkey");
    Policy policy = Policy.parse(utf8("witness one " + vkey + "\nquorum one\n"));
    assertTrue(policy.quorum(note, origin).isMet());
    List<Map<String, Object>> cases = objects(file.get("rejected"));
    assertFalse(cases.isEmpty());
    for (Map<String, Object> each : cases) {
      Note bad = Note.parse(utf8((String) each.get("text")), Note.MAX_BYTES);
      assertThrows(UnverifiedException.class, () -> policy.quorum(bad, origin), each::toString);
    }
  }

  @Test
  void submissions() {
    byte[] bytes = utf8((String) file.get("submission"));
    AddCheckpoint submission = AddCheckpoint.parse(bytes);
    assertArrayEquals(bytes, submission.format());
    Checkpoint newer = Checkpoint.parse(submission.checkpoint().text());
    Hash one =
        Hash.parseHex(
            (String) objects(VectorFile.read("checkpoint.json").get("valid")).get(0).get("root"));
    TreeHead older = new TreeHead(submission.oldSize(), one);
    assertTrue(Proofs.verifyConsistency(older, newer.head(), submission.proof()));
    for (Map<String, Object> each : objects(file.get("malformedSubmissions"))) {
      byte[] bad = utf8((String) each.get("text"));
      assertThrows(MalformedException.class, () -> AddCheckpoint.parse(bad), each::toString);
    }
  }
}
