package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.rpc.client.LyingSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of copies share: a log whose host signs anything, and a directory. */
abstract class LyingCopies {
  static final int SIZE = 7;

  @TempDir Path temp;
  final LyingLog log = new LyingLog(false).grow(SIZE, "one");
  final LyingLog other = log.fork(3).grow(SIZE, "other");
  final List<Long> progress = new ArrayList<>();
  Path out;

  @BeforeEach
  void prepare() {
    out = temp.resolve("out");
  }

  LogCopy copy(LogReader source) {
    LogCopy.Options options = new LogCopy.Options(null, true);
    return new LogCopy(source, out, options, (at, of) -> progress.add(at));
  }

  long copyOnce(LogReader source) {
    try (LogCopy copy = copy(source)) {
      return copy.round();
    }
  }

  LyingSource source(int size) {
    return new LyingSource(log).at(log.checkpoint(size));
  }

  void assertHolds(int size) {
    DirectoryLogReader local = new DirectoryLogReader(out);
    assertArrayEquals(log.checkpoint(size).format(), local.checkpoint());
    for (int i = 0; i < size; i++) {
      assertArrayEquals(log.at(i), local.entries(i, size).get(0), "entry " + i);
    }
    for (Tile tile : tiles(size)) {
      assertEquals(source(size).tile(tile), local.tile(tile), tile.path());
    }
    for (Hash blob : log.blobs.keySet()) {
      assertArrayEquals(log.blobs.get(blob), local.blob(blob));
    }
  }

  // Every tile of a tree, as wide as it is there.
  private static List<Tile> tiles(int size) {
    List<Tile> tiles = new ArrayList<>();
    for (int level = 0; Tile.hashes(level, size) > 0; level++) {
      for (long at = 0; at < Tile.hashes(level, size); at += Tile.FULL_WIDTH) {
        tiles.add(Tile.holding(level, at, size));
      }
    }
    return tiles;
  }
}
