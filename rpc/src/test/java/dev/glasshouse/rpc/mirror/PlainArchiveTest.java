package dev.glasshouse.rpc.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that become each other, as lists of changes and as plain files. */
class PlainArchiveTest {
  @TempDir Path out;
  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private PublicationFolder folder;

  @BeforeEach
  void open() {
    folder = PublicationFolder.open(out, Hash.of("log"));
  }

  @AfterEach
  void close() {
    folder.close();
  }

  private void become(Hash root) {
    new PlainArchive(folder, blobs::get).become(root);
  }

  /** An archive: a path that ends in a slash is a directory, another one a file, its text next. */
  private Hash archive(String... content) {
    SortedMap<String, String> files = new TreeMap<>();
    for (int i = 0; i < content.length; i += 2) {
      files.put(content[i], content[i + 1]);
    }
    return archive(files);
  }

  private Hash archive(SortedMap<String, String> content) {
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, blobs::get);
    for (Map.Entry<String, String> each : content.entrySet()) {
      byte[] text = each.getValue().getBytes(UTF_8);
      blobs.put(Hash.of(text), text);
      tree =
          tree.put(
              ArchiveKey.parse(each.getKey()),
              each.getKey().endsWith("/")
                  ? new ArchiveValue.Directory()
                  : new ArchiveValue.FileRef(Hash.of(text), text.length));
    }
    blobs.putAll(tree.newNodes());
    return tree.rootHash();
  }

  private SortedMap<String, String> lying() throws IOException {
    Path files = out.resolve("files");
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(files)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String name = files.relativize(path).toString();
        if (Files.isDirectory(path) && !name.isEmpty()) {
          found.put(name + "/", "");
        } else if (!name.isEmpty()) {
          found.put(name, Files.readString(path));
        }
      }
    }
    return found;
  }

  private static SortedMap<String, String> random(Random random) {
    SortedMap<String, String> content = new TreeMap<>();
    String[] names = {"a", "ab", "abc", "b", "b\u00fc", "c"};
    for (String name : names) {
      switch (random.nextInt(4)) {
        case 0 -> content.put(name, "text " + random.nextInt(3));
        case 1 -> {
          content.put(name + "/", "");
          for (int i = random.nextInt(3); i > 0; i--) {
            content.put(name + "/f" + random.nextInt(5), "text " + random.nextInt(3));
          }
        }
        default -> {}
      }
    }
    return content;
  }

  @Test
  void anyArchiveBecomesAnyOther() throws IOException {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      SortedMap<String, String> content = random(random);
      become(archive(content));
      assertEquals(content, lying(), "seed " + seed + ", archive " + i);
    }
  }

  @Test
  void theChangesAreWhatDiffers() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      String which = "seed " + seed + ", archive " + i;
      SortedMap<String, String> older = random(random);
      SortedMap<String, String> newer = random(random);
      List<String> set = new ArrayList<>();
      List<String> removed = new ArrayList<>();
      ArchiveChanges.between(
          archive(older),
          archive(newer),
          blobs::get,
          new ArchiveChanges.Visitor() {
            @Override
            public void set(ArchiveKey key, ArchiveValue value) {
              set.add(key.text());
            }

            @Override
            public void removed(ArchiveKey key) {
              removed.add(0, key.text());
            }
          });
      assertEquals(
          newer.keySet().stream().filter(k -> !newer.get(k).equals(older.get(k))).sorted().toList(),
          set.stream().sorted().toList(),
          which);
      assertEquals(
          older.keySet().stream().filter(k -> !newer.containsKey(k)).sorted().toList(),
          removed.stream().sorted().toList(),
          which);
      for (String key : removed) {
        int slash = key.indexOf('/');
        if (slash > 0
            && slash < key.length() - 1
            && removed.contains(key.substring(0, slash + 1))) {
          assertTrue(
              removed.indexOf(key.substring(0, slash + 1)) < removed.indexOf(key),
              which + ": parents go last");
        }
      }
    }
  }

  @Test
  void whatBothHaveIsNotRead() {
    SortedMap<String, String> many = new TreeMap<>();
    for (int i = 100; i < 400; i++) {
      many.put("d" + i, "text");
    }
    Hash older = archive(many);
    many.put("d250", "other");
    Hash newer = archive(many);
    List<Hash> asked = new ArrayList<>();
    ArchiveChanges.between(
        older,
        newer,
        hash -> {
          asked.add(hash);
          return blobs.get(hash);
        },
        new ArchiveChanges.Visitor() {});
    assertTrue(asked.size() < 12, asked.size() + " nodes");
    ArchiveChanges.between(newer, newer, hash -> null, new ArchiveChanges.Visitor() {});
  }

  @Test
  void oneNodeAtTwoPlacesIsTwoFiles() throws IOException {
    become(archive("aaa", "x", "b", "y"));
    become(archive("aaaa", "x", "ab", "y"));
    assertEquals(Map.of("aaaa", "x", "ab", "y"), lying());
  }

  @Test
  void whatIsWithheldIsMissed() throws IOException {
    Hash from = archive("a", "1");
    become(from);
    Hash to = archive("a", "2");
    byte[] content = blobs.remove(Hash.of("2"));
    assertThrows(MissingBlobException.class, () -> become(to));
    assertEquals(from.hex() + "\n" + to.hex() + "\n", Files.readString(out.resolve("files.root")));
    blobs.put(Hash.of("2"), content);
    become(to);
    assertEquals(Map.of("a", "2"), lying());
  }

  @Test
  void aKeyThatIsTooLongIsNone() {
    Hash node = node(new byte[0], Hash.of(""), new byte[0]);
    byte[] prefix = new byte[255];
    Arrays.fill(prefix, (byte) 'x');
    // No name ends before its key is too long.
    for (int i = 0; i < 20; i++) {
      node = node(prefix, null, new byte[] {'a', 'b'}, node, node);
    }
    Hash root = node(new byte[0], null, new byte[] {'a', 'b'}, node, node);
    assertThrows(
        MalformedException.class,
        () ->
            ArchiveChanges.between(
                ArchiveTree.EMPTY_ROOT, root, blobs::get, new ArchiveChanges.Visitor() {}));
  }

  private Hash node(byte[] prefix, Hash file, byte[] branches, Hash... children) {
    ByteBuffer out = ByteBuffer.allocate(4096).put((byte) 2).putShort((short) prefix.length);
    out.put(prefix).put((byte) (file == null ? 0 : 1));
    if (file != null) {
      out.put(file.bytes()).putLong(0);
    }
    out.putShort((short) children.length);
    for (int i = 0; i < children.length; i++) {
      out.put(branches[i]).put(children[i].bytes());
    }
    byte[] bytes = Arrays.copyOf(out.array(), out.position());
    blobs.put(Hash.of(bytes), bytes);
    return Hash.of(bytes);
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
    Hash root = archive("a", "right");
    become(root);
    Files.writeString(out.resolve("files/a"), "changed by hand");
    become(root);
    assertEquals("changed by hand", Files.readString(out.resolve("files/a")));
    assertEquals(root.hex() + "\n", Files.readString(out.resolve("files.root")));
  }

  @Test
  void aReplacementThatWasStoppedIsFinishedFirst() throws IOException {
    Hash from = archive("a", "1", "b", "1", "d/", "", "d/x", "1");
    Hash to = archive("a/", "", "a/x", "2", "b", "2", "d", "2");
    Hash next = archive("b", "3");
    become(from);
    Files.writeString(out.resolve("files.root"), from.hex() + "\n" + to.hex() + "\n");
    // Some of it is done.
    Files.delete(out.resolve("files/a"));
    Files.createDirectory(out.resolve("files/a"));
    become(next);
    assertEquals(Map.of("b", "3"), lying());
    become(to);
    Files.writeString(out.resolve("files.root"), from.hex() + "\n" + to.hex() + "\n");
    become(to);
    assertEquals(Map.of("a/", "", "a/x", "2", "b", "2", "d", "2"), lying());
  }

  @Test
  void theEmptyArchiveIsOneToo() throws IOException {
    become(ArchiveTree.EMPTY_ROOT);
    assertEquals(Map.of(), lying());
    assertEquals(ArchiveTree.EMPTY_ROOT.hex() + "\n", Files.readString(out.resolve("files.root")));
  }

  @Test
  void aStateThatIsNoneIsNotGuessed() throws IOException {
    become(archive("a", "1"));
    for (String damaged : new String[] {"x", "ab".repeat(32), "AB".repeat(32) + "\n"}) {
      Files.writeString(out.resolve("files.root"), damaged);
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> become(archive("a", "2")));
      assertTrue(e.getMessage().contains("names no archive"), e::getMessage);
    }
    assertEquals(Map.of("a", "1"), lying());
  }

  @Test
  void whatNoArchivePutThereIsNotDeleted() throws IOException {
    become(archive("d/", "", "d/x", "1"));
    Files.writeString(out.resolve("files/d/mine"), "mine");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> become(archive("a", "1")));
    assertTrue(e.getMessage().contains("holds what no archive put there"), e::getMessage);
    assertEquals("mine", Files.readString(out.resolve("files/d/mine")));
    assertFalse(Files.exists(out.resolve("files/a")));
  }
}
