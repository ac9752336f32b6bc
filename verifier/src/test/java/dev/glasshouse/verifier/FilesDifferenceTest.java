package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of two archives that differ, be they as long or as odd as a liar likes. */
final class FilesDifferenceTest {
  private static final int FILE = 1;

  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private final List<Hash> asked = new ArrayList<>();

  /** The root of an archive of files: path, text, path, text. */
  private Hash archive(String... files) {
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs::get);
    for (int i = 0; i < files.length; i += 2) {
      byte[] text = files[i + 1].getBytes(US_ASCII);
      blobs.put(Hash.of(text), text);
      tree =
          tree.put(
              ArchiveKey.parse(files[i]), new ArchiveValue.FileRef(Hash.of(text), text.length));
    }
    blobs.putAll(tree.newNodes());
    return tree.rootHash();
  }

  private List<DivergedFile> between(Hash right, Hash said) {
    return FilesDifference.between(
            right,
            said,
            hash -> {
              asked.add(hash);
              return blobs.get(hash);
            })
        .files();
  }

  @Test
  void onlyTheFilesThatDifferAreNamed() {
    Hash right = archive("a", "1", "b", "2", "c", "3");
    Hash said = archive("a", "1", "b", "4", "d", "5");

    List<DivergedFile> files = between(right, said);

    assertEquals(List.of("/b", "/c", "/d"), files.stream().map(DivergedFile::path).toList());
    assertEquals("absent", files.get(1).actual());
    assertEquals("absent", files.get(2).expected());
    assertTrue(files.get(0).diff().contains("-2"), files::toString);
    assertTrue(files.get(0).diff().contains("+4"), files::toString);
  }

  @Test
  void bothSidesAreToldInWords() {
    Hash right = archive("a", "1");
    ArchiveTree tree =
        ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs::get)
            .put(ArchiveKey.parse("b/"), new ArchiveValue.Directory());
    blobs.putAll(tree.newNodes());

    FilesDifference difference = FilesDifference.between(right, tree.rootHash(), blobs::get);

    assertEquals(
        "; /a of 1 bytes with SHA-256 " + Hash.of("1") + "; /b/ absent", difference.expected());
    assertEquals("; /a absent; /b/ a directory", difference.actual());
  }

  @Test
  void noMoreThanTenAreNamed() {
    List<String> many = new ArrayList<>();
    for (char name = 'a'; name <= 'k'; name++) {
      many.addAll(List.of(String.valueOf(name), "x"));
    }

    List<DivergedFile> files = between(archive(many.toArray(String[]::new)), archive());

    assertEquals(10, files.size());
    assertEquals("/j", files.get(9).path());
  }

  @Test
  void ofLongFilesTheContentIsNotAskedFor() {
    String longText = "x".repeat(LineDiff.MAX_BYTES + 1);
    Hash shortOne = archive("a", "short");
    Hash longOne = archive("a", longText);

    for (List<DivergedFile> files :
        List.of(between(shortOne, longOne), between(longOne, shortOne))) {
      assertEquals(1, files.size());
      assertEquals(List.of(), files.get(0).diff());
    }
    assertFalse(asked.contains(Hash.of(longText)));
  }

  @Test
  void contentThatIsWithheldIsNotShown() {
    Hash right = archive("a", "right");
    Hash said = archive("a", "said");
    blobs.remove(Hash.of("said"));

    assertEquals(List.of(), between(right, said).get(0).diff());
    assertEquals(List.of(), between(said, right).get(0).diff());
  }

  @Test
  void anArchiveThatIsWithheldIsNotCompared() {
    assertEquals(List.of(), between(archive("a", "1"), Hash.of("unknown")));
  }

  /** Five nodes that lead to more than a thousand million files. */
  @Test
  @Timeout(60)
  void anArchiveWithoutAnEndIsLookedAtForAWhile() {
    Hash node = node(Hash.ZERO, 0);
    for (int level = 0; level < 5; level++) {
      node = node(node, 64);
    }

    List<DivergedFile> files = between(archive(), node);

    assertEquals(10, files.size());
    assertEquals("/00000", files.get(0).path());
  }

  // A file, or what leads to the same node by so many bytes.
  private Hash node(Hash child, int children) {
    ByteBuffer out = ByteBuffer.allocate(6 + (children == 0 ? 40 : 33 * children));
    out.put((byte) 2).putShort((short) 0).put((byte) (children == 0 ? FILE : 0));
    if (children == 0) {
      out.put(Hash.of("").bytes()).putLong(0);
    }
    out.putShort((short) children);
    for (int i = 0; i < children; i++) {
      out.put((byte) ('0' + i)).put(child.bytes());
    }
    byte[] bytes = out.array();
    blobs.put(Hash.of(bytes), bytes);
    return Hash.of(bytes);
  }
}
