package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every published tile of a log of 600 entries, whose tree has two levels of them. */
final class TreeCheckTest {
  private static final PublishedLog LOG = Story.manyEntries();
  private static final Tile FIRST = new Tile(0, 0, Tile.FULL_WIDTH);
  private static final Tile LAST = new Tile(0, 2, 88);
  private static final Tile ABOVE = new Tile(1, 0, 2);

  private final List<Tile> asked = new ArrayList<>();
  private final Tally tally = new Tally();
  private final AuditedTree tree = new AuditedTree();
  private PublishedLog log;

  @BeforeEach
  void copy() {
    log = LOG.copy();
  }

  private AuditedTree grown(int size) {
    while (tree.size() < size) {
      tree.append(Merkle.leafHash(LOG.entries.get((int) tree.size())));
    }
    return tree;
  }

  private TreeCheck check(LogReader source) {
    LogReader noting =
        new ChangedSource(source) {
          @Override
          public List<Hash> tile(Tile tile) {
            asked.add(tile);
            return super.tile(tile);
          }
        };
    return new TreeCheck(noting, tree, tally, 0);
  }

  private Divergence found(LogReader source, TreeHead signed) {
    TreeHead head = grown(600).head();
    TreeHead expected = signed == null ? head : signed;
    return assertThrows(DivergenceException.class, () -> check(source).run(expected)).divergence();
  }

  private void requireFound(Kind kind, long index, TreeHead signed) {
    Divergence found = found(log, signed);
    assertEquals(kind, found.kind(), found::toString);
    assertEquals(index, found.index(), found::toString);
  }

  private static List<Hash> changed(Tile tile, int at) {
    List<Hash> hashes = new ArrayList<>(LOG.tile(tile));
    hashes.set(at, Hash.ZERO);
    return hashes;
  }

  @Test
  void everyTileIsAskedForOnce() {
    TreeCheck check = check(log);

    check.run(grown(300).head());
    check.run(grown(600).head());

    assertEquals(
        List.of(
            FIRST,
            new Tile(0, 1, 44),
            new Tile(1, 0, 1),
            new Tile(0, 1, Tile.FULL_WIDTH),
            LAST,
            ABOVE),
        asked);
    assertEquals(4, tally.tiles);
  }

  @Test
  void aFullTreeHasNoPartialTile() {
    check(log).run(grown(512).head());
    assertEquals(List.of(FIRST, new Tile(0, 1, Tile.FULL_WIDTH), ABOVE), asked);
    assertEquals(3, tally.tiles);
  }

  @Test
  void anyOtherHashIsFoundAtItsFirstEntry() {
    for (int at : new int[] {0, 100, 255}) {
      log.wrongTiles.put(FIRST, changed(FIRST, at));
      requireFound(Kind.TILE, at, null);
    }
    log.wrongTiles.clear();
    log.wrongTiles.put(LAST, changed(LAST, 87));
    requireFound(Kind.TILE, 599, null);
    log.wrongTiles.clear();
    log.wrongTiles.put(ABOVE, changed(ABOVE, 1));
    requireFound(Kind.TILE, 256, null);
  }

  @Test
  void aTileOfAnotherLengthIsFound() {
    log.wrongTiles.put(LAST, LOG.tile(LAST).subList(0, 87));
    requireFound(Kind.TILE, 512, null);
    List<Hash> longer = new ArrayList<>(LOG.tile(LAST));
    longer.add(Hash.ZERO);
    log.wrongTiles.put(LAST, longer);
    requireFound(Kind.TILE, 512, null);
  }

  @Test
  void anotherRootIsFoundWhereTheTilesShowIt() {
    TreeHead other = new TreeHead(600, Hash.of("another root"));
    requireFound(Kind.TREE, 600, other);
    log.wrongTiles.put(LAST, changed(LAST, 3));
    requireFound(Kind.TREE, 515, other);
  }

  @Test
  void anotherRootIsFoundWithoutTiles() {
    TreeHead other = new TreeHead(600, Hash.of("another root"));
    for (RuntimeException failure :
        List.of(new UnreachableException("withheld"), new MalformedException("no tile"))) {
      LogReader source =
          new ChangedSource(log) {
            @Override
            public List<Hash> tile(Tile tile) {
              throw failure;
            }
          };
      Divergence found = found(source, other);
      assertEquals(Kind.TREE, found.kind());
      assertEquals(600, found.index());
    }
  }
}
