package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;
import static dev.glasshouse.calllog.VectorFile.utf8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** tree.json and tiles.json. */
final class TreeVectors {
  private static final int LEAVES = 20;

  private TreeVectors() {}

  static Map<String, Object> tree() {
    GrownTree tree = new GrownTree(LEAVES);
    List<Object> leaves = new ArrayList<>();
    List<Object> roots = new ArrayList<>();
    for (int i = 0; i < LEAVES; i++) {
      leaves.add(object("text", "leaf " + i, "hash", tree.leaves.get(i).hex()));
    }
    for (int size = 0; size <= LEAVES; size++) {
      roots.add(tree.head(size).root().hex());
    }
    return object(
        "about",
        "The Merkle tree of RFC 6962 with SHA-256. \"leaves\": entries and leaf hashes. \"roots\":"
            + " of the first 0, 1, 2 … leaves. \"inclusion\", \"consistency\": proofs that hold for"
            + " these roots. \"invalid\": proofs that do not hold. Hashes in hex.",
        "leaves",
        leaves,
        "roots",
        roots,
        "inclusion",
        inclusion(tree),
        "consistency",
        consistency(tree),
        "invalid",
        invalid(tree));
  }

  private static List<Object> inclusion(GrownTree tree) {
    List<Object> proofs = new ArrayList<>();
    for (int size : new int[] {1, 2, 3, 5, 7, 8, 13, LEAVES}) {
      for (int index = 0; index < size; index++) {
        proofs.add(
            object(
                "index", index, "size", size, "proof", hex(Proofs.inclusion(index, size, tree))));
      }
    }
    return proofs;
  }

  private static List<Object> consistency(GrownTree tree) {
    List<Object> proofs = new ArrayList<>();
    for (int size : new int[] {1, 2, 3, 7, 8, 13, LEAVES}) {
      for (int old = 0; old <= size; old++) {
        proofs.add(
            object("old", old, "new", size, "proof", hex(Proofs.consistency(old, size, tree))));
      }
    }
    return proofs;
  }

  private static List<Object> invalid(GrownTree tree) {
    List<Hash> path = Proofs.inclusion(5, 13, tree);
    List<Hash> growth = Proofs.consistency(6, 13, tree);
    List<Object> cases = new ArrayList<>();
    cases.add(inclusion("a hash too few", 5, 13, path.subList(0, path.size() - 1)));
    cases.add(inclusion("a hash too many", 5, 13, plus(path, Hash.ZERO)));
    cases.add(inclusion("another index", 4, 13, path));
    cases.add(inclusion("another size", 5, 14, path));
    cases.add(inclusion("the index of nothing", 13, 13, path));
    cases.add(inclusion("two hashes in the wrong order", 5, 13, swapped(path)));
    cases.add(consistency("a hash too few", 6, 13, growth.subList(1, growth.size())));
    cases.add(consistency("a hash too many", 6, 13, plus(growth, Hash.ZERO)));
    cases.add(consistency("another old size", 5, 13, growth));
    cases.add(consistency("another new size", 6, 12, growth));
    cases.add(consistency("a tree that shrinks", 13, 6, growth));
    cases.add(consistency("a hash for two equal trees", 13, 13, List.of(tree.head(13).root())));
    cases.add(consistency("a hash for the empty tree", 0, 13, List.of(tree.head(13).root())));
    cases.add(consistency("two hashes in the wrong order", 6, 13, swapped(growth)));
    return cases;
  }

  private static Map<String, Object> inclusion(
      String reason, int index, int size, List<Hash> proof) {
    return object("reason", reason, "index", index, "size", size, "proof", hex(proof));
  }

  private static Map<String, Object> consistency(
      String reason, int old, int size, List<Hash> proof) {
    return object("reason", reason, "old", old, "new", size, "proof", hex(proof));
  }

  private static List<Hash> plus(List<Hash> proof, Hash more) {
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(more);
    return longer;
  }

  private static List<Hash> swapped(List<Hash> proof) {
    List<Hash> other = new ArrayList<>(proof);
    other.set(0, proof.get(1));
    other.set(1, proof.get(0));
    return other;
  }

  private static List<Object> hex(List<Hash> hashes) {
    List<Object> list = new ArrayList<>();
    for (Hash hash : hashes) {
      list.add(hash.hex());
    }
    return list;
  }

