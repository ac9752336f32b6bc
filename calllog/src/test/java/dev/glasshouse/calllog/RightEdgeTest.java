package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RightEdgeTest {
  @Test
  void emptyTreeHasTheHashOfNoBytes() {
    assertEquals("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", TreeHead.EMPTY.root().base64());
    assertEquals(TreeHead.EMPTY, new RightEdge().head());
    assertEquals(Merkle.EMPTY_ROOT, Merkle.root(List.of()));
  }

  @Test
  void rootsAreThoseThatTesseraPublishes() {
    List<String> entries =
        List.of(
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eit",
            "nain",
            "ten",
            "ileven",
            "twelf",
            "threeten",
            "fourten",
            "fivten");
    RightEdge edge = new RightEdge();
    List<String> roots = new ArrayList<>();
    for (String entry : entries) {
      edge.append(Merkle.leafHash(entry.getBytes(StandardCharsets.UTF_8)));
      roots.add(edge.root().base64());
    }
    assertEquals("0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=", roots.get(0));
    assertEquals("rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=", roots.get(14));
  }

  @Test
  void everySizeHasTheNaiveRoot() {
    GrownTree tree = new GrownTree(300);
    RightEdge edge = new RightEdge();
    for (int size = 1; size <= 300; size++) {
      edge.append(tree.leaves.get(size - 1));
      assertEquals(tree.head(size), edge.head(), "size " + size);
      assertEquals(Long.bitCount(size), edge.subtrees().size());
    }
  }

  @Test
  void subtreesAreStoredAndReadBack() {
    GrownTree tree = new GrownTree(300);
    for (int size = 0; size <= 300; size++) {
      RightEdge read = RightEdge.read(size, tree);
      assertEquals(tree.head(size), read.head(), "size " + size);
      RightEdge kept = new RightEdge(size, read.subtrees());
      assertEquals(read.head(), kept.head());
      kept.append(tree.leaves.get(0));
      assertEquals(size + 1, kept.size());
    }
  }

  @Test
  void aCopyGrowsAlone() {
    GrownTree tree = new GrownTree(7);
    RightEdge copy = tree.edge.copy();
    copy.append(tree.leaves.get(0));
    assertEquals(tree.head(7), tree.edge.head());
    assertEquals(8, copy.size());
  }

  @Test
  void sizeAndSubtreesMustAgree() {
    assertThrows(MalformedException.class, () -> new RightEdge(3, List.of(Hash.ZERO)));
    assertThrows(MalformedException.class, () -> new RightEdge(-1, List.of()));
    List<Hash> one = List.of(Hash.ZERO);
    assertThrows(MalformedException.class, () -> new RightEdge(Long.MIN_VALUE, one));
    RightEdge full = new RightEdge(Long.MAX_VALUE, Collections.nCopies(63, Hash.ZERO));
    assertThrows(IllegalStateException.class, () -> full.append(Hash.ZERO));
  }

  @Test
  void treeHeadRefusesWhatNoTreeHas() {
    assertThrows(MalformedException.class, () -> new TreeHead(-1, Hash.ZERO));
    assertThrows(MalformedException.class, () -> new TreeHead(0, Hash.ZERO));
  }
}
