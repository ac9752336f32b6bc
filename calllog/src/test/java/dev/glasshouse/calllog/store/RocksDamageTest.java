package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store whose files were cut, flipped or deleted either still has every acknowledged entry or
 * refuses; nothing in between.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RocksDamageTest {
  private static final int IN_TABLES = 300;
  private static final int IN_LOG = 20;
  private static final int ALL = IN_TABLES + IN_LOG;

  private Path temp;

  /** The files of a store with {@link #ALL} entries, the last {@link #IN_LOG} only in its log. */
  private final Map<String, byte[]> files = new TreeMap<>();

  /** Length of the log after each commit, first with none. */
  private final List<Integer> lengths = new ArrayList<>();

  private String log;

  @BeforeAll
  void writeStore(@TempDir Path folder) throws IOException {
    temp = folder;
    Path dir = temp.resolve("whole");
    try (RocksStore store = RocksStore.open(dir)) {
      store.commit(SampleBatches.of(0, IN_TABLES));
    }
    try (RocksStore store = RocksStore.open(dir, IN_TABLES)) {
      Path path = only(dir, "*.log");
      log = path.getFileName().toString();
      lengths.add((int) Files.size(path));
      for (int index = IN_TABLES; index < ALL; index++) {
        store.commit(SampleBatches.of(index, 1));
        lengths.add((int) Files.size(path));
      }
    }
    files.putAll(read(dir));
  }

  @Test
  void theWholeStoreOpens() throws IOException {
    assertTrue(holds(written(files), ALL, ALL, "whole"));
  }

  @Test
  void aLogCutAnywhereLosesOnlyWhatIsNotAcknowledged() throws IOException {
    byte[] whole = files.get(log);
    for (int cut : cuts()) {
      Map<String, byte[]> damaged = new TreeMap<>(files);
      damaged.put(log, Arrays.copyOf(whole, cut));
      int left = IN_TABLES;
      while (left < ALL && lengths.get(left - IN_TABLES + 1) <= cut) {
        left++;
      }
      String about = "cut at " + cut + " of " + whole.length;
      Path dir = written(damaged);
      if (left < ALL) {
        assertFalse(holds(dir, left + 1, left + 1, about));
        assertUnchanged(damaged, dir, about);
      }
      assertTrue(holds(dir, left, left, about), about);
      assertTrue(holds(dir, left, left, about + ", again"), about);
      boolean torn = cut > 0 && cut != lengths.get(left - IN_TABLES);
      Path aside = dir.resolve("damaged-wal-1").resolve(log);
      assertEquals(torn, Files.exists(aside), about);
      if (torn) {
        assertArrayEquals(damaged.get(log), Files.readAllBytes(aside), about);
      }
    }
  }

  @Test
  void aFlippedBitInTheLogIsRefused() throws IOException {
    long seed = 11;
    Random random = new Random(seed);
    int end = files.get(log).length;
    for (int at = 0; at < end; at += 1 + random.nextInt(2 * end / 60)) {
      Map<String, byte[]> damaged = flipped(log, at, random);
      String about = "seed " + seed + ", " + log + " at " + at;
      Path dir = written(damaged);
      StoreDamagedException refused =
          assertThrows(StoreDamagedException.class, () -> RocksStore.open(dir).close(), about);
      assertTrue(refused.getMessage().startsWith(dir + " is damaged ("), refused.getMessage());
      assertTrue(refused.getMessage().contains("nothing may be signed"), refused.getMessage());
      assertFalse(holds(dir, ALL, ALL, about));
      assertUnchanged(damaged, dir, about);
    }
  }

  @Test
  void aLastRecordThatNobodyWasToldOfIsDropped() throws IOException {
    Random random = new Random(5);
    int last = lengths.get(IN_LOG - 1);
    for (int at = last; at < files.get(log).length; at += 97) {
      Path dir = written(flipped(log, at, random));
      assertTrue(holds(dir, ALL - 1, ALL - 1, "flipped at " + at));
      assertTrue(Files.exists(dir.resolve("damaged-wal-1").resolve(log)));
    }
  }

  @Test
  void aFlippedBitElsewhereIsHarmlessOrRefused() throws IOException {
    long seed = 13;
    Random random = new Random(seed);
    int refused = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      int trials = file.getKey().endsWith(".sst") ? 12 : file.getKey().equals(log) ? 0 : 6;
      for (int trial = 0; trial < trials; trial++) {
        int at = random.nextInt(file.getValue().length);
        Path dir = written(flipped(file.getKey(), at, random));
        String about = "seed " + seed + ", " + file.getKey() + " at " + at;
        refused += holds(dir, ALL, ALL, about) ? 0 : 1;
      }
    }
    assertTrue(refused > 10, "seed " + seed + ": only " + refused + " were noticed");
  }

  @Test
  void aShortOrMissingFileIsHarmlessOrRefused() throws IOException {
    for (String name : files.keySet()) {
      for (int part = 0; part < 4; part++) {
        Map<String, byte[]> damaged = new TreeMap<>(files);
        byte[] whole = damaged.remove(name);
        if (part > 0) {
          damaged.put(name, Arrays.copyOf(whole, whole.length * (part - 1) / 3));
        }
        Path dir = written(damaged);
        String about = name + " to part " + part;
        boolean needed = !name.startsWith("OPTIONS") && !name.startsWith("IDENTITY");
        assertEquals(!needed, holds(dir, ALL, ALL, about), about);
        if (needed) {
          assertUnchanged(damaged, dir, about);
        }
      }
    }
  }

  /** On, just before and just behind the ends of every third record. */
  private List<Integer> cuts() {
    List<Integer> cuts = new ArrayList<>();
    for (int record = 0; record <= IN_LOG; record += 3) {
      int length = lengths.get(record);
      cuts.addAll(List.of(length, length + 1, length + 7, length + 200));
      if (length > 0) {
        cuts.add(length - 1);
      }
    }
    cuts.add(lengths.get(IN_LOG));
    return cuts;
  }

  @Test
  void withoutItsFirstFileAStoreIsNotMadeAnew() throws IOException {
    Map<String, byte[]> damaged = new TreeMap<>(files);
    for (String name : List.of("CURRENT", log)) {
      damaged.remove(name);
      Path dir = written(damaged);
      assertThrows(StoreDamagedException.class, () -> RocksStore.open(dir).close(), name);
      assertUnchanged(damaged, dir, name);
    }
  }

  @Test
  void rowsThatAreNotWhatWasWrittenAreRefused() throws Exception {
    Hash blob = Hash.of(SampleBatches.blob(0));
    Path dir = written(files);
    try (RocksColumns open = RocksColumns.open(dir, RocksColumns.Recovery.ABSOLUTE)) {
      open.db().put(open.blobs(), blob.bytes(), SampleBatches.blob(2));
      open.db().delete(open.entries(), Keys.entry(5));
      open.db().put(open.tree(), Keys.treeHash(0, 5), new byte[31]);
    }
    try (RocksStore store = RocksStore.open(dir, ALL)) {
      assertThrows(StoreDamagedException.class, () -> store.blob(blob));
      assertThrows(StoreDamagedException.class, () -> store.entry(5));
      assertThrows(StoreDamagedException.class, () -> store.entries(0, 10, Long.MAX_VALUE));
      assertThrows(StoreDamagedException.class, () -> store.treeHash(0, 5));
      assertArrayEquals(SampleBatches.entry(6), store.entry(6));
    }
    byte[][] edge = {Keys.entry(ALL - 1), Keys.entry(ALL - 2), Keys.treeHash(0, ALL - 1)};
    for (byte[] key : edge) {
      Path cut = written(files);
      try (RocksColumns open = RocksColumns.open(cut, RocksColumns.Recovery.ABSOLUTE)) {
        open.db().delete(key.length == Keys.entry(0).length ? open.entries() : open.tree(), key);
      }
      assertThrows(StoreDamagedException.class, () -> RocksStore.open(cut).close());
    }
  }

  /** Whether the store opens and has its entries; false if it says that it is damaged. */
  private static boolean holds(Path dir, long atLeast, long size, String about) {
    try (RocksStore store = RocksStore.open(dir, atLeast)) {
      SampleBatches.assertHolds(store, size, about);
      return true;
    } catch (StoreDamagedException e) {
      return false;
    }
  }

  private Map<String, byte[]> flipped(String name, int at, Random random) {
    Map<String, byte[]> damaged = new TreeMap<>(files);
    byte[] bytes = damaged.get(name).clone();
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    damaged.put(name, bytes);
    return damaged;
  }

  private Path written(Map<String, byte[]> content) throws IOException {
    Path dir = Files.createTempDirectory(temp, "trial");
    for (Map.Entry<String, byte[]> file : content.entrySet()) {
      Files.write(dir.resolve(file.getKey()), file.getValue());
    }
    return dir;
  }

  private static void assertUnchanged(Map<String, byte[]> expected, Path dir, String about)
      throws IOException {
    Map<String, byte[]> actual = read(dir);
    assertEquals(expected.keySet(), actual.keySet(), about);
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, actual.get(name), about + name));
  }

  /** What matters of a store's files; its locks and its text log do not. */
  private static Map<String, byte[]> read(Path dir) throws IOException {
    Map<String, byte[]> read = new TreeMap<>();
    try (DirectoryStream<Path> paths =
        Files.newDirectoryStream(dir, "{*.log,*.sst,MANIFEST-*,CURRENT,IDENTITY,OPTIONS-*}")) {
      for (Path path : paths) {
        read.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return read;
  }

  private static Path only(Path dir, String glob) throws IOException {
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(dir, glob)) {
      return paths.iterator().next();
    }
  }
}
