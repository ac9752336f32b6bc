package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorGenerator.changed;
import static dev.glasshouse.calllog.VectorGenerator.refused;

import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** cosignature.json. */
final class CosignatureVectors {
  private static final long TIME = 1_767_225_660;
  private static final List<String> NAMES =
      List.of("witness.example/one", "witness.example/two", "witness.example/three/replayed");

  private static final String ML_DSA = "witness.example/four";

  private CosignatureVectors() {}

  static Map<String, Object> cosignature(SampleLog log) {
    SignedCheckpoint checkpoint = log.checkpoint(3);
    String text = checkpoint.note().text();
    List<Object> witnesses = new ArrayList<>();
    List<NoteSignature> lines = new ArrayList<>(checkpoint.note().signatures());
    for (int i = 0; i < NAMES.size(); i++) {
      String name = NAMES.get(i);
      WitnessKey key = new WitnessKey(name, witness(name).publicKey());
      Cosignature signed = Cosignature.sign(name, witness(name), text, TIME + i);
      lines.add(signed.line());
      witnesses.add(
          object(
              "name",
              name,
              "seed",
              HexFormat.of().formatHex(witness(name).seed()),
              "keyId",
              String.format("%08x", key.id()),
              "vkey",
              key.format(),
              "time",
              signed.time(),
              "message",
              "cosignature/v1\ntime " + signed.time() + "\n" + text,
              "line",
              signed.toString()));
    }
    String note = text(new Note(text, lines).format());
    return object(
        "about",
        "A checkpoint of the sample log in entry.json with the cosignatures (C2SP tlog-cosignature,"
            + " type 0x04) of three witnesses; policies (C2SP tlog-policy) with what they find"
            + " under it; the submission of it (C2SP tlog-witness). \"mlDsa\": the same note with"
            + " the cosignature of a witness with an ML-DSA-44 key (type 0x06) too. The signature"
            + " is deterministic (FIPS 204 section 3.4). \"rejected\": notes that a"
            + " policy with the first witness rejects whole. \"malformedPolicies\": no policies,"
            + " \"line\" is the line at fault, 0 if none is. \"malformedSubmissions\": no"
            + " submissions.",
        "origin",
        log.origin(),
        "witnesses",
        witnesses,
        "note",
        note,
        "policies",
        policies(log),
        "mlDsa",
        mlDsa(log, lines),
        "rejected",
        rejected(note, lines),
        "malformedPolicies",
        malformedPolicies(),
        "submission",
        text(submission(log).format()),
        "malformedSubmissions",
        malformedSubmissions(text(submission(log).format())));
  }

  private static Object mlDsa(SampleLog log, List<NoteSignature> lines) {
    String text = log.checkpoint(3).note().text();
    MlDsaIdentity witness = MlDsaIdentity.ofSeed(Hash.of("glasshouse vectors: " + ML_DSA).bytes());
    WitnessKey key = new WitnessKey(ML_DSA, witness.publicKey());
    long time = TIME + NAMES.size();
    Cosignature signed = Cosignature.sign(ML_DSA, witness, text, time);
    List<NoteSignature> all = new ArrayList<>(lines);
    all.add(signed.line());
    String both = "witness one " + vkey(0) + "\nwitness pq " + key.format() + "\n";
    NoteSignature forged = new NoteSignature(ML_DSA, key.id(), new byte[Cosignature.ML_DSA_BYTES]);
    String note = text(new Note(text, all).format());
    return object(
        "name",
        ML_DSA,
        "seed",
        HexFormat.of().formatHex(witness.seed()),
        "keyId",
        String.format("%08x", key.id()),
        "vkey",
        key.format(),
        "time",
        time,
        "message",
        HexFormat.of().formatHex(subtree(log, time)),
        "line",
        signed.toString(),
        "note",
        note,
        "policies",
        List.of(
            found(both + "quorum pq\n", true, 2),
            found(both + "group g all one pq\nquorum g\n", true, 2),
            found("witness pq " + key.format() + "\nquorum pq\n", true, 1)),
        "rejected",
        List.of(refused(note, signed.toString(), forged.format(), "a signature of nothing")));
  }

