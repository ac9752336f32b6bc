package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way from an archive's root to what a proof shows. The prover and the verifier go the same
 * one, so the nodes that are asked for on it, in that order, are the whole proof. Throws {@link
 * MalformedException} for a node that cannot stand at its place.
 */
final class ProofWalk {
  private final Function<Hash, byte[]> nodes;

  /** Takes the bytes of each node from {@code nodes}, which must have checked their hash. */
  ProofWalk(Function<Hash, byte[]> nodes) {
    this.nodes = nodes;
  }

  /** What is at the path of {@code key}, file or directory; empty if there is nothing. */
  Optional<ArchiveValue> find(Hash root, ArchiveKey key) {
    byte[] path = directoryKey(key);
    return path.length == 0
        ? Optional.of(rootDirectory(root))
        : walk(root, path).flatMap(Node::value);
  }

  private Directory rootDirectory(Hash root) {
    root(root);
    return new Directory();
  }

  /** What is directly in a directory, in key order; empty if there is no such directory. */
  Optional<List<ArchiveEntry>> list(Hash root, ArchiveKey directory) {
    if (!directory.isDirectory()) {
      throw new IllegalArgumentException(directory + " is not a directory's key");
    }
    byte[] path = directory.raw();
    Optional<Node> found =
        path.length == 0 ? Optional.of(root(root)) : walk(root, path).filter(Node::isDirectory);
    return found.map(
        node -> {
          List<ArchiveEntry> entries = new ArrayList<>();
          collect(node, path, entries);
          return entries;
        });
  }

  private static byte[] directoryKey(ArchiveKey key) {
    byte[] bytes = key.raw();
    if (key.isDirectory()) {
      return bytes;
    }
    byte[] path = Arrays.copyOf(bytes, bytes.length + 1);
    path[bytes.length] = ArchiveKey.SLASH;
    return path;
  }

  /**
   * The node of a directory's key, or of the file at the same path: its key is the same without the
   * slash, so it lies on the way. Stops where the keys part: then nothing is at the path.
   */
  private Optional<Node> walk(Hash root, byte[] path) {
    Node node = root(root);
    int at = 0;
    while (at < path.length) {
      if (at == path.length - 1 && node.value().isPresent()) {
        return Optional.of(node);
      }
      int index = node.indexOf(path[at]);
      if (index < 0) {
        return Optional.empty();
      }
      node = child(node, index);
      at++;
      if (node.agreement(path, at) < node.prefix().length) {
        return Optional.empty();
      }
      at += node.prefix().length;
    }
    return Optional.of(node);
  }

  /** Adds what is below {@code node} and not below a directory there. */
  private void collect(Node node, byte[] key, List<ArchiveEntry> entries) {
    for (int i = 0; i < node.childCount(); i++) {
      Node child = child(node, i);
      byte[] prefix = child.prefix();
      byte[] childKey = Arrays.copyOf(key, key.length + 1 + prefix.length);
      childKey[key.length] = node.branch(i);
      System.arraycopy(prefix, 0, childKey, key.length + 1, prefix.length);
      // Bounds the recursion, whatever tree a root commits to.
      if (childKey.length > ArchiveKey.MAX_PATH_BYTES) {
        throw new MalformedException("archive node: its key is too long");
      }
      if (child.value().isPresent()) {
        entries.add(new ArchiveEntry(ArchiveKey.decode(childKey), child.value().get()));
      }
      if (!child.isDirectory()) {
        collect(child, childKey, entries);
      }
    }
  }

  private Node root(Hash hash) {
    ArchiveNode root = ArchiveNode.decode(nodes.apply(hash)).requireRoot();
    return Node.of(hash, root);
  }

  private Node child(Node parent, int index) {
    Hash hash = parent.child(index).hash();
    ArchiveNode child = ArchiveNode.decode(nodes.apply(hash));
    return Node.of(hash, child.requireChild(parent.branch(index)));
  }
}
