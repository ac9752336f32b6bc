package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loads stored nodes and keeps the ones used last. Trees hold stored nodes only by hash, so what
 * this keeps, and the nodes changed since the last commit, are all that is in memory.
 */
final class NodeLoader {
  /** Stored bytes of the nodes a tree keeps; their objects take about three times as much. */
  static final int MAX_KEPT_BYTES = 8 << 20;

  private static final float LOAD_FACTOR = 0.75f;

  private record Kept(Node node, int bytes) {}

  private final BlobReader blobs;
  private final Map<Hash, Kept> kept = new LinkedHashMap<>(64, LOAD_FACTOR, true);
  private final int maxKeptBytes;
  private int keptBytes;

  NodeLoader(BlobReader blobs, int maxKeptBytes) {
    this.blobs = blobs;
    this.maxKeptBytes = maxKeptBytes;
  }

  /** Stored bytes of the nodes kept now. */
  int keptBytes() {
    return keptBytes;
  }

  /** The root of an archive. The empty one is a constant and is not read. */
  Node root(Hash hash) {
    if (hash.equals(ArchiveTree.EMPTY_ROOT)) {
      return Node.EMPTY;
    }
    Node root = load(hash);
    root.toStored().requireRoot();
    return root;
  }

  /** Child {@code index} of {@code parent}. */
  Node child(Node parent, int index) {
    Link link = parent.child(index);
    if (link instanceof Node node) {
      return node;
    }
    Node child = load(link.hash());
    // The same node can be reached from two places, so its place is checked each time.
    child.requireChild(parent.branch(index));
    return child;
  }

  private Node load(Hash hash) {
    Kept found = kept.get(hash);
    if (found != null) {
      return found.node();
    }
    return keep(hash, content(blobs, hash));
  }

  /** Decodes a stored node and keeps it for the next use. */
  Node keep(Hash hash, byte[] bytes) {
    Node node = Node.of(hash, ArchiveNode.decode(bytes));
    Kept before = kept.put(hash, new Kept(node, bytes.length));
    keptBytes += bytes.length - (before == null ? 0 : before.bytes());
    Iterator<Kept> oldest = kept.values().iterator();
    while (keptBytes > maxKeptBytes) {
      keptBytes -= oldest.next().bytes();
      oldest.remove();
    }
    return node;
  }

  /** A blob that must be there and have the hash it is asked by. */
  static byte[] content(BlobReader blobs, Hash hash) {
    byte[] bytes = blobs.blob(hash);
    if (bytes == null) {
      throw new MissingBlobException(hash);
    }
    if (!Hash.of(bytes).equals(hash)) {
      throw new MalformedException("the bytes read for blob " + hash + " have another hash");
    }
    return bytes;
  }
}
