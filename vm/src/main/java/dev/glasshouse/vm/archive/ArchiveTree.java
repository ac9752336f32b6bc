package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An archive's files as an immutable Merkle radix tree; a change returns a new tree that shares
 * what did not change. Stored nodes are loaded when needed and kept in bounded memory; nodes
 * changed since the tree was opened are kept until {@link #settled}. A node is hashed once, when
 * the root is first asked for.
 *
 * <p>A tree and those derived from it share the loaded nodes: use them from one thread at a time.
 * Any method that goes through the tree may throw {@link MissingBlobException}, or {@link
 * dev.glasshouse.calllog.MalformedException} for a stored node that is not one of this tree.
 */
public final class ArchiveTree {
  /** The root of every empty archive. Its node is known, so a reader need not have it. */
  public static final Hash EMPTY_ROOT = Node.EMPTY.hash();

  private final NodeLoader loader;

  /** The root that is stored, from which this tree was made. */
  private final Hash stored;

  private final Node root;

  private ArchiveTree(NodeLoader loader, Hash stored, Node root) {
    this.loader = loader;
    this.stored = stored;
    this.root = root;
  }

  private ArchiveTree with(Node newRoot) {
    return new ArchiveTree(loader, stored, newRoot);
  }

  /** The archive with this root; loads the root's node. */
  public static ArchiveTree open(Hash root, BlobReader blobs) {
    NodeLoader loader = new NodeLoader(blobs, NodeLoader.MAX_KEPT_BYTES);
    return new ArchiveTree(loader, root, loader.root(root));
  }

  /** The SHA-256 that commits to every path and content. */
  public Hash rootHash() {
    return root.hash();
  }

  /** What {@code key} stands for; empty if there is nothing. */
  public Optional<ArchiveValue> get(ArchiveKey key) {
    return key.raw().length == 0
        ? Optional.of(new Directory())
        : find(key.raw()).flatMap(Node::value);
  }

  private Optional<Node> find(byte[] key) {
    Node node = root;
    int at = 0;
    while (at < key.length) {
      int index = node.indexOf(key[at]);
      if (index < 0) {
        return Optional.empty();
      }
      node = loader.child(node, index);
      at++;
      if (node.agreement(key, at) < node.prefix().length) {
        return Optional.empty();
      }
      at += node.prefix().length;
    }
    return Optional.of(node);
  }

  /**
   * This tree with {@code key} set. The directory that holds it must be there.
   *
   * @throws IllegalArgumentException if that directory is missing, if the value is not of the key's
   *     kind, or if the same path is there as the other kind
   */
  public ArchiveTree put(ArchiveKey key, ArchiveValue value) {
    byte[] bytes = key.raw();
    if (bytes.length == 0 || key.isDirectory() != value instanceof Directory) {
      throw new IllegalArgumentException("a directory's key ends in a slash, a file's does not");
    }
    if (get(key.parent()).isEmpty()) {
      throw new IllegalArgumentException("the directory of " + key + " is missing");
    }
    Node changed = put(root, bytes, 0, value);
    return changed == root ? this : with(changed);
  }

  /** Sets the key below a node that it goes through; {@code at} is where that node's key ends. */
  private Node put(Node node, byte[] key, int at, ArchiveValue value) {
    if (at == key.length) {
      boolean same = node.value().equals(Optional.of(value));
      return same ? node : node.withValue(Optional.of(value));
    }
    int index = node.indexOf(key[at]);
    if (index < 0) {
      return node.withChild(key[at], Node.leaf(key, at + 1, value));
    }
    Node child = loader.child(node, index);
    Node changed = putIn(child, key, at + 1, value);
    return changed == child ? node : node.withChild(key[at], changed);
  }

  /** Sets the key in a child whose prefix begins at {@code at}, splitting it if they part. */
  private Node putIn(Node child, byte[] key, int at, ArchiveValue value) {
    int agreed = child.agreement(key, at);
    int end = at + agreed;
    if (agreed == child.prefix().length) {
      return put(child, key, end, value);
    }
    if (end == key.length) {
      return child.splitAt(agreed, Optional.of(value));
    }
    return child
        .splitAt(agreed, Optional.empty())
        .withChild(key[end], Node.leaf(key, end + 1, value));
  }

  /**
   * This tree without {@code key}; the same tree if it is not there.
   *
   * @throws IllegalArgumentException for a directory that is not empty, and for the root
   */
  public ArchiveTree remove(ArchiveKey key) {
    byte[] bytes = key.raw();
    if (bytes.length == 0) {
      throw new IllegalArgumentException("the root directory always exists");
    }
    if (get(key).isEmpty()) {
      return this;
    }
    return with(removeBelow(root, bytes, 0));
  }

  /** Removes a key that is there from below a node whose key ends at {@code at}. */
  private Node removeBelow(Node node, byte[] key, int at) {
    int index = node.indexOf(key[at]);
    Node child = loader.child(node, index);
    int end = at + 1 + child.prefix().length;
    Node changed = end == key.length ? withoutValue(child) : removeBelow(child, key, end);
    if (changed.value().isPresent() || changed.childCount() > 1) {
      return node.withChild(key[at], changed);
    }
    if (changed.childCount() == 1) {
      return node.withChild(key[at], changed.joinedWith(loader.child(changed, 0)));
    }
    return node.withoutChild(index);
  }

  private static Node withoutValue(Node node) {
    if (node.isDirectory() && node.childCount() > 0) {
      throw new IllegalArgumentException("the directory is not empty");
    }
    return node.withValue(Optional.empty());
  }

  /**
   * What is directly in a directory, in key order; nothing if it is not there. Loads no node below
   * the directories in it.
   */
  public List<ArchiveEntry> list(ArchiveKey directory) {
    List<ArchiveEntry> listed = new ArrayList<>();
    walk(directory, false).forEachRemaining(listed::add);
    return listed;
  }

  /** Everything in a directory at any depth, in key order, loaded as it is walked. */
  public Iterator<ArchiveEntry> below(ArchiveKey directory) {
    return walk(directory, true);
  }

  /** Everything in the archive, in key order, loaded as it is walked. */
  public Iterator<ArchiveEntry> entries() {
    return below(ArchiveKey.ROOT);
  }

  private Iterator<ArchiveEntry> walk(ArchiveKey directory, boolean recursive) {
    if (!directory.isDirectory()) {
      throw new IllegalArgumentException(directory + " is not a directory's key");
    }
    Optional<Node> start = find(directory.raw());
    boolean there = start.isPresent() && (start.get().isDirectory() || start.get() == root);
    return there
        ? new TreeWalk(loader, start.get(), directory.raw(), recursive)
        : Collections.emptyIterator();
  }

  /**
   * The nodes made since the tree was opened or settled, by hash, with the bytes to store. Together
   * with the nodes stored before they are the whole tree. A change that was undone may leave a node
   * here that is stored already.
   */
  public Map<Hash, byte[]> newNodes() {
    Map<Hash, byte[]> nodes = new LinkedHashMap<>();
    if (!rootHash().equals(stored)) {
      collect(root, nodes);
    }
    return nodes;
  }

  private static void collect(Node node, Map<Hash, byte[]> nodes) {
    for (int i = 0; i < node.childCount(); i++) {
      if (node.child(i) instanceof Node child) {
        collect(child, nodes);
      }
    }
    nodes.put(node.hash(), node.toStored().encode());
  }

  /**
   * The same tree with its new nodes let go of: they are taken to be stored, so that the blob
   * reader has them. The ones used last stay in memory.
   */
  ArchiveTree settled(Map<Hash, byte[]> newNodes) {
    newNodes.forEach(loader::keep);
    return new ArchiveTree(loader, rootHash(), Node.of(rootHash(), root.toStored()));
  }
}
