package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is read from a source that nobody trusts. */
class LogReaderTest {
  private static final int SIZE = 700;
  private static final GrownTree TREE = new GrownTree(SIZE);
  private static final Tile EDGE = Tile.holding(0, SIZE - 1, SIZE);
  private static final byte[] BLOB = utf8("blob");
  private static final Hash OTHER = Hash.of("other");

  /** Has one blob under any name but one, and one tile that is wrong. */
  private static final class Source implements LogReader {
    private final Tile wrong;
    private final UnaryOperator<List<Hash>> lie;
    private int tiles;

    Source(Tile wrong, UnaryOperator<List<Hash>> lie) {
      this.wrong = wrong;
      this.lie = lie;
    }

    Source() {
      this(null, tile -> tile);
    }

    @Override
    public byte[] blob(Hash sha256) {
      return sha256.equals(Hash.ZERO) ? null : BLOB;
    }

    @Override
    public List<Hash> tile(Tile tile) {
      tiles++;
      List<Hash> hashes = new ArrayList<>();
      for (int i = 0; i < tile.width(); i++) {
        long index = tile.index() * Tile.FULL_WIDTH + i;
        hashes.add(TREE.subtree(tile.level() * Tile.LEVELS, index));
      }
      return tile.equals(wrong) ? lie.apply(hashes) : hashes;
    }

    @Override
    public byte[] checkpoint() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aBlobIsWhatItsHashSays() {
    CheckedBlobs checked = new CheckedBlobs(new Source());
    assertSame(BLOB, checked.blob(Hash.of(BLOB)));
    assertNull(checked.blob(Hash.ZERO));
    assertThrows(WrongBlobException.class, () -> checked.blob(OTHER));
  }

  @Test
  void aReaderThatForwardsIsACopyIfTheOtherIsAndClosesIt() {
    for (boolean copy : new boolean[] {false, true}) {
      int[] closed = new int[1];
      LogReader other =
          new ForwardingLogReader(new Source()) {
            @Override
            public boolean isCopy() {
              return copy;
            }

            @Override
            public void close() {
              closed[0]++;
            }
          };
      LogReader reader = new ForwardingLogReader(other) {};
      assertEquals(copy, reader.isCopy());
      reader.close();
      assertEquals(1, closed[0]);
    }
  }

  @Test
  void aBlobIsOpenedIfItIsThere() throws IOException {
    assertArrayEquals(BLOB, new Source().openBlob(OTHER).readAllBytes());
    assertNull(new Source().openBlob(Hash.ZERO));
    assertFalse(new Source().isCopy());
  }

  @Test
  void everySubtreeIsComputedFromTilesThatAreAskedForOnce() {
    Source source = new Source();
    TileHashReader tree = TileHashReader.published(source, SIZE);
    for (int level = 0; 1 << level <= SIZE; level++) {
      for (long index = 0; (index + 1) << level <= SIZE; index++) {
        assertEquals(TREE.subtree(level, index), tree.subtree(level, index), level + "/" + index);
      }
    }
    assertEquals(4, source.tiles);
    TileHashReader cut = TileHashReader.published(new Source(EDGE, LogReaderTest::cut), SIZE);
    assertThrows(UnreachableException.class, () -> cut.subtree(0, SIZE - 1));
  }

  @Test
  void aTileOfTheSignedTreeIsProvedByThoseAboveIt() {
    Source source = new Source();
    ProvedTiles tiles = new ProvedTiles(source, TREE.head(SIZE));
    assertEquals(2, source.tiles, "the edge");
    for (long index = 0; index < SIZE; index++) {
      assertEquals(TREE.leaves.get((int) index), tiles.at(0, index));
    }
    assertEquals(4, source.tiles);
    assertEquals(source.tile(new Tile(0, 1, Tile.FULL_WIDTH)), tiles.tile(0, 1));
  }

  @Test
  void aTileOfAnotherTreeIsRefused() {
    for (UnaryOperator<List<Hash>> lie :
        List.<UnaryOperator<List<Hash>>>of(LogReaderTest::cut, LogReaderTest::changed)) {
      for (Tile atEdge : List.of(EDGE, new Tile(1, 0, 2))) {
        Source source = new Source(atEdge, lie);
        assertThrows(
            UnverifiedException.class, () -> new ProvedTiles(source, TREE.head(SIZE)), "" + atEdge);
      }
      Source source = new Source(new Tile(0, 1, Tile.FULL_WIDTH), lie);
      ProvedTiles tiles = new ProvedTiles(source, TREE.head(SIZE));
      assertEquals(TREE.leaves.get(255), tiles.at(0, 255));
      assertThrows(UnverifiedException.class, () -> tiles.at(0, 256));
    }
  }

  private static List<Hash> cut(List<Hash> tile) {
    return tile.subList(0, tile.size() - 1);
  }

  private static List<Hash> changed(List<Hash> tile) {
    List<Hash> changed = new ArrayList<>(tile);
    changed.set(0, OTHER);
    return changed;
  }
}
