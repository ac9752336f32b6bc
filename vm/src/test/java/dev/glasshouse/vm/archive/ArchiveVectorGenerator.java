package dev.glasshouse.vm.archive;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorFile.utf8;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes archive.json, the test vectors of the archive, and archive-proof.json. {@code main} takes
 * the directory; docs/formats.md has the command.
 */
public final class ArchiveVectorGenerator {
  private static final HexFormat HEX = HexFormat.of();
  private static final String X = Hash.of("x").hex();
  private static final String FILE_X = "01" + X + "0000000000000001";

  private final List<Object> entries = new ArrayList<>();
  private final Archive archive;
  private final MemoryBlobs blobs = new MemoryBlobs();

  private ArchiveVectorGenerator() {
    archive = Archive.open(ArchiveTree.EMPTY_ROOT, blobs, ArchiveLimits.DEFAULT);
  }

  /** Writes the file into the directory named by the one argument. */
  public static void main(String[] args) throws IOException, FileException {
    VectorFile.write(Path.of(args[0]), files());
  }

  /** The texts of the files, by name. */
  static Map<String, String> files() throws FileException {
    return Map.of(
        "archive.json",
        VectorFile.format(new ArchiveVectorGenerator().archive()),
        "archive-proof.json",
        VectorFile.format(new ArchiveProofVectors().file()));
  }

  private Map<String, Object> archive() throws FileException {
    String empty = archive.root().hex();
    entry(object("write", "/counter", "content", "1"));
    entry(object("write", "/counter", "content", "1"));
    entry(
        object("write", "photos/é", "content", "A"),
        object("write", "//photos//ê", "content", "B"),
        object("write", "/photos-old", "content", "B"));
    entry(object("mkdir", "/empty/deep/"));
    entry(object("write", "/photos/x", "content", "gone again"), object("unlink", "/photos/x"));
    entry(object("rename", "/photos", "to", "/albums"));
    entry(object("copy", "/albums", "to", "/a"), object("unlink", "/photos-old"));
    entry(object("write", "/counter", "content", ""));
    entry(object("rmdir", "/albums"), object("rmdir", "/a"), object("rmdir", "/empty"));
    entry(object("unlink", "/counter"));
    return object(
        "about",
        "The archive. \"entries\": what each entry does to the archive that the one before it left,"
            + " starting with the empty one: its operations (rmdir is recursive), then all files"
            + " and directories by key (a directory has no content), the lines under \"writes\","
            + " the root, and the nodes of the whole tree by hash. \"keys\" are well formed."
            + " \"malformedKeys\": what no archive holds. \"malformedNodes\": bytes that are no"
            + " node, for nodes that are wrong at their place: \"place\" is the branch byte in hex,"
            + " or root.",
        "empty",
        empty,
        "emptyNode",
        HEX.formatHex(Node.EMPTY.toStored().encode()),
        "entries",
        entries,
        "keys",
        keys(),
        "malformedKeys",
        malformedKeys(),
        "malformedNodes",
        malformedNodes());
  }

  private void entry(Object... operations) throws FileException {
    for (Object operation : operations) {
      perform((Map<?, ?>) operation);
    }
    StringBuilder lines = new StringBuilder();
    archive.changes().forEach(change -> lines.append(change.line()));
    ArchiveChange change = archive.commit();
    blobs.store(change.blobs());
    Map<String, Object> files = new LinkedHashMap<>();
    archive
        .tree()
        .entries()
        .forEachRemaining(found -> files.put(found.key().text(), content(found.value())));
    entries.add(
        object(
            "operations",
            List.of(operations),
            "files",
            files,
            "lines",
            lines.toString(),
            "writes",
            change.writes().hex(),
            "root",
            change.root().hex(),
            "nodes",
            nodes(files)));
  }

  private Object content(ArchiveValue value) {
    return value instanceof ArchiveValue.FileRef file
        ? new String(blobs.blob(file.sha256()), StandardCharsets.UTF_8)
        : null;
  }

  // Written afresh, so that the tree has no node that is stored already.
  private static Map<String, Object> nodes(Map<String, Object> files) throws FileException {
    Archive fresh = Archive.open(ArchiveTree.EMPTY_ROOT, new MemoryBlobs(), ArchiveLimits.DEFAULT);
    for (Map.Entry<String, Object> file : files.entrySet()) {
      if (file.getValue() != null) {
        fresh.writeFile(file.getKey(), utf8((String) file.getValue()));
      } else if (fresh.tree().get(ArchiveKey.parse(file.getKey())).isEmpty()) {
        fresh.mkdir(file.getKey());
      }
    }
    Map<String, Object> nodes = new LinkedHashMap<>();
    fresh.tree().newNodes().forEach((hash, bytes) -> nodes.put(hash.hex(), HEX.formatHex(bytes)));
    return nodes;
  }

