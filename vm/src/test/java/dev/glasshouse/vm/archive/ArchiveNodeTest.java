package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveNodeTest {
  private static final Hash X = Hash.of("x");
  private static final Optional<ArchiveValue> NONE = Optional.empty();
  private static final Optional<ArchiveValue> FILE = Optional.of(new FileRef(X, 5));
  private static final Optional<ArchiveValue> DIRECTORY = Optional.of(new Directory());

  @Test
  void roundTrips() {
    ArchiveNode[] nodes = {
      node("", NONE, ""),
      node("", NONE, "a"),
      node("", NONE, "/a~"),
      node("ab", FILE, ""),
      node("", FILE, "ab"),
      node("ab/", DIRECTORY, ""),
      node("", DIRECTORY, "a"),
      node("é", NONE, "xy"),
      node("s".repeat(ArchiveNode.MAX_PREFIX_BYTES), FILE, "")
    };
    for (ArchiveNode node : nodes) {
      byte[] bytes = node.encode();
      ArchiveNode again = ArchiveNode.decode(bytes);
      assertArrayEquals(bytes, again.encode());
      assertEquals(node.value(), again.value());
      assertArrayEquals(node.prefix(), again.prefix());
      assertEquals(node.childCount(), again.childCount());
    }
  }

  @Test
  void ordersBranchesAsUnsigned() {
    byte[] branches = {'a', (byte) 0xC3};
    byte[] bytes = new ArchiveNode(new byte[0], NONE, branches, new Hash[] {X, X}).encode();
    assertEquals((byte) 0xC3, ArchiveNode.decode(bytes).branch(1));
    byte[] signedOrder = {(byte) 0xC3, 'a'};
    assertThrows(
        MalformedException.class,
        () -> new ArchiveNode(new byte[0], NONE, signedOrder, new Hash[] {X, X}));
  }

  @ParameterizedTest
  @CsvSource({
    "a lone child below a prefix, 'ab', none, a",
    "nothing below a prefix, 'ab', none, ''",
    "a prefix through a directory, 'a/b', file, ''",
    "a directory without a slash, 'ab', directory, ''",
    "a file with a slash, 'ab/', file, ''",
    "a directory missing, 'ab/', none, ab",
    "a file that is a directory, 'ab', file, /",
    "an empty segment, 'ab/', directory, /",
    "children twice, '', none, aa",
    "children out of order, '', none, ba"
  })
  void refusesWhatNoArchiveHas(String what, String prefix, String value, String branches) {
    Optional<ArchiveValue> v =
        value.equals("none") ? NONE : value.equals("file") ? FILE : DIRECTORY;
    assertThrows(MalformedException.class, () -> node(prefix, v, branches), what);
  }

  @Test
  void refusesBytesThatNoKeyHas() {
    for (int b : new int[] {0, 0x1f, 0xC0, 0xC1, 0xF5, 0xFF}) {
      byte[] bytes = {(byte) b};
      byte[] none = {};
      assertThrows(MalformedException.class, () -> new ArchiveNode(bytes, FILE, none, new Hash[0]));
      assertThrows(
          MalformedException.class, () -> new ArchiveNode(none, NONE, bytes, new Hash[] {X}));
    }
  }

  @Test
  void limitsThePrefix() {
    String prefix = "s".repeat(ArchiveNode.MAX_PREFIX_BYTES + 1);
    assertThrows(MalformedException.class, () -> node(prefix, FILE, ""));
  }

  @Test
  void limitsALength() {
    assertEquals(ArchiveValue.MAX_LENGTH, new FileRef(X, ArchiveValue.MAX_LENGTH).length());
    assertThrows(MalformedException.class, () -> new FileRef(X, ArchiveValue.MAX_LENGTH + 1));
    String hex = "0200016101" + X.hex() + "%s0000";
    ArchiveNode.decode(HexFormat.of().parseHex(String.format(hex, "001fffffffffffff")));
    byte[] over = HexFormat.of().parseHex(String.format(hex, "0020000000000000"));
    assertThrows(MalformedException.class, () -> ArchiveNode.decode(over));
    byte[] negative = HexFormat.of().parseHex(String.format(hex, "8000000000000000"));
    assertThrows(MalformedException.class, () -> ArchiveNode.decode(negative));
  }

  @Test
  void checksTheNodesPlace() {
    assertThrows(MalformedException.class, () -> node("", FILE, "").requireRoot());
    assertThrows(MalformedException.class, () -> node("ab", FILE, "").requireRoot());
    assertThrows(MalformedException.class, () -> node("", NONE, "/a").requireRoot());
    assertThrows(MalformedException.class, () -> node("", NONE, "a").requireChild((byte) 'x'));
    assertThrows(MalformedException.class, () -> node("", FILE, "").requireChild((byte) '/'));
    assertThrows(MalformedException.class, () -> node("", NONE, "ab").requireChild((byte) '/'));
    assertThrows(
        MalformedException.class, () -> node("a/", DIRECTORY, "").requireChild((byte) '/'));
    assertThrows(MalformedException.class, () -> node("", DIRECTORY, "").requireChild((byte) 'a'));
    node("", DIRECTORY, "").requireChild((byte) '/');
    node("", NONE, "/a").requireChild((byte) 'x');
    node("", NONE, "a").requireRoot();
  }

  @Test
  void decodesNothingButWhatItEncodes() {
    Random random = new Random(7);
    ArchiveNode[] nodes = {
      node("ab", FILE, "xyz"), node("b/", DIRECTORY, "ab"), node("", NONE, "/abc")
    };
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = mutate(nodes[i % nodes.length].encode(), random);
      try {
        assertArrayEquals(bytes, ArchiveNode.decode(bytes).encode(), "seed 7, mutation " + i);
      } catch (MalformedException e) {
        refused++;
      }
    }
    assertTrue(refused > 5_000, "only " + refused + " mutations were refused");
  }

  @Test
  void refusesEveryTruncationAndExtension() {
    byte[] bytes = node("ab", FILE, "xyz").encode();
    for (int length = 0; length <= bytes.length + 40; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      if (length != bytes.length) {
        assertThrows(MalformedException.class, () -> ArchiveNode.decode(cut), "length " + length);
      }
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> {
        bytes[at] = (byte) random.nextInt();
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(70) - 35);
      }
      default -> {
        int other = random.nextInt(bytes.length);
        byte swapped = bytes[at];
        bytes[at] = bytes[other];
        bytes[other] = swapped;
        return bytes;
      }
    }
  }

  private static ArchiveNode node(String prefix, Optional<ArchiveValue> value, String branches) {
    byte[] branch = branches.getBytes(StandardCharsets.UTF_8);
    Hash[] children = new Hash[branch.length];
    Arrays.fill(children, X);
    return new ArchiveNode(prefix.getBytes(StandardCharsets.UTF_8), value, branch, children);
  }
}
