package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the test vectors of docs/formats.md. Everything in them is made of fixed seeds and texts:
 * the same files each time. {@code main} takes the directory; docs/formats.md has the command.
 */
public final class VectorGenerator {
  private VectorGenerator() {}

  /** Writes the files into the directory named by the one argument. */
  public static void main(String[] args) throws IOException {
    VectorFile.write(Path.of(args[0]), files());
  }

  /** The texts of the files, by name. */
  static Map<String, String> files() throws IOException {
    SampleLog log = new SampleLog();
    Map<String, String> files = new TreeMap<>();
    files.put("canonical-json.json", VectorFile.format(JsonVectors.canonicalJson()));
    files.put("keys.json", VectorFile.format(KeyVectors.keys()));
    files.put("signed-call.json", VectorFile.format(CallVectors.signedCall(log)));
    files.put("entry.json", VectorFile.format(EntryVectors.entry(log)));
    files.put("tree.json", VectorFile.format(TreeVectors.tree()));
    files.put("tiles.json", VectorFile.format(TreeVectors.tiles()));
    files.put("checkpoint.json", VectorFile.format(CheckpointVectors.checkpoint(log)));
    files.put("cosignature.json", VectorFile.format(CosignatureVectors.cosignature(log)));
    files.put("evidence.json", VectorFile.format(EvidenceVectors.evidence()));
    files.put("receipt.json", VectorFile.format(CheckpointVectors.receipt(log)));
    return files;
  }

  /** A case that must be refused: its text, and why. */
  static Map<String, Object> refused(String text, String reason) {
    return object("reason", reason, "text", text);
  }

  /** {@code text} with one place changed: a case that must be refused, and why. */
  static Map<String, Object> refused(String text, String from, String to, String reason) {
    return refused(changed(text, from, to), reason);
  }

  static String changed(String text, String from, String to) {
    int at = text.indexOf(from);
    if (at < 0) {
      throw new IllegalArgumentException("nothing to change: no " + from + " in " + text);
    }
    return text.substring(0, at) + to + text.substring(at + from.length());
  }
}