  // The structure cosigned_message, written as the specification has it and not as our code does.
  private static byte[] subtree(SampleLog log, long time) {
    TreeHead head = log.checkpoint(3).head();
    HexFormat hex = HexFormat.of();
    return hex.parseHex(
        hex.formatHex("subtree/v1\n\0".getBytes(StandardCharsets.UTF_8))
            + String.format("%02x", ML_DSA.length())
            + hex.formatHex(ML_DSA.getBytes(StandardCharsets.UTF_8))
            + String.format("%016x", time)
            + String.format("%02x", log.origin().length())
            + hex.formatHex(log.origin().getBytes(StandardCharsets.UTF_8))
            + String.format("%016x", 0)
            + String.format("%016x", head.size())
            + head.root().hex());
  }

  private static Identity witness(String name) {
    return SampleLog.identity(name);
  }

  private static String vkey(int i) {
    return new WitnessKey(NAMES.get(i), witness(NAMES.get(i)).publicKey()).format();
  }

  private static String absent() {
    return new WitnessKey("witness.example/absent", witness("absent").publicKey()).format();
  }

  private static List<Object> policies(SampleLog log) {
    String three =
        "witness one " + vkey(0) + "\nwitness two " + vkey(1) + "\nwitness four " + absent() + "\n";
    String logLine =
        "log "
            + new NoteKey(log.origin(), SampleLog.HOST.publicKey()).format()
            + " https://example.com/";
    return List.of(
        found("quorum none\n", true, 0),
        found("# one log\n" + logLine + "\nquorum none\n", true, 0),
        found(three + "quorum one\n", true, 2),
        found(three + "quorum four\n", false, 2),
        found(three + "group g 2 one two four\nquorum g\n", true, 2),
        found(three + "group g all one two four\nquorum g\n", false, 2),
        found(three + "group g any two four\ngroup h all one g\nquorum h\n", true, 2),
        found("witness three " + vkey(2) + "\nquorum three\n", true, 1));
  }

  private static Object found(String policy, boolean met, int cosigned) {
    return object("text", policy, "met", met, "cosigned", cosigned);
  }

  private static List<Object> rejected(String note, List<NoteSignature> lines) {
    String line = lines.get(1).format();
    NoteSignature one = lines.get(1);
    byte[] late = one.bytes();
    late[7] ^= 1;
    NoteSignature forged = new NoteSignature(one.name(), one.keyId(), lines.get(2).bytes());
    NoteSignature untimed = new NoteSignature(one.name(), one.keyId(), new byte[64]);
    return List.of(
        refused(note, "\n3\n", "\n4\n", "another size than was cosigned"),
        refused(
            note,
            line,
            new NoteSignature(one.name(), one.keyId(), late).format(),
            "another time than was cosigned"),
        refused(note, line, forged.format(), "the cosignature of another witness"),
        refused(note, line, line + "\n" + forged.format(), "one that holds and one that does not"),
        refused(note, line, untimed.format(), "64 bytes, so no time"));
  }

  private static List<Object> malformedPolicies() {
    String one = "witness one " + vkey(0) + "\n";
    return List.of(
        policy("", 0, "no quorum"),
        policy("quorum none\nquorum none\n", 2, "two quorums"),
        policy("quorum one\n" + one, 1, "a name before its definition"),
        policy(one + "witness one " + vkey(1) + "\nquorum one\n", 2, "a name that is taken"),
        policy(one + "witness two " + vkey(0) + "\nquorum one\n", 2, "a key that is listed"),
        policy("witness none " + vkey(0) + "\nquorum none\n", 1, "a witness with the name none"),
        policy(one + "group g any one one\nquorum g\n", 2, "a member twice"),
        policy(one + "group g 2 one\nquorum g\n", 2, "more than all of the members"),
        policy(one + "group g any\nquorum g\n", 2, "no members"),
        policy(one + "quorum one\r\n", 2, "a carriage return"),
        policy("witness one " + changed(vkey(0), "+", "+0") + "\n", 1, "a key id that is wrong"),
        policy("policy\n", 1, "an unknown word"));
  }

  private static Object policy(String text, int line, String reason) {
    return object("reason", reason, "line", line, "text", text);
  }

  private static AddCheckpoint submission(SampleLog log) {
    // From one entry to three: the leaf hashes of the second and the third.
    List<Hash> proof = List.of(log.leaves.get(1), log.leaves.get(2));
    return new AddCheckpoint(1, proof, log.checkpoint(3).note());
  }

  private static List<Object> malformedSubmissions(String body) {
    return List.of(
        refused("", "nothing"),
        refused(body, "old 1", "old 01", "a leading zero"),
        refused(body, "old 1", "old -1", "a negative size"),
        refused(body, "old 1", "new 1", "another word"),
        refused(body, "=\n\n", "=\n", "no empty line"),
        refused(body, "=\n", "\n", "a hash without its padding"));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
