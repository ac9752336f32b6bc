package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorGenerator.changed;
import static dev.glasshouse.calllog.VectorGenerator.refused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** checkpoint.json and receipt.json. */
final class CheckpointVectors {
  private CheckpointVectors() {}

  static Map<String, Object> checkpoint(SampleLog log) {
    NoteKey key = new NoteKey(log.origin(), SampleLog.HOST.publicKey());
    List<Object> valid = new ArrayList<>();
    for (int size = 1; size <= log.entries.size(); size++) {
      SignedCheckpoint signed = log.checkpoint(size);
      valid.add(
          object(
              "size",
              size,
              "root",
              signed.head().root().hex(),
              "text",
              signed.checkpoint().text(),
              "note",
              text(signed.format())));
    }
    String note = text(log.checkpoint(3).format());
    List<NoteSignature> lines = new ArrayList<>(log.checkpoint(3).note().signatures());
    lines.add(new NoteSignature("witness.example/w", 0x01020304, new byte[72]));
    Note cosigned = new Note(log.checkpoint(3).note().text(), lines);
    valid.add(
        object(
            "size",
            3,
            "root",
            log.head(3).root().hex(),
            "text",
            cosigned.text(),
            "note",
            text(cosigned.format())));
    return object(
        "about",
        "Checkpoints of the sample log in entry.json: C2SP tlog-checkpoint in C2SP signed-note."
            + " \"unverified\": well-formed notes that the key did not sign for this origin."
            + " \"malformed\": no checkpoints.",
        "origin",
        log.origin(),
        "seed",
        HexFormat.of().formatHex(SampleLog.HOST.seed()),
        "key",
        SampleLog.HOST.publicKey().format(),
        "vkey",
        key.format(),
        "keyId",
        String.format("%08x", key.id()),
        "valid",
        valid,
        "unverified",
        unverified(log, note),
        "malformed",
        malformed(log, note));
  }

  private static List<Object> unverified(SampleLog log, String note) {
    String elsewhere = log.origin().replace("counter", "kounter");
    SignedCheckpoint other = SignedCheckpoint.sign(elsewhere, log.head(3), SampleLog.HOST);
    SignedCheckpoint forged = SignedCheckpoint.sign(log.origin(), log.head(3), SampleLog.BOB);
    String text = other.checkpoint().text();
    Note mixed = new Note(text, List.of(NoteSignature.sign(log.origin(), SampleLog.HOST, text)));
    Note twice =
        new Note(
            log.checkpoint(3).note().text(),
            List.of(
                log.checkpoint(3).note().signatures().get(0),
                log.checkpoint(2).note().signatures().get(0)));
    return List.of(
        refused(note, "\n3\n", "\n4\n", "another size than was signed"),
        refused(text(other.format()), "another log's checkpoint"),
        refused(text(forged.format()), "signed by another key"),
        refused(text(mixed.format()), "another log's checkpoint, signed under this log's name"),
        refused(text(twice.format()), "a second signature of the log's key that does not hold"));
  }

  private static List<Object> malformed(SampleLog log, String note) {
    String extended = log.checkpoint(3).checkpoint().text() + "extension\n";
    Note extension =
        new Note(extended, List.of(NoteSignature.sign(log.origin(), SampleLog.HOST, extended)));
    String root = log.head(3).root().base64();
    List<Object> cases = new ArrayList<>();
    cases.add(refused("", "nothing"));
    cases.add(refused(text(extension.format()), "an extension line"));
    cases.add(refused(note.substring(0, note.length() - 1), "no newline at the end"));
    cases.add(refused(note, "\n\n", "\n", "no empty line"));
    cases.add(refused(note.substring(0, note.indexOf("\u2014")), "no signature"));
    cases.add(refused(note, "\u2014", "-", "a hyphen for the dash"));
    cases.add(refused(note, "\u2014 ", "\u2014  ", "two spaces"));
    cases.add(refused(note + "\n", "an empty line at the end"));
    cases.add(refused(note, "=\n\n", "=\r\n\n", "a carriage return"));
    cases.add(refused(note, "\u2014 glasshouse", "\u2014 glass+house", "a plus sign in a name"));
    cases.add(
        refused(note.substring(0, note.lastIndexOf(' ') + 1) + "AAAA\n", "a key id of 3 bytes"));
    cases.add(
        refused(note.substring(0, note.lastIndexOf(' ') + 1) + "AAAAAA==\n", "no signature bytes"));
    cases.add(signed(log, "\n3\n", "\n03\n", "a size with a leading zero"));
    cases.add(signed(log, "\n3\n", "\n+3\n", "a size with a sign"));
    cases.add(signed(log, "\n3\n", "\n9223372036854775808\n", "a size of 2^63"));
    cases.add(signed(log, "\n3\n", "\n0\n", "size 0 with a root that is not SHA-256 of no bytes"));
    cases.add(signed(log, root, root.substring(0, 43), "base64 without its padding"));
    cases.add(signed(log, root, "AAAA", "a root of 3 bytes"));
    cases.add(signed(log, "\n" + root, "", "two lines"));
    return cases;
  }

