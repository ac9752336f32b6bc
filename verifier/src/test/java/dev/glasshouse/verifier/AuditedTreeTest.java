package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tree of an audit, from its first entry and after an earlier audit. */
final class AuditedTreeTest {
  private static final int SIZE = 70_000; // two tiles of the second level, and some

  private static final List<Hash> LEAVES = leaves();
  private static final AuditedTree WHOLE = grown(new AuditedTree(), SIZE);

  private static List<Hash> leaves() {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      leaves.add(Merkle.leafHash(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)}));
    }
    return leaves;
  }

  private static AuditedTree grown(AuditedTree tree, long size) {
    while (tree.size() < size) {
      tree.append(LEAVES.get((int) tree.size()));
    }
    return tree;
  }

  private static TreeHead head(long size) {
    return new TreeHead(size, WHOLE.root(size));
  }

  /** Publishes the tiles of the whole tree, but for one that is replaced. */
  private static final class Tiles extends ChangedSource {
    private int asked;
    private Tile changed;

    Tiles() {
      super(null);
    }

    @Override
    public String toString() {
      return "the tiles";
    }

    @Override
    public List<Hash> tile(Tile tile) {
      asked++;
      List<Hash> hashes = new ArrayList<>();
      for (int i = 0; i < tile.width(); i++) {
        hashes.add(WHOLE.subtree(tile.level() * Tile.LEVELS, tile.index() * Tile.FULL_WIDTH + i));
      }
      if (tile.equals(changed)) {
        hashes.set(3, Hash.ZERO);
      }
      return hashes;
    }
  }

  private static AuditedTree after(TreeHead before, Tiles tiles) {
    return AuditedTree.after(before, new ProvedTiles(tiles, head(SIZE))).orElseThrow();
  }

  @Test
  void isTheTreeOfItsLeaves() {
    for (int size : new int[] {1, 2, 255, 256, 257, 65_535, 65_536, 65_537, SIZE}) {
      assertEquals(Merkle.root(LEAVES.subList(0, size)), WHOLE.root(size), "size " + size);
    }
    assertEquals(Merkle.EMPTY_ROOT, WHOLE.root(0));
    assertEquals(head(SIZE), WHOLE.head());
    for (int i = 0; i < SIZE >> Tile.LEVELS; i++) {
      List<Hash> tile = LEAVES.subList(i << Tile.LEVELS, (i + 1) << Tile.LEVELS);
      assertEquals(Merkle.root(tile), WHOLE.subtree(Tile.LEVELS, i), "tile " + i);
    }
  }

  @Test
  void goesOnAfterAnEarlierAuditAsIfItHadSeenAll() {
    Random random = new Random(1);
    List<Long> sizes = new ArrayList<>(List.of(1L, 255L, 256L, 65_535L, 65_536L, (long) SIZE));
    for (int i = 0; i < 10; i++) {
      sizes.add(1 + random.nextLong(SIZE));
    }
    for (long size : sizes) {
      AuditedTree tree = grown(after(head(size), new Tiles()), SIZE);
      assertEquals(WHOLE.head(), tree.head(), "after " + size);
      for (int i = 0; i < 40; i++) {
        long of = random.nextLong(SIZE + 1);
        assertEquals(WHOLE.root(of), tree.root(of), "after " + size + ", size " + of);
        long leaf = random.nextLong(SIZE);
        assertEquals(WHOLE.leaf(leaf), tree.leaf(leaf), "after " + size + ", leaf " + leaf);
        int level = random.nextInt(17);
        long upper = random.nextLong(SIZE >> level);
        Hash subtree = WHOLE.subtree(level, upper);
        assertEquals(subtree, tree.subtree(level, upper), "after " + size + ", level " + level);
      }
    }
  }

  /** However long the log is that was verified earlier. */
  @Test
  void readsFewTilesOfWhatWasVerifiedEarlier() {
    Tiles tiles = new Tiles();
    AuditedTree tree = after(head(SIZE - 100), tiles);
    grown(tree, SIZE);
    tree.root(12_345);
    assertTrue(tiles.asked <= 12, tiles.asked + " tiles");
  }

  @Test
  void doesNotGoOnAfterAnotherTree() {
    ProvedTiles tiles = new ProvedTiles(new Tiles(), head(SIZE));
    assertTrue(AuditedTree.after(new TreeHead(300, head(301).root()), tiles).isEmpty());
    assertTrue(AuditedTree.after(new TreeHead(256, head(255).root()), tiles).isEmpty());
  }

  @Test
  void aTileThatIsNotInTheTreeIsFound() {
    Tiles tiles = new Tiles();
    AuditedTree tree = after(head(SIZE), tiles);
    tiles.changed = new Tile(0, 7, Tile.FULL_WIDTH);

    DivergenceException found =
        assertThrows(DivergenceException.class, () -> tree.leaf((7 << Tile.LEVELS) + 200));

    assertEquals(Kind.TILE, found.divergence().kind());
    assertEquals((7 << Tile.LEVELS) + 200, found.divergence().index());
    assertEquals(WHOLE.leaf(6 << Tile.LEVELS), tree.leaf(6 << Tile.LEVELS));
  }
}
