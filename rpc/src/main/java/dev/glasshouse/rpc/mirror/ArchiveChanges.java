package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveNode;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * What differs between two archives, found in time that depends on the difference: what both have
 * under one hash at one place is passed over. All nodes that the newer has and the older has not at
 * the same place are read.
 */
final class ArchiveChanges {
  /** Told of the keys that are not the same in both. */
  interface Visitor {
    /** The newer archive has this, and the older has it not or otherwise; parents first. */
    default void set(ArchiveKey key, ArchiveValue value) {}

    /** The older archive has this and the newer has not; parents last. */
    default void removed(ArchiveKey key) {}
  }

  /** A key that a node, or the prefix of one, goes through. */
  @SuppressWarnings("ArrayRecordComponent") // the prefix is compared by the hash of its node
  private record Place(Hash hash, ArchiveNode node, byte[] prefix, int at) {
    Place(Hash hash, ArchiveNode node) {
      this(hash, node, node.prefix(), 0);
    }

    boolean isNode() {
      return at == prefix.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Place place && at == place.at && hash.equals(place.hash);
    }

    @Override
    public int hashCode() {
      return hash.hashCode() + at;
    }
  }

  private final BlobReader blobs;
  private final Visitor visitor;
  private final byte[] key = new byte[ArchiveKey.MAX_PATH_BYTES + 1];

  private ArchiveChanges(BlobReader blobs, Visitor visitor) {
    this.blobs = blobs;
    this.visitor = visitor;
  }

  /**
   * Compares two archives.
   *
   * @param blobs their nodes
   * @throws dev.glasshouse.calllog.MissingBlobException if a node is missing
   * @throws MalformedException if one cannot stand in an archive
   */
  static void between(Hash older, Hash newer, BlobReader blobs, Visitor visitor) {
    ArchiveChanges changes = new ArchiveChanges(blobs, visitor);
    if (!older.equals(newer)) {
      changes.walk(changes.root(older), changes.root(newer), 0);
    }
  }

  // The empty archive is a constant, and has nothing.
  private Place root(Hash hash) {
    return hash.equals(ArchiveTree.EMPTY_ROOT) ? null : load(hash);
  }

  private Place load(Hash hash) {
    return new Place(hash, ArchiveNode.decode(blobs.require(hash)));
  }

  private void walk(Place older, Place newer, int length) {
    if (older != null && older.equals(newer)) {
      return;
    }
    Optional<ArchiveValue> before = value(older);
    Optional<ArchiveValue> after = value(newer);
    if (after.isPresent() && !after.equals(before)) {
      visitor.set(key(length), after.get());
    }
    int i = 0;
    int j = 0;
    while (i < count(older) || j < count(newer)) {
      int left = branch(older, i);
      int right = branch(newer, j);
      int next = Math.min(left, right);
      boolean inOlder = left == next;
      boolean inNewer = right == next;
      if (!inOlder || !inNewer || !isSame(older, i, newer, j)) {
        if (length == key.length) {
          throw new MalformedException("an archive has a key that is too long");
        }
        key[length] = (byte) next;
        walk(inOlder ? child(older, i) : null, inNewer ? child(newer, j) : null, length + 1);
      }
      i += inOlder ? 1 : 0;
      j += inNewer ? 1 : 0;
    }
    if (before.isPresent() && after.isEmpty()) {
      visitor.removed(key(length));
    }
  }

  // Seen without reading the node.
  private static boolean isSame(Place older, int i, Place newer, int j) {
    return older.isNode() && newer.isNode() && older.node().child(i).equals(newer.node().child(j));
  }

  private ArchiveKey key(int length) {
    return ArchiveKey.decode(Arrays.copyOf(key, length));
  }

  private static Optional<ArchiveValue> value(Place place) {
    return place == null || !place.isNode() ? Optional.empty() : place.node().value();
  }

  private static int count(Place place) {
    return place == null ? 0 : place.isNode() ? place.node().childCount() : 1;
  }

  // Above every byte where there is no such child.
  private static int branch(Place place, int index) {
    if (index >= count(place)) {
      return Integer.MAX_VALUE;
    }
    return Byte.toUnsignedInt(
        place.isNode() ? place.node().branch(index) : place.prefix()[place.at()]);
  }

  private Place child(Place place, int index) {
    return place.isNode()
        ? load(place.node().child(index))
        : new Place(place.hash(), place.node(), place.prefix(), place.at() + 1);
  }
}
