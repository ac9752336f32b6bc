package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTreeTest {
  /** Shared prefixes, names that end where others go on, bytes around the slash, split UTF-8. */
  private static final String[] NAMES = {
    "a",
    "ab",
    "abc",
    "abd",
    "a.",
    "a-",
    "a0",
    "b",
    "é",
    "éa",
    "ê",
    "ë",
    "日",
    "日本",
    "旤",
    "😀",
    "😁",
    "~",
    "\u007f",
    " ",
    "!",
    "...",
    "..a",
    "s".repeat(255),
    "s".repeat(254)
  };

  private final MemoryBlobs blobs = new MemoryBlobs();

  @Test
  void emptyTree() {
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs);
    assertEquals(ArchiveTree.EMPTY_ROOT, tree.rootHash());
    assertEquals(Optional.of(new Directory()), tree.get(ArchiveKey.ROOT));
    assertEquals(List.of(), tree.list(ArchiveKey.ROOT));
    assertFalse(tree.entries().hasNext());
    assertEquals(Map.of(), tree.newNodes());
    assertEquals(0, blobs.reads);
  }

  @Test
  void keepsItsInvariants() {
    ArchiveTree tree = empty().put(key("d/"), new Directory()).put(key("d/f"), file(1));
    assertIllegal(() -> tree.put(key("x/f"), file(1)));
    assertIllegal(() -> tree.put(key("d/f/x"), file(1)));
    assertIllegal(() -> tree.put(key("d/f/"), new Directory()));
    assertIllegal(() -> tree.put(key("d"), file(1)));
    assertIllegal(() -> tree.put(key("d/"), file(1)));
    assertIllegal(() -> tree.put(key("e"), new Directory()));
    assertIllegal(() -> tree.put(ArchiveKey.ROOT, new Directory()));
    assertIllegal(() -> tree.remove(key("d/")));
    assertIllegal(() -> tree.remove(ArchiveKey.ROOT));
    assertSame(tree, tree.remove(key("d/g")));
    assertSame(tree, tree.put(key("d/f"), file(1)));
    assertEquals(ArchiveTree.EMPTY_ROOT, tree.remove(key("d/f")).remove(key("d/")).rootHash());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAMap(long seed) {
    Random random = new Random(seed);
    NavigableMap<ArchiveKey, ArchiveValue> model = new TreeMap<>();
    ArchiveTree tree = empty();
    for (int i = 0; i < 3_000; i++) {
      String message = "seed " + seed + ", step " + i;
      // Grows in some stretches and shrinks to nothing in others.
      tree = step(tree, model, random, i % 1000 < 600);
      ArchiveKey probe = randomKey(model, random);
      assertEquals(Optional.ofNullable(model.get(probe)), tree.get(probe), message);
      if (i % 100 == 0) {
        blobs.store(tree.newNodes());
        tree = ArchiveTree.open(tree.rootHash(), blobs);
        assertSameEntries(model, tree, message);
      }
      if (i % 250 == 0) {
        assertEquals(rebuilt(model, random).rootHash(), tree.rootHash(), message);
        assertListings(model, tree, message);
      }
    }
    for (ArchiveKey key : new ArrayList<>(model.descendingKeySet())) {
      tree = tree.remove(key);
    }
    assertEquals(ArchiveTree.EMPTY_ROOT, tree.rootHash(), "seed " + seed);
  }

  private static ArchiveTree step(
      ArchiveTree tree, NavigableMap<ArchiveKey, ArchiveValue> model, Random random, boolean grow) {
    ArchiveKey key = randomKey(model, random);
    if (random.nextInt(10) < (grow ? 3 : 7)) {
      ArchiveKey there = model.ceilingKey(key);
      if (there != null && !hasBelow(model, there)) {
        model.remove(there);
        return tree.remove(there);
      }
      return tree;
    }
    if (model.containsKey(otherKind(key))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> tree.put(key, key.isDirectory() ? new Directory() : file(0)));
      return tree;
    }
    ArchiveValue value = key.isDirectory() ? new Directory() : file(random.nextInt(1000));
    model.put(key, value);
    return tree.put(key, value);
  }

  /** A key in a directory that is there. */
  private static ArchiveKey randomKey(NavigableMap<ArchiveKey, ArchiveValue> model, Random random) {
    String directory = "";
    for (ArchiveKey key : model.keySet()) {
      if (key.isDirectory() && key.raw().length < 600 && random.nextInt(4) == 0) {
        directory = key.text();
        break;
      }
    }
    String name = NAMES[random.nextInt(NAMES.length)];
    return key(directory + name + (random.nextInt(3) == 0 ? "/" : ""));
  }

  private static ArchiveKey otherKind(ArchiveKey key) {
    String text = key.text();
    return key(key.isDirectory() ? text.substring(0, text.length() - 1) : text + "/");
  }

  private static boolean hasBelow(NavigableMap<ArchiveKey, ArchiveValue> model, ArchiveKey key) {
    ArchiveKey next = model.higherKey(key);
    return key.isDirectory() && next != null && next.text().startsWith(key.text());
  }

  /** The same entries in another order: directories first, files shuffled. */
  private static ArchiveTree rebuilt(NavigableMap<ArchiveKey, ArchiveValue> model, Random random) {
    List<ArchiveKey> keys = new ArrayList<>(model.keySet());
    ArchiveTree tree = empty();
    for (ArchiveKey key : keys) {
      tree = key.isDirectory() ? tree.put(key, model.get(key)) : tree;
    }
    Collections.shuffle(keys, random);
    for (ArchiveKey key : keys) {
      tree = key.isDirectory() ? tree : tree.put(key, model.get(key));
    }
    return tree;
  }

  private static void assertSameEntries(
      NavigableMap<ArchiveKey, ArchiveValue> model, ArchiveTree tree, String message) {
    NavigableMap<ArchiveKey, ArchiveValue> walked = new TreeMap<>();
    List<ArchiveKey> order = new ArrayList<>();
    tree.entries()
        .forEachRemaining(
            entry -> {
              walked.put(entry.key(), entry.value());
              order.add(entry.key());
            });
    assertEquals(model, walked, message);
    assertEquals(new ArrayList<>(model.keySet()), order, message);
  }

  private static void assertListings(
      NavigableMap<ArchiveKey, ArchiveValue> model, ArchiveTree tree, String message) {
    List<ArchiveKey> directories = new ArrayList<>(model.keySet());
    directories.removeIf(key -> !key.isDirectory());
    directories.add(ArchiveKey.ROOT);
    for (ArchiveKey directory : directories) {
      List<ArchiveEntry> expected = new ArrayList<>();
      model.forEach(
          (key, value) -> {
            if (key.parent().equals(directory)) {
              expected.add(new ArchiveEntry(key, value));
            }
          });
      assertEquals(expected, tree.list(directory), message);
    }
  }

  @Test
  void oneChangeAmongTenThousandFilesMakesFewNodes() {
    ArchiveTree tree = tenThousandFiles();
    blobs.store(tree.newNodes());
    tree = ArchiveTree.open(tree.rootHash(), blobs);
    blobs.reads = 0;
    ArchiveTree changed = tree.put(key("d42/file-4217"), file(9));
    assertTrue(changed.newNodes().size() <= 10, "new nodes: " + changed.newNodes().size());
    assertTrue(blobs.reads <= 12, "reads: " + blobs.reads);
    ArchiveTree removed = tree.remove(key("d42/file-4217"));
    assertTrue(removed.newNodes().size() <= 10, "new nodes: " + removed.newNodes().size());
  }

  @Test
  void aListingReadsOnlyItsDirectory() {
    ArchiveTree tree = tenThousandFiles().put(key("d42/sub/"), new Directory());
    for (int i = 0; i < 500; i++) {
      tree = tree.put(key("d42/sub/" + i), file(i));
    }
    blobs.store(tree.newNodes());
    tree = ArchiveTree.open(tree.rootHash(), blobs);
    blobs.reads = 0;
    assertEquals(101, tree.list(key("d42/")).size());
    assertTrue(blobs.reads <= 130, "reads: " + blobs.reads);
    assertEquals(100, tree.list(ArchiveKey.ROOT).size());
    assertTrue(blobs.reads <= 260, "reads: " + blobs.reads);
  }

  private static ArchiveTree tenThousandFiles() {
    ArchiveTree tree = empty();
    for (int d = 0; d < 100; d++) {
      tree = tree.put(key("d" + d + "/"), new Directory());
      for (int f = 0; f < 100; f++) {
        tree = tree.put(key("d" + d + "/file-" + (d * 100 + f)), file(f));
      }
    }
    return tree;
  }

  @Test
  void saysWhichBlobIsMissing() {
    ArchiveTree tree = empty().put(key("a"), file(1)).put(key("ab"), file(2));
    Hash root = tree.rootHash();
    MissingBlobException e =
        assertThrows(MissingBlobException.class, () -> ArchiveTree.open(root, blobs));
    assertEquals(root, e.hash());
    blobs.store(tree.newNodes());
    Hash child = ArchiveNode.decode(blobs.blobs.get(root)).child(0);
    blobs.blobs.remove(child);
    ArchiveTree opened = ArchiveTree.open(root, blobs);
    e = assertThrows(MissingBlobException.class, () -> opened.get(key("a")));
    assertEquals(child, e.hash());
  }

  @Test
  void refusesStoredNodesThatAreNotOfAnArchive() {
    Hash leaf = add(new ArchiveNode(utf8("b"), Optional.of(file(1)), utf8(""), new Hash[0]));
    Hash lone = add(new ArchiveNode(utf8(""), Optional.empty(), utf8("a"), new Hash[] {leaf}));
    Hash root = add(new ArchiveNode(utf8(""), Optional.empty(), utf8("a"), new Hash[] {lone}));
    ArchiveTree tree = ArchiveTree.open(root, blobs);
    assertThrows(MalformedException.class, () -> tree.get(key("aab")));
    assertThrows(MalformedException.class, () -> ArchiveTree.open(leaf, blobs));

    Hash cut =
        add(
            new ArchiveNode(
                new byte[] {(byte) 0xA9, (byte) 0xC3},
                Optional.of(file(1)),
                utf8(""),
                new Hash[0]));
    Hash notUtf8 =
        add(
            new ArchiveNode(
                utf8(""), Optional.empty(), new byte[] {(byte) 0xC3}, new Hash[] {cut}));
    ArchiveTree cutTree = ArchiveTree.open(notUtf8, blobs);
    assertThrows(MalformedException.class, () -> cutTree.entries());

    blobs.blobs.put(leaf, blobs.blobs.get(cut));
    ArchiveTree swapped = ArchiveTree.open(lone, blobs);
    assertThrows(MalformedException.class, () -> swapped.get(key("ab")));
  }

  @Test
  void theWalkEnds() {
    Iterator<ArchiveEntry> walk = empty().put(key("a"), file(1)).entries();
    assertEquals(new ArchiveEntry(key("a"), file(1)), walk.next());
    assertThrows(NoSuchElementException.class, walk::next);
  }

  @Test
  void aNodeIsReadAgainWhenItIsNoLongerKept() {
    List<Hash> roots = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      ArchiveTree tree = empty().put(key(name), file(1));
      blobs.store(tree.newNodes());
      roots.add(tree.rootHash());
    }
    NodeLoader loader = new NodeLoader(blobs, 50); // one root has 39 bytes
    for (int expected = 1; expected <= 4; expected++) {
      Hash root = roots.get(expected % 2);
      loader.root(root);
      loader.root(root);
      assertEquals(expected, blobs.reads);
      assertEquals(39, loader.keptBytes());
    }
  }

  @Test
  void keepsABoundedPartInMemory() {
    ArchiveTree tree = tenThousandFiles();
    blobs.store(tree.newNodes());
    NodeLoader loader = new NodeLoader(blobs, 5_000);
    TreeWalk walk = new TreeWalk(loader, loader.root(tree.rootHash()), new byte[0], true);
    int walked = 0;
    while (walk.hasNext()) {
      walk.next();
      walked++;
      assertTrue(loader.keptBytes() <= 5_000, "kept " + loader.keptBytes());
    }
    assertEquals(10_100, walked);
    assertTrue(loader.keptBytes() > 4_000, "kept " + loader.keptBytes());
  }

  private Hash add(ArchiveNode node) {
    Hash hash = Hash.of(node.encode());
    blobs.blobs.put(hash, node.encode());
    return hash;
  }

  private static ArchiveTree empty() {
    return ArchiveTree.open(ArchiveTree.EMPTY_ROOT, new MemoryBlobs());
  }

  private static ArchiveKey key(String text) {
    return ArchiveKey.parse(text);
  }

  private static FileRef file(int content) {
    return new FileRef(Hash.of("content " + content), content);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertIllegal(Executable change) {
    assertThrows(IllegalArgumentException.class, change);
  }
}
