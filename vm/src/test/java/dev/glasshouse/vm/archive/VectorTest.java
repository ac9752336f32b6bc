package dev.glasshouse.vm.archive;

import static dev.glasshouse.calllog.VectorFile.objects;
import static dev.glasshouse.calllog.VectorFile.strings;
import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.VectorFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/vectors/archive.json is what the generator writes, and our own reader agrees with it. */
class VectorTest {
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, Object> file = VectorFile.read("archive.json");

  @Test
  void theFileIsWhatTheGeneratorWrites() throws FileException {
    for (Map.Entry<String, String> each : ArchiveVectorGenerator.files().entrySet()) {
      assertEquals(each.getValue(), VectorFile.text(each.getKey()));
    }
  }

  @Test
  void theEmptyArchive() {
    byte[] node = HEX.parseHex((String) file.get("emptyNode"));
    assertEquals(file.get("empty"), Hash.of(node).hex());
    assertEquals(file.get("empty"), ArchiveTree.EMPTY_ROOT.hex());
    ArchiveNode.decode(node).requireRoot();
  }

  /** The nodes alone give back every file, and the lines give the hash. */
  @Test
  void entriesAreReadFromTheirNodes() {
    for (Map<String, Object> each : objects(file.get("entries"))) {
      assertEquals(each.get("writes"), Hash.of((String) each.get("lines")).hex());
      MemoryBlobs blobs = new MemoryBlobs();
      Map<Hash, byte[]> nodes = new LinkedHashMap<>();
      ((Map<?, ?>) each.get("nodes"))
          .forEach(
              (hash, hex) -> {
                byte[] bytes = HEX.parseHex((String) hex);
                assertEquals(hash, Hash.of(bytes).hex());
                assertArrayEquals(bytes, ArchiveNode.decode(bytes).encode());
                nodes.put(Hash.of(bytes), bytes);
              });
      blobs.store(nodes);
      ArchiveTree tree = ArchiveTree.open(Hash.parseHex((String) each.get("root")), blobs);
      Map<String, Object> found = new LinkedHashMap<>();
      tree.entries()
          .forEachRemaining(
              entry ->
                  found.put(
                      entry.key().text(),
                      entry.value() instanceof ArchiveValue.FileRef ref
                          ? ref.sha256().hex()
                          : null));
      Map<String, Object> expected = new LinkedHashMap<>();
      ((Map<?, ?>) each.get("files"))
          .forEach(
              (key, content) ->
                  expected.put(
                      (String) key, content == null ? null : Hash.of((String) content).hex()));
      assertEquals(expected, found, each::toString);
    }
  }

  @Test
  void keys() {
    for (String text : strings(file.get("keys"))) {
      assertEquals(text, ArchiveKey.parse(text).text());
      assertArrayEquals(utf8(text), ArchiveKey.decode(utf8(text)).bytes());
    }
    for (Map<String, Object> each : objects(file.get("malformedKeys"))) {
      byte[] key = HEX.parseHex((String) each.get("hex"));
      assertThrows(MalformedException.class, () -> ArchiveKey.decode(key), each::toString);
      String text = new String(key, StandardCharsets.UTF_8);
      if (Arrays.equals(utf8(text), key)) {
        assertThrows(MalformedException.class, () -> ArchiveKey.parse(text), each::toString);
      }
    }
  }

  @Test
  void malformedNodesAreRefused() {
    assertTrue(objects(file.get("malformedNodes")).size() > 20);
    for (Map<String, Object> each : objects(file.get("malformedNodes"))) {
      byte[] bytes = HEX.parseHex((String) each.get("hex"));
      String place = (String) each.get("place");
      if (place.equals("any")) {
        assertThrows(MalformedException.class, () -> ArchiveNode.decode(bytes), each::toString);
        continue;
      }
      ArchiveNode node = ArchiveNode.decode(bytes);
      assertThrows(
          MalformedException.class,
          () -> {
            if (place.equals("root")) {
              node.requireRoot();
            } else {
              node.requireChild(HEX.parseHex(place)[0]);
            }
          },
          each::toString);
    }
  }
}
