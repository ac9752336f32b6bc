package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of docs/formats.md: every node's bytes, children first, and the hashes. */
class ArchiveFormatTest {
  private static final String SHA_1 =
      "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
  private static final String SHA_A =
      "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd";
  private static final String SHA_B =
      "df7e70e5021544f4834bbee64a9e3789febc4be81470df629cad6ddb03320a5c";
  private static final String LENGTH_1 = "0000000000000001";

  private final Archive archive =
      Archive.open(ArchiveTree.EMPTY_ROOT, new MemoryBlobs(), ArchiveLimits.DEFAULT);

  @Test
  void emptyArchive() {
    assertEquals("020000000000", HexFormat.of().formatHex(Node.EMPTY.toStored().encode()));
    assertEquals(
        "c05d231da83665dd60560fc424059d66b433774afcff4d3b053b407f057d54ba", archive.root().hex());
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", archive.writes().hex());
  }

  @Test
  void oneFile() throws FileException {
    archive.writeFile("/counter", utf8("1"));
    assertNodes(
        "020006" + "6f756e746572" + "01" + SHA_1 + LENGTH_1 + "0000",
        "020000"
            + "00"
            + "0001"
            + "63"
            + "994bb9a7ec8188ece50b3403268be027830db96f5b3a83a8c4371c47347bcc65");
    assertEquals(
        "0468c487fffea3f94d4b34e7342976a6e0fb550e1196ec1f5bedd3473c8f5158", archive.root().hex());
    assertEquals("+ " + SHA_1 + " 1 counter\n", lines());
    assertEquals(
        "22350a55292f23c2f9cd03920f4652f66a9c2c710b57a202b52afb821827608d", archive.writes().hex());
  }

  @Test
  void directoryAndSplitCharacter() throws FileException {
    archive.writeFile("/photos/é", utf8("A"));
    archive.writeFile("/photos/ê", utf8("B"));
    archive.writeFile("/photos-old", utf8("B"));
    assertNodes(
        "020003" + "6f6c64" + "01" + SHA_B + LENGTH_1 + "0000",
        "020000" + "01" + SHA_A + LENGTH_1 + "0000",
        "020000" + "01" + SHA_B + LENGTH_1 + "0000",
        "020000"
            + "00"
            + "0002"
            + "a9"
            + "67ef9e53d277bab60acaa9f57416565501d4c3b09cf4125ac609f6e1d38587ea"
            + "aa"
            + "75232b2b761f1f34db3ff1f48505df9f9f90ebca0d327dc04803f2d7d268c65c",
        "020000"
            + "02"
            + "0001"
            + "c3"
            + "18bfd3d26826c7535cbe8014dfda45305ee467ffcade7799567c8b66862cba69",
        "020005"
            + "686f746f73"
            + "00"
            + "0002"
            + "2d"
            + "dfbcc8203b6d0b89894ced0b9acf3ec2d9b29a5fd452e7604499efd16382d8f1"
            + "2f"
            + "e2684e7f44f95f7db16debbf8f146d2c60014526911d4fff5b867d4ce2f866e7",
        "020000"
            + "00"
            + "0001"
            + "70"
            + "aaf197dfd1b09e2a134920ca4cad0f3042df4798f25a07799a381eac88e063a5");
    assertEquals(
        "da2374b37b1aa56401c2c253800924b949f292be321c5ea8d3bb9b99da1e2b0f", archive.root().hex());
    assertEquals(
        "+ "
            + SHA_B
            + " 1 photos-old\n+ photos/\n"
            + "+ "
            + SHA_A
            + " 1 photos/é\n+ "
            + SHA_B
            + " 1 photos/ê\n",
        lines());
    assertEquals(
        "86422923cf0d1797c9dbd3c45d74a38b6d22a208c443c57b607d56dfb6113d21", archive.writes().hex());
  }

  private void assertNodes(String... expected) {
    List<String> nodes = new ArrayList<>();
    archive
        .tree()
        .newNodes()
        .forEach(
            (hash, bytes) -> {
              assertEquals(hash, Hash.of(bytes));
              nodes.add(HexFormat.of().formatHex(bytes));
            });
    assertEquals(List.of(expected), nodes);
  }

  private String lines() {
    StringBuilder lines = new StringBuilder();
    archive.changes().forEach(change -> lines.append(change.line()));
    return lines.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
