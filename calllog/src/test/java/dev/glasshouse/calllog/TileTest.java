package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
  @Test
  void pathsAreThoseOfTheSpecification() {
    assertEquals("tile/0/x001/x234/067", new Tile(0, 1234067, 256).path());
    assertEquals("tile/63/000.p/1", new Tile(63, 0, 1).path());
    assertEquals("tile/1/x001/000.p/255", new Tile(1, 1000, 255).path());
    assertEquals(
        "tile/0/x009/x223/x372/x036/x854/x775/807", new Tile(0, Long.MAX_VALUE, 256).path());
    assertEquals("tile/entries/x001/x234/067.p/8", new EntryBundle(1234067, 8).path());
    assertEquals("tile/entries/999", new EntryBundle(999, 256).path());
  }

  @Test
  void pathsAreReadBack() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      long index = random.nextLong() >>> (1 + random.nextInt(62));
      Tile tile = new Tile(random.nextInt(64), index, 1 + random.nextInt(256));
      assertEquals(tile, Tile.parse(tile.path()), "seed " + seed);
      EntryBundle bundle = new EntryBundle(index, tile.width());
      assertEquals(bundle, EntryBundle.parse(bundle.path()), "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "0",
        "1",
        "00",
        "0000",
        "1000",
        "x001",
        "x001/",
        "x000/001",
        "001/002",
        "x01/002",
        "x001/x002",
        "X001/002",
        "x001//002",
        "x001/002/",
        "/001",
        "001.p/0",
        "001.p/256",
        "001.p/01",
        "001.p/",
        "001.p",
        "001.p/1/",
        "001.p/1000",
        "001.p/-1",
        "001.p/+1",
        "-01",
        "+01",
        " 001",
        "001 ",
        "001\n",
        "\u0661\u0662\u0663",
        "x001/../002",
        "..",
        "001.p/2.p/3",
        "x009/x223/x372/x036/x854/x775/808",
        "x999/x999/x999/x999/x999/x999/999",
        "x001/x000/x000/x000/x000/x000/x000/000"
      })
  void otherPathsAreRefused(String path) {
    assertThrows(MalformedException.class, () -> TilePath.parse(path));
    assertThrows(MalformedException.class, () -> Tile.parse("tile/0/" + path));
    assertThrows(MalformedException.class, () -> EntryBundle.parse("tile/entries/" + path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "/tile/0/001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile//001",
        "tile/001",
        "tile/100/001",
        "tile/entries/001",
        "Tile/0/001",
        "tile/0//001",
        "tile/ 0/001",
        "tile/\u0661/001"
      })
  void otherLevelsAreRefused(String path) {
    assertThrows(MalformedException.class, () -> Tile.parse(path));
    if (!path.equals("tile/entries/001")) {
      assertThrows(MalformedException.class, () -> EntryBundle.parse(path));
    }
  }

  @Test
  void veryLongPathsAreRefused() {
    String path = "x001/".repeat(100_000) + "001";
    assertThrows(MalformedException.class, () -> TilePath.parse(path));
  }

  @Test
  void partialTilesAreThoseOfTheSpecification() {
    assertEquals(
        List.of(new Tile(0, 273, 112), new Tile(1, 1, 17), new Tile(2, 0, 1)),
        Tile.partials(70_000));
    assertEquals(List.of(new Tile(1, 0, 1)), Tile.partials(256));
    assertEquals(List.of(), Tile.partials(0));
    assertEquals(8, Tile.partials(Long.MAX_VALUE).size());
    assertEquals(new Tile(0, 272, 256), Tile.holding(0, 272 * 256, 70_000));
    assertEquals(new Tile(1, 1, 17), Tile.holding(1, 256, 70_000));
    assertEquals(new EntryBundle(273, 112), EntryBundle.holding(69_999, 70_000));
    assertThrows(IllegalArgumentException.class, () -> Tile.holding(1, 273, 70_000));
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.holding(5, 5));
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.holding(-1, 5));
    assertEquals(0, Tile.hashes(8, Long.MAX_VALUE));
    assertEquals(0, Tile.hashes(63, Long.MAX_VALUE));
  }

  @Test
  void tilesAreWithinALogOfTheirSize() {
    assertTrue(new Tile(0, 273, 112).isWithin(70_000));
    assertFalse(new Tile(0, 273, 113).isWithin(70_000));
    assertTrue(new Tile(1, 1, 17).isWithin(70_000));
    assertFalse(new Tile(1, 1, 18).isWithin(70_000));
    assertTrue(new EntryBundle(0, 255).isWithin(255));
    assertFalse(new EntryBundle(0, 256).isWithin(255));
    assertFalse(new Tile(0, 0, 1).isWithin(0));
    assertFalse(new Tile(63, 0, 1).isWithin(Long.MAX_VALUE));
    // 256 times these is 0, or negative, in 64 bits.
    for (long index : new long[] {1L << 55, 1L << 56, 1L << 62, Long.MAX_VALUE}) {
      assertFalse(new Tile(0, index, 256).isWithin(70_000));
      assertFalse(new EntryBundle(index, 1).isWithin(70_000));
    }
  }

  @Test
  void tilesHoldTheirHashes() {
    List<Hash> hashes = new GrownTree(256).leaves;
    byte[] bytes = Tile.encode(hashes);
    assertEquals(8192, bytes.length);
    assertEquals(hashes, new Tile(0, 0, 256).decode(bytes));
    assertThrows(MalformedException.class, () -> new Tile(0, 0, 255).decode(bytes));
    assertThrows(MalformedException.class, () -> new Tile(0, 0, 1).decode(new byte[31]));
    assertThrows(MalformedException.class, () -> new Tile(0, 0, 0));
    assertThrows(MalformedException.class, () -> new Tile(0, 0, 257));
    assertThrows(MalformedException.class, () -> new Tile(0, -1, 256));
    assertThrows(MalformedException.class, () -> new Tile(64, 0, 256));
  }

  @Test
  void bundlesHoldTheirEntries() {
    byte[] one = EntryBundle.encode(List.of("one".getBytes(StandardCharsets.UTF_8)));
    assertEquals("00036f6e65", HexFormat.of().formatHex(one));
    List<byte[]> entries = new ArrayList<>();
    for (int length : new int[] {0, 1, 255, 256, 65_535}) {
      entries.add(new byte[length]);
    }
    byte[] bytes = EntryBundle.encode(entries);
    List<byte[]> decoded = new EntryBundle(0, 5).decode(bytes);
    for (int i = 0; i < entries.size(); i++) {
      assertArrayEquals(entries.get(i), decoded.get(i));
    }
    assertThrows(MalformedException.class, () -> new EntryBundle(0, 4).decode(bytes));
    assertThrows(MalformedException.class, () -> new EntryBundle(0, 6).decode(bytes));
    assertThrows(
        MalformedException.class, () -> new EntryBundle(0, 1).decode(new byte[] {0, 2, 1}));
    assertThrows(MalformedException.class, () -> new EntryBundle(0, 1).decode(new byte[] {0}));
  }

  @Test
  void bundlesHaveLimits() {
    byte[] tooLong = new byte[65_536];
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.encode(List.of(tooLong)));
    List<byte[]> full = Collections.nCopies(256, new byte[0]);
    assertEquals(512, EntryBundle.encode(full).length);
    List<byte[]> tooMany = Collections.nCopies(257, new byte[0]);
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.encode(tooMany));
    assertThrows(IllegalArgumentException.class, () -> EntryBundle.encode(List.of()));
  }

  @Test
  void levelsBetweenTilesAreComputed() {
    GrownTree tree = new GrownTree(3000);
    TileHashReader reader =
        new TileHashReader((tileLevel, index) -> tree.subtree(tileLevel * 8, index));
    for (int level = 0; level <= 11; level++) {
      assertEquals(tree.subtree(level, 0), reader.subtree(level, 0), "level " + level);
    }
    assertEquals(tree.head(3000).root(), Proofs.root(3000, reader));
    List<Hash> proof = Proofs.consistency(777, 2999, reader);
    assertTrue(Proofs.verifyConsistency(tree.head(777), tree.head(2999), proof));
  }
}
