package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What proofs show, and one test for each way to cheat with one. */
class ArchiveProofTest {
  private static final ArchiveKey FILE = ArchiveKey.parse("photos/cat.png");
  private static final ArchiveKey ABSENT = ArchiveKey.parse("photos/cow.png");
  private static final ArchiveKey PHOTOS = ArchiveKey.parse("photos/");
  private static final FileRef CAT = new FileRef(Hash.of("meow"), 4);

  private final MemoryBlobs blobs = new MemoryBlobs();
  private final ArchiveProver prover = new ArchiveProver(blobs);
  private Hash root;

  @BeforeEach
  void fill() throws FileException {
    root = archive("photos/cat.png", "meow", "photos/dog.png", "woof", "photos/raw/cat", "x");
  }

  private Hash archive(String... pathsAndContents) throws FileException {
    Archive archive = Archive.open(ArchiveTree.EMPTY_ROOT, blobs, ArchiveLimits.DEFAULT);
    for (int i = 0; i < pathsAndContents.length; i += 2) {
      archive.writeFile(
          pathsAndContents[i], pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return blobs.store(archive.commit()).root();
  }

  @Test
  void showsFilesDirectoriesAndAbsence() {
    assertEquals(Optional.of(CAT), prover.provePath(root, FILE).verifyPath(root, FILE));
    assertEquals(
        Optional.of(new Directory()), prover.provePath(root, PHOTOS).verifyPath(root, PHOTOS));
    assertEquals(Optional.empty(), prover.provePath(root, ABSENT).verifyPath(root, ABSENT));
    ArchiveKey belowFile = ArchiveKey.parse("photos/cat.png/x");
    assertEquals(Optional.empty(), prover.provePath(root, belowFile).verifyPath(root, belowFile));
    // Either key of a path asks for both.
    ArchiveKey photos = ArchiveKey.parse("photos");
    assertEquals(
        Optional.of(new Directory()), prover.provePath(root, photos).verifyPath(root, PHOTOS));
    ArchiveKey slash = ArchiveKey.parse("photos/cat.png/");
    assertEquals(Optional.of(CAT), prover.provePath(root, FILE).verifyPath(root, slash));
  }

  @Test
  void listsADirectoryAndNothingBelowItsDirectories() {
    ArchiveProof proof = prover.proveListing(root, PHOTOS);
    List<ArchiveEntry> listed = proof.verifyListing(root, PHOTOS).orElseThrow();
    assertEquals(
        List.of("photos/cat.png", "photos/dog.png", "photos/raw/"),
        listed.stream().map(entry -> entry.key().text()).toList());
    assertEquals(CAT, listed.get(0).value());
    ArchiveKey slash = ArchiveKey.parse("photos/cat.png/");
    assertEquals(Optional.empty(), prover.proveListing(root, slash).verifyListing(root, slash));
    assertThrows(IllegalArgumentException.class, () -> prover.proveListing(root, FILE));
    assertThrows(IllegalArgumentException.class, () -> proof.verifyListing(root, FILE));
  }

  @Test
  void theEmptyArchiveNeedsNoStoredNode() {
    Hash empty = ArchiveTree.EMPTY_ROOT;
    ArchiveProof proof = new ArchiveProver(hash -> null).proveListing(empty, ArchiveKey.ROOT);
    assertEquals(Optional.of(List.of()), proof.verifyListing(empty, ArchiveKey.ROOT));
    assertEquals(Optional.of(new Directory()), proof.verifyPath(empty, ArchiveKey.ROOT));
    assertEquals(Optional.empty(), proof.verifyPath(empty, FILE));
  }

  @Test
  void aProverNeedsTheArchive() {
    blobs.blobs.remove(root);
    assertThrows(MissingBlobException.class, () -> prover.provePath(root, FILE));
    blobs.blobs.put(root, new byte[] {2});
    assertThrows(MalformedException.class, () -> prover.provePath(root, FILE));
  }

  /** The longest path, with a node for each of its bytes but the last letters of directories. */
  @Test
  void theDeepestPath() {
    String deepest = ("s".repeat(255) + "/").repeat(3) + "s".repeat(255);
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs);
    for (int i = 1; i <= deepest.length(); i++) {
      if (deepest.charAt(i - 1) == '/') {
        tree = tree.put(ArchiveKey.parse(deepest.substring(0, i)), new Directory());
      } else {
        // A directory's last letter cannot be a file's too; a file beside it parts the keys before.
        boolean last = i < deepest.length() && deepest.charAt(i) == '/';
        String key = deepest.substring(0, i - 1) + (last ? "x" : "s");
        tree = tree.put(ArchiveKey.parse(key), CAT);
      }
    }
    blobs.store(tree.newNodes());
    Hash deep = tree.rootHash();
    ArchiveKey key = ArchiveKey.parse(deepest);
    ArchiveProof proof = prover.provePath(deep, key);
    assertEquals(1 + deepest.length() - 3, proof.nodes().size());
    assertEquals(Optional.of(CAT), proof.verifyPath(deep, key));
    ArchiveKey last = key.parent();
    assertEquals(
        255, prover.proveListing(deep, last).verifyListing(deep, last).orElseThrow().size());
  }

  @Test
  void aDroppedNode() {
    for (ArchiveProof whole : proofs()) {
      for (int i = 0; i < whole.nodes().size(); i++) {
        List<byte[]> nodes = new ArrayList<>(whole.nodes());
        nodes.remove(i);
        assertShowsNothing(nodes);
      }
    }
  }

  @Test
  void aChangedNode() {
    for (ArchiveProof whole : proofs()) {
      for (int i = 0; i < whole.nodes().size(); i++) {
        for (int at = 0; at < whole.nodes().get(i).length; at++) {
          List<byte[]> nodes = new ArrayList<>(whole.nodes());
          byte[] changed = nodes.get(i).clone();
          changed[at] ^= 1;
          nodes.set(i, changed);
          assertShowsNothing(nodes);
        }
      }
    }
  }

  @Test
  void anExtraNode() {
    List<byte[]> stored = new ArrayList<>(blobs.blobs.values());
    for (ArchiveProof whole : proofs()) {
      for (int i = 0; i <= whole.nodes().size(); i++) {
        for (byte[] extra : stored) {
          List<byte[]> nodes = new ArrayList<>(whole.nodes());
          nodes.add(i, extra);
          assertShowsNothing(nodes);
        }
      }
    }
  }

  @Test
  void nodesInAnotherOrder() {
    for (ArchiveProof whole : proofs()) {
      for (int i = 0; i < whole.nodes().size(); i++) {
        for (int j = 0; j < i; j++) {
          List<byte[]> nodes = new ArrayList<>(whole.nodes());
          Collections.swap(nodes, i, j);
          assertShowsNothing(nodes);
        }
      }
    }
  }

  @Test
  void theProofOfAnotherPath() {
    ArchiveProof dog = prover.provePath(root, ArchiveKey.parse("photos/dog.png"));
    assertFails(() -> dog.verifyPath(root, FILE));
    assertFails(() -> dog.verifyPath(root, ABSENT));
    assertFails(() -> dog.verifyPath(root, PHOTOS));
    assertFails(() -> dog.verifyListing(root, PHOTOS));
    ArchiveProof photos = prover.provePath(root, PHOTOS);
    assertFails(() -> photos.verifyListing(root, PHOTOS));
    assertFails(() -> photos.verifyPath(root, FILE));
    ArchiveProof listing = prover.proveListing(root, PHOTOS);
    assertFails(() -> listing.verifyPath(root, PHOTOS));
    ArchiveKey raw = ArchiveKey.parse("photos/raw/");
    assertFails(() -> listing.verifyListing(root, raw));
    assertFails(() -> prover.proveListing(root, raw).verifyListing(root, PHOTOS));
  }

  @Test
  void theProofUnderAnotherRoot() throws FileException {
    Hash before = root;
    Hash after = archive("photos/dog.png", "woof");
    ArchiveProof old = prover.provePath(before, FILE);
    assertFails(() -> old.verifyPath(after, FILE));
    ArchiveProof absent = prover.provePath(after, FILE);
    assertEquals(Optional.empty(), absent.verifyPath(after, FILE));
    assertFails(() -> absent.verifyPath(before, FILE));
    assertFails(() -> prover.proveListing(after, PHOTOS).verifyListing(before, PHOTOS));
  }

  @Test
  void absenceByTruncation() {
    List<byte[]> nodes = prover.provePath(root, FILE).nodes();
    for (int i = 0; i < nodes.size(); i++) {
      ArchiveProof cut = new ArchiveProof(nodes.subList(0, i));
      assertFails(() -> cut.verifyPath(root, FILE));
      assertFails(() -> cut.verifyListing(root, PHOTOS));
    }
    // Nor by a node that is cut: it keeps its hash or is another.
    List<byte[]> childless = new ArrayList<>(nodes.subList(0, 1));
    childless.set(0, Node.EMPTY.toStored().encode());
    assertFails(() -> new ArchiveProof(childless).verifyPath(root, FILE));
  }

  @Test
  void aListingWithANameLeftOutOrAdded() throws FileException {
    Hash without = archive("photos/cat.png", "meow", "photos/raw/cat", "x");
    Hash with =
        archive(
            "photos/cat.png",
            "meow",
            "photos/dog.png",
            "woof",
            "photos/cow",
            "moo",
            "photos/raw/cat",
            "x");
    List<byte[]> whole = prover.proveListing(root, PHOTOS).nodes();
    for (Hash other : List.of(without, with)) {
      List<byte[]> nodes = new ArrayList<>(prover.proveListing(other, PHOTOS).nodes());
      assertFails(() -> new ArchiveProof(nodes).verifyListing(root, PHOTOS));
      // With the true nodes as far as the directory.
      nodes.set(0, whole.get(0));
      assertFails(() -> new ArchiveProof(nodes).verifyListing(root, PHOTOS));
      nodes.set(1, whole.get(1));
      assertFails(() -> new ArchiveProof(nodes).verifyListing(root, PHOTOS));
    }
  }

  /** A host can commit to anything; what is no archive shows nothing. */
  @Test
  void aRootThatIsNoArchives() {
    byte[] file = leaf("b", Optional.of(CAT));
    assertEquals(
        List.of(new ArchiveEntry(ArchiveKey.parse("ab"), CAT)),
        listing(parent('a', file), file).orElseThrow());
    byte[] nothing = leaf("", Optional.empty());
    assertFails(() -> listing(new byte[] {2}));
    assertFails(() -> listing(file));
    assertFails(() -> listing(parent('/', leaf("", Optional.of(new Directory())))));
    assertFails(() -> listing(parent('a', nothing), nothing));
    byte[] slashless = leaf("", Optional.of(new Directory()));
    assertFails(() -> listing(parent('a', slashless), slashless));
    // Well formed alone, but not as a whole key: half of a character, two dots.
    byte[] half = leaf("", Optional.of(CAT));
    assertFails(() -> listing(parent(0xC3, half), half));
    byte[] dot = leaf(".", Optional.of(CAT));
    assertFails(() -> listing(parent('.', dot), dot));
  }

  @Test
  void aRootOfEndlesslyDeepNodes() {
    List<byte[]> nodes = new ArrayList<>();
    byte[] below = leaf("", Optional.of(CAT));
    nodes.add(below);
    for (int i = 0; i < 20_000; i++) {
      Hash hash = Hash.of(below);
      byte[] branches = {'a', 'b'};
      below =
          new ArchiveNode(new byte[0], Optional.empty(), branches, new Hash[] {hash, hash})
              .encode();
      nodes.add(below);
    }
    nodes.add(parent('a', below));
    Collections.reverse(nodes);
    UnverifiedException e = assertFails(() -> listing(nodes.toArray(new byte[0][])));
    assertTrue(e.getMessage().contains("too long"), e.getMessage());
  }

  private static Optional<List<ArchiveEntry>> listing(byte[]... nodes) {
    return new ArchiveProof(List.of(nodes)).verifyListing(Hash.of(nodes[0]), ArchiveKey.ROOT);
  }

  private static byte[] leaf(String prefix, Optional<ArchiveValue> value) {
    byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
    return new ArchiveNode(bytes, value, new byte[0], new Hash[0]).encode();
  }

  /** A root with one child. */
  private static byte[] parent(int branch, byte[] child) {
    byte[] branches = {(byte) branch};
    return new ArchiveNode(new byte[0], Optional.empty(), branches, new Hash[] {Hash.of(child)})
        .encode();
  }

  @Test
  void overItsLimits() {
    ArchiveProof proof = prover.proveListing(root, PHOTOS);
    int length = proof.format().length;
    int count = proof.nodes().size();
    ArchiveProver exact = new ArchiveProver(blobs, length, count);
    assertArrayEquals(proof.format(), exact.proveListing(root, PHOTOS).format());
    for (ArchiveProver tight :
        List.of(
            new ArchiveProver(blobs, length - 1, count),
            new ArchiveProver(blobs, length, count - 1))) {
      assertThrows(ProofTooLongException.class, () -> tight.proveListing(root, PHOTOS));
    }
    assertThrows(MalformedException.class, () -> ArchiveProof.parse(proof.format(), length - 1));
    String many = ArchiveProof.FIRST + "AA==\n".repeat(ArchiveProof.MAX_NODES);
    assertEquals(ArchiveProof.MAX_NODES, parse(many).nodes().size());
    assertMalformed(many + "AA==\n");
  }

  @Test
  void notTheCanonicalText() {
    String text = new String(prover.provePath(root, FILE).format(), StandardCharsets.US_ASCII);
    String first = ArchiveProof.FIRST;
    String rest = text.substring(first.length());
    assertEquals(Optional.of(CAT), parse(text).verifyPath(root, FILE));
    assertMalformed("");
    assertMalformed(first);
    assertMalformed(first + "\n");
    assertMalformed(text + "\n");
    assertMalformed("\n" + text);
    assertMalformed(text.substring(0, text.length() - 1));
    assertMalformed(rest);
    assertMalformed(first.replace("v1", "v2") + rest);
    assertMalformed(first + "\n" + rest);
    assertMalformed(text.replace("\n", "\r\n"));
    assertMalformed(first + " " + rest);
    assertMalformed(first + rest.replaceFirst("\n", " \n"));
    assertMalformed(first + "A\n");
    assertMalformed(first + "AA\n");
    assertMalformed(first + "AB==\n");
    assertMalformed(first + "AA==AA==\n");
    assertMalformed(first + "-_-_\n");
    assertMalformed(first + "\u00e9\u00e9\n");
  }

  private List<ArchiveProof> proofs() {
    return List.of(
        prover.provePath(root, FILE),
        prover.provePath(root, ABSENT),
        prover.proveListing(root, PHOTOS));
  }

  private void assertShowsNothing(List<byte[]> nodes) {
    ArchiveProof proof = new ArchiveProof(nodes);
    assertFails(() -> proof.verifyPath(root, FILE));
    assertFails(() -> proof.verifyPath(root, ABSENT));
    assertFails(() -> proof.verifyListing(root, PHOTOS));
  }

  private static UnverifiedException assertFails(Executable verification) {
    return assertThrows(UnverifiedException.class, verification);
  }

  private static ArchiveProof parse(String text) {
    return ArchiveProof.parse(text.getBytes(StandardCharsets.ISO_8859_1), ArchiveProof.MAX_BYTES);
  }

  private static void assertMalformed(String text) {
    assertThrows(MalformedException.class, () -> parse(text), text);
  }
}
