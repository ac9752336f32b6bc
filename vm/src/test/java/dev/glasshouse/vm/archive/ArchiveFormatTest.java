package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of docs/formats.md, node by node from the leaves to the root. */
class ArchiveFormatTest {
  private final Archive archive =
      Archive.open(ArchiveTree.EMPTY_ROOT, new MemoryBlobs(), ArchiveLimits.DEFAULT);

  @Test
  void emptyArchive() {
    assertEquals("020000000000", HexFormat.of().formatHex(Node.EMPTY.toStored().encode()));
    System.out.println(archive.root());
  }

  @Test
  void oneFile() throws FileException {
    archive.writeFile("/counter", utf8("1"));
    print();
  }

  @Test
  void photoAlbum() throws FileException {
    archive.writeFile("/photos/a.png", utf8("A"));
    archive.writeFile("/photos/b.png", utf8("B"));
    print();
  }
  @Test
  void photoAlbum2() throws FileException {
    archive.writeFile("/photos/é", utf8("A"));
    archive.writeFile("/photos/ê", utf8("B"));
    archive.writeFile("/photos-old", utf8("B"));
    print();
  }

  private void print() {
    archive.changes().forEach(c -> System.out.print(c.line()));
    System.out.println(archive.writes());
    archive.tree().newNodes().forEach((h, b) -> System.out.println(h + " " + HexFormat.of().formatHex(b)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
