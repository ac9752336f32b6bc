package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations with rollbacks and commits: a refusal changes nothing, a rollback brings back
 * the files of its mark, a commit's writes are the difference of what was there before and after,
 * and the same files written in another order give the same root.
 */
class ArchivePropertyTest {
  private static final String[] NAMES = {"a", "ab", "a-", "é", "ê", "b"};
  private static final String DIRECTORY = "(directory)";

  private record Saved(Archive.Mark mark, NavigableMap<String, String> files) {}

  private final MemoryBlobs blobs = new MemoryBlobs();
  private Archive archive = reopen(ArchiveTree.EMPTY_ROOT);
  private NavigableMap<String, String> committed = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void holdsItsPromises(long seed) throws FileException {
    Random random = new Random(seed);
    Deque<Saved> marks = new ArrayDeque<>();
    for (int i = 0; i < 2_000; i++) {
      String message = "seed " + seed + ", step " + i;
      Hash before = archive.root();
      try {
        operate(random);
      } catch (FileException e) {
        assertEquals(before, archive.root(), message + ", refused: " + e.getMessage());
      }
      switch (random.nextInt(30)) {
        case 0, 1, 2 -> marks.push(new Saved(archive.begin(), files()));
        case 3, 4 -> {
          if (!marks.isEmpty()) {
            archive.rollback(marks.peek().mark());
            assertEquals(marks.pop().files(), files(), message);
          }
        }
        case 5 -> {
          commit(message);
          marks.clear();
        }
        default -> {}
      }
    }
  }

  private void operate(Random random) throws FileException {
    String path = randomPath(random);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        String content = "" + random.nextInt(20);
        archive.writeFile(path, content.getBytes(StandardCharsets.UTF_8));
      }
      case 3 -> archive.unlink(path);
      case 4 -> archive.mkdir(path);
      case 5 -> archive.rmdir(path, random.nextBoolean());
      case 6 -> archive.rename(path, randomPath(random));
      default -> {
        // Copies double what is there; keep the archive small enough to compare.
        if (files().size() < 100) {
          archive.copy(path, randomPath(random));
        }
      }
    }
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
    }
    return path.toString();
  }

  private void commit(String message) throws FileException {
    NavigableMap<String, String> now = files();
    Hash expected = Hash.of(expectedLines(now));
    assertEquals(expected, archive.writes(), message);
    Hash root = archive.root();
    ArchiveChange change = blobs.store(archive.commit());
    assertEquals(expected, change.writes(), message);
    assertEquals(root, change.root(), message);
    assertEquals(now, files(), message);
    archive = reopen(root);
    assertEquals(now, files(), message);
    assertEquals(root, writtenAnew(now), message);
    committed = now;
  }

  private String expectedLines(NavigableMap<String, String> now) {
    NavigableMap<ArchiveKey, String> lines = new TreeMap<>();
    TreeSet<String> paths = new TreeSet<>(now.keySet());
    paths.addAll(committed.keySet());
    for (String path : paths) {
      Optional<String> before = Optional.ofNullable(committed.get(path));
      Optional<String> after = Optional.ofNullable(now.get(path));
      if (!before.equals(after)) {
        before.ifPresent(content -> lines.put(key(path, content), "- " + key(path, content)));
        after.ifPresent(content -> lines.put(key(path, content), added(path, content)));
      }
    }
    StringBuilder text = new StringBuilder();
    lines.values().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static ArchiveKey key(String path, String content) {
    return ArchiveKey.parse(content.equals(DIRECTORY) ? path + "/" : path);
  }

  private static String added(String path, String content) {
    return content.equals(DIRECTORY)
        ? "+ " + path + "/"
        : "+ " + Hash.of(content) + " " + content.length() + " " + path;
  }

  /** The root after writing the same files into an empty archive, last path first. */
  private Hash writtenAnew(NavigableMap<String, String> files) throws FileException {
    Archive anew = reopen(ArchiveTree.EMPTY_ROOT);
    for (String path : files.descendingKeySet()) {
      if (!files.get(path).equals(DIRECTORY)) {
        anew.writeFile(path, files.get(path).getBytes(StandardCharsets.UTF_8));
      }
    }
    TreeSet<String> there = new TreeSet<>(anew.readdir("/", true));
    for (String path : files.keySet()) {
      if (!there.contains(path)) {
        anew.mkdir(path);
      }
    }
    return anew.root();
  }

  private NavigableMap<String, String> files() throws FileException {
    NavigableMap<String, String> files = new TreeMap<>();
    for (String path : archive.readdir("/", true)) {
      Stat stat = archive.stat(path);
      files.put(
          path,
          stat.isDirectory()
              ? DIRECTORY
              : new String(archive.readFile(path), StandardCharsets.UTF_8));
    }
    return files;
  }

  private Archive reopen(Hash root) {
    return Archive.open(root, blobs, ArchiveLimits.DEFAULT);
  }
}