  static Map<String, Object> tiles() {
    List<Object> paths = new ArrayList<>();
    for (Tile tile :
        List.of(
            new Tile(0, 0, 1),
            new Tile(0, 0, 256),
            new Tile(0, 999, 255),
            new Tile(1, 1000, 17),
            new Tile(7, 1_234_067, 256),
            new Tile(63, Long.MAX_VALUE >> 10, 1))) {
      paths.add(
          object(
              "path",
              tile.path(),
              "level",
              tile.level(),
              "index",
              tile.index(),
              "width",
              tile.width()));
    }
    List<Object> bundles = new ArrayList<>();
    for (EntryBundle bundle : List.of(new EntryBundle(0, 5), new EntryBundle(1_234_067, 256))) {
      bundles.add(object("path", bundle.path(), "index", bundle.index(), "width", bundle.width()));
    }
    List<Object> sizes = new ArrayList<>();
    for (long size : new long[] {0, 1, 255, 256, 257, 65_536, 65_792, 70_000, 16_777_217}) {
      List<String> partial = Tile.partials(size).stream().map(Tile::path).toList();
      sizes.add(object("size", size, "partial", partial));
    }
    return object(
        "about",
        "Tiles and entry bundles of C2SP tlog-tiles. \"partial\": the partial hash tiles of a tree"
            + " of this size. \"tile\": the bytes of a hash tile. \"bundle\": the bytes of an entry"
            + " bundle. The malformed must be refused.",
        "paths",
        paths,
        "bundlePaths",
        bundles,
        "sizes",
        sizes,
        "malformedPaths",
        malformedPaths(),
        "tile",
        tile(),
        "bundle",
        bundle(),
        "malformedBundles",
        malformedBundles());
  }

  private static List<Object> malformedPaths() {
    List<Object> cases = new ArrayList<>();
    for (String[] each :
        new String[][] {
          {"/tile/0/000", "a slash before it"},
          {"tile/00/000", "a level with a leading zero"},
          {"tile/64/000", "a level above 63"},
          {"tile/-1/000", "a negative level"},
          {"tile/0/0", "a group of one digit"},
          {"tile/0/0000", "a group of four digits"},
          {"tile/0/001/002", "a group without its x"},
          {"tile/0/x001", "an x in the last group"},
          {"tile/0/x000/001", "a leading group of zeros"},
          {"tile/0/001.p/0", "no width"},
          {"tile/0/001.p/256", "a full tile as a partial one"},
          {"tile/0/001.p/01", "a width with a leading zero"},
          {"tile/0/001/", "a slash behind it"},
          {"tile/0/../000", "a path of dots"},
          {"tile/0/x009/x223/x372/x036/x854/x775/808", "an index of 2^63"},
          {"tile/entries/0", "a group of one digit"},
          {"tile/entries/000.p/256", "a full bundle as a partial one"}
        }) {
      cases.add(object("reason", each[1], "path", each[0]));
    }
    return cases;
  }

  private static Map<String, Object> tile() {
    List<Hash> hashes = new GrownTree(3).leaves;
    return object(
        "path",
        new Tile(0, 0, 3).path(),
        "hashes",
        hex(hashes),
        "hex",
        HexFormat.of().formatHex(Tile.encode(hashes)));
  }

  private static Map<String, Object> bundle() {
    byte[] bytes = EntryBundle.encode(List.of(utf8("one"), utf8(""), utf8("zwölf")));
    return object(
        "path",
        new EntryBundle(0, 3).path(),
        "entries",
        List.of("one", "", "zwölf"),
        "hex",
        HexFormat.of().formatHex(bytes));
  }

  private static List<Object> malformedBundles() {
    byte[] bytes = EntryBundle.encode(List.of(utf8("one"), utf8(""), utf8("zwölf")));
    HexFormat hex = HexFormat.of();
    return List.of(
        object("reason", "no bytes", "width", 3, "hex", ""),
        object(
            "reason",
            "it ends inside an entry",
            "width",
            3,
            "hex",
            hex.formatHex(Arrays.copyOf(bytes, bytes.length - 1))),
        object("reason", "it ends inside a length", "width", 3, "hex", hex.formatHex(bytes, 0, 6)),
        object("reason", "an entry too few", "width", 4, "hex", hex.formatHex(bytes)),
        object("reason", "an entry too many", "width", 2, "hex", hex.formatHex(bytes)),
        object("reason", "a byte behind it", "width", 3, "hex", hex.formatHex(bytes) + "00"));
  }
}