  private void perform(Map<?, ?> operation) throws FileException {
    if (operation.containsKey("write")) {
      archive.writeFile((String) operation.get("write"), utf8((String) operation.get("content")));
    } else if (operation.containsKey("mkdir")) {
      archive.mkdir((String) operation.get("mkdir"));
    } else if (operation.containsKey("unlink")) {
      archive.unlink((String) operation.get("unlink"));
    } else if (operation.containsKey("rmdir")) {
      archive.rmdir((String) operation.get("rmdir"), true);
    } else if (operation.containsKey("rename")) {
      archive.rename((String) operation.get("rename"), (String) operation.get("to"));
    } else {
      archive.copy((String) operation.get("copy"), (String) operation.get("to"));
    }
  }

  private static List<Object> keys() {
    return List.of(
        "a",
        "a/",
        "...",
        ".a/b..",
        "a b\\c:?*",
        "\u007f\u0080\ufeff\ufffd",
        "\ud83d\ude00/\u202e",
        "s".repeat(255) + "/",
        ("s".repeat(255) + "/").repeat(3) + "s".repeat(255));
  }

  private static List<Object> malformedKeys() {
    return List.of(
        key("the root has no key", ""),
        key("a leading slash", "/a"),
        key("an empty segment", "a//b"),
        key("two slashes at the end", "a//"),
        key("a dot", "./a"),
        key("two dots", "a/../b"),
        key("two dots at the end", "a/.."),
        key("a control character", "a\u001f"),
        key("a newline", "a\nb"),
        key("a segment of 256 bytes", "s".repeat(256)),
        key("a path of 1,025 bytes", ("s".repeat(255) + "/").repeat(4) + "s"),
        object("reason", "not UTF-8", "hex", "61ff"),
        object("reason", "half of a surrogate pair", "hex", "eda080"));
  }

  private static Map<String, Object> key(String reason, String text) {
    return object("reason", reason, "hex", HEX.formatHex(utf8(text)));
  }

  private static List<Object> malformedNodes() {
    String two = "0002" + "61" + X + "62" + X;
    return List.of(
        node("no bytes", "any", ""),
        node("another tag", "any", "01" + "0000" + FILE_X + "0000"),
        node("it ends early", "any", "02" + "0000" + FILE_X + "00"),
        node("a byte behind it", "any", "02" + "0000" + FILE_X + "0000" + "00"),
        node("a prefix of 256 bytes", "any", "02" + "0100" + "61".repeat(256) + FILE_X + "0000"),
        node("an unknown kind of value", "any", "02" + "0001" + "61" + "03" + "0000"),
        node(
            "a length of 2^53",
            "any",
            "02" + "0001" + "61" + "01" + X + "0020000000000000" + "0000"),
        node("a child twice", "any", "02" + "0000" + "00" + "0002" + "61" + X + "61" + X),
        node("children out of order", "any", "02" + "0000" + "00" + "0002" + "62" + X + "61" + X),
        node("one child and no value", "61", "02" + "0000" + "00" + "0001" + "61" + X),
        node(
            "a prefix, one child and no value",
            "any",
            "02" + "0001" + "61" + "00" + "0001" + "61" + X),
        node("no child and no value", "61", "02" + "0000" + "00" + "0000"),
        node("a slash within a prefix", "any", "02" + "0003" + "612f62" + FILE_X + "0000"),
        node("a directory without a slash", "any", "02" + "0001" + "61" + "02" + "0000"),
        node("a file whose key ends in a slash", "any", "02" + "0002" + "612f" + FILE_X + "0000"),
        node("a slash without a directory", "2f", "02" + "0000" + FILE_X + "0000"),
        node("a prefix below a slash", "2f", "02" + "0001" + "61" + FILE_X + "0000"),
        node("a directory below another byte", "61", "02" + "0000" + "02" + "0000"),
        node("a file with a slash below it", "any", "02" + "0000" + FILE_X + "0001" + "2f" + X),
        node("a directory with a slash below it", "any", "02" + "0000" + "02" + "0001" + "2f" + X),
        node("a control character in a prefix", "any", "02" + "0001" + "1f" + FILE_X + "0000"),
        node("a byte that UTF-8 never uses", "any", "02" + "0001" + "ff" + FILE_X + "0000"),
        node(
            "a branch that UTF-8 never uses",
            "any",
            "02" + "0000" + "00" + "0002" + "61" + X + "c0" + X),
        node("a root with a prefix", "root", "02" + "0001" + "61" + "00" + two),
        node("a root with a value", "root", "02" + "0000" + FILE_X + "0000"),
        node("a root with a slash below it", "root", "02" + "0000" + "00" + "0001" + "2f" + X));
  }

  private static Map<String, Object> node(String reason, String place, String hex) {
    return object("reason", reason, "place", place, "hex", hex);
  }
}