  // Signed by the log's key all the same: only the form is wrong.
  private static Map<String, Object> signed(SampleLog log, String from, String to, String reason) {
    String text = changed(log.checkpoint(3).checkpoint().text(), from, to);
    Note note = new Note(text, List.of(NoteSignature.sign(log.origin(), SampleLog.HOST, text)));
    return refused(text(note.format()), reason);
  }

  static Map<String, Object> receipt(SampleLog log) {
    List<Object> valid = new ArrayList<>();
    for (int[] each : new int[][] {{0, 1}, {1, 2}, {2, 3}, {3, 5}, {4, 5}}) {
      Receipt receipt = log.receipt(each[0], each[1]);
      TlogProof proof = new TlogProof(receipt.index(), receipt.proof(), receipt.checkpoint());
      valid.add(
          object(
              "index",
              each[0],
              "size",
              each[1],
              "leafHash",
              log.leaves.get(each[0]).hex(),
              "text",
              text(receipt.format()),
              "tlogProof",
              text(proof.format())));
    }
    String text = text(log.receipt(2, 3).format());
    String file = (String) ((Map<?, ?>) valid.get(2)).get("tlogProof");
    return object(
        "about",
        "Receipts for entries of the sample log in entry.json, and the same proofs as .tlog-proof"
            + " files. \"unverified\": well-formed, but they prove nothing. \"malformed\": no"
            + " receipts; \"malformedProofs\": no .tlog-proof files.",
        "origin",
        log.origin(),
        "key",
        SampleLog.HOST.publicKey().format(),
        "valid",
        valid,
        "unverified",
        unverifiedReceipts(log, text),
        "malformed",
        malformedReceipts(text),
        "malformedProofs",
        malformedProofs(file));
  }

  private static List<Object> unverifiedReceipts(SampleLog log, String text) {
    Receipt receipt = log.receipt(2, 3);
    Receipt moved = new Receipt(1, receipt.entry(), receipt.proof(), receipt.checkpoint());
    Receipt cut = new Receipt(2, receipt.entry(), List.of(), receipt.checkpoint());
    Receipt swapped = new Receipt(2, log.bytes.get(1), receipt.proof(), receipt.checkpoint());
    return List.of(
        refused(text(moved.format()), "another index"),
        refused(text(cut.format()), "a hash too few"),
        refused(text(swapped.format()), "another entry"),
        refused(text, "\\n3\\n", "\\n4\\n", "a checkpoint that was changed"));
  }

  private static List<Object> malformedReceipts(String text) {
    return List.of(
        refused("", "nothing"),
        refused("{}", "no members"),
        refused(text, "{\"checkpoint\"", "{ \"checkpoint\"", "not canonical"),
        refused(text, "\"index\":2", "\"index\":-2", "a negative index"),
        refused(text, "\"index\":2", "\"index\":\"2\"", "an index that is a string"),
        refused(text, "\"index\":2", "\"index\":2,\"more\":1", "an unknown member"),
        refused(text, "\"proof\":[\"", "\"proof\":[1,\"", "a hash that is a number"),
        refused(text, "=\"]", "\"]", "a hash without its padding"),
        refused(text, "\\n\\n", "\\n", "a checkpoint that is no note"));
  }

  private static List<Object> malformedProofs(String file) {
    return List.of(
        refused("", "nothing"),
        refused(file, "@v1", "@v2", "another version"),
        refused(
            file,
            "index 2\n",
            "extra AAAA\nindex 2\n",
            "an extra line, which nothing authenticates"),
        refused(file, "index 2\n", "index 02\n", "a leading zero"),
        refused(file, "index 2\n", "index 2\n\n", "an empty line before the hashes"),
        refused(file, "=\n", "\n", "a hash without its padding"),
        refused(file, "=\n\n", "=\n", "no empty line"),
        refused(file.substring(0, file.indexOf("\n\n") + 2), "no checkpoint"));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
