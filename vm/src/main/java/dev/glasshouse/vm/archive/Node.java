package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import java.util.Arrays;
import java.util.Optional;

/**
 * A node in memory, immutable but for its hash, which is computed once when first asked for. Its
 * changes return a new node and share what did not change.
 */
final class Node implements Link {
  /** The root of the empty archive. */
  static final Node EMPTY = new Node(new byte[0], Optional.empty(), new byte[0], new Link[0]);

  private final byte[] prefix;
  private final Optional<ArchiveValue> value;
  private final byte[] branches;
  private final Link[] children;
  private Optional<Hash> hash = Optional.empty();

  private Node(byte[] prefix, Optional<ArchiveValue> value, byte[] branches, Link[] children) {
    if (value.isPresent() && indexOf(branches, ArchiveKey.SLASH) >= 0) {
      throw new IllegalArgumentException("a path is a file or a directory, not both");
    }
    this.prefix = prefix;
    this.value = value;
    this.branches = branches;
    this.children = children;
  }

  /** The node with this hash as it is stored: all its children are, too. */
  static Node of(Hash hash, ArchiveNode stored) {
    int count = stored.childCount();
    byte[] branches = new byte[count];
    Link[] children = new Link[count];
    for (int i = 0; i < count; i++) {
      branches[i] = stored.branch(i);
      children[i] = new Stored(stored.child(i));
    }
    Node node = new Node(stored.prefix(), stored.value(), branches, children);
    node.hash = Optional.of(hash);
    return node;
  }

  /** The form to store; hashes the children that have no hash yet. */
  ArchiveNode toStored() {
    Hash[] hashes = new Hash[children.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = children[i].hash();
    }
    return new ArchiveNode(prefix, value, branches, hashes);
  }

  @Override
  public Hash hash() {
    if (hash.isEmpty()) {
      hash = Optional.of(Hash.of(toStored().encode()));
    }
    return hash.get();
  }

  byte[] prefix() {
    return prefix;
  }

  Optional<ArchiveValue> value() {
    return value;
  }

  boolean isDirectory() {
    return value.isPresent() && value.get() instanceof ArchiveValue.Directory;
  }

  int childCount() {
    return children.length;
  }

  byte branch(int index) {
    return branches[index];
  }

  Link child(int index) {
    return children[index];
  }

  /** The index of the child reached by {@code branch}, or {@code -(where it would be) - 1}. */
  int indexOf(byte branch) {
    return indexOf(branches, branch);
  }

  private static int indexOf(byte[] branches, byte branch) {
    int low = 0;
    int high = branches.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Byte.compareUnsigned(branches[middle], branch);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** Refuses a loaded node that cannot be reached by {@code branch}. */
  void requireChild(byte branch) {
    ArchiveNode.checkPlace(branch, prefix.length, value, branches.length);
  }

  /** How many bytes of the prefix agree with {@code key} from {@code at} on. */
  int agreement(byte[] key, int at) {
    int mismatch = Arrays.mismatch(prefix, 0, prefix.length, key, at, key.length);
    return mismatch < 0 ? prefix.length : mismatch;
  }

  /** A node without children for the rest of {@code key} from {@code at} on. */
  static Node leaf(byte[] key, int at, ArchiveValue value) {
    byte[] rest = Arrays.copyOfRange(key, at, key.length);
    return new Node(rest, Optional.of(value), new byte[0], new Link[0]);
  }

  /** This node with the first {@code length} bytes of its prefix and the next taken off. */
  private Node below(int length) {
    byte[] rest = Arrays.copyOfRange(prefix, length + 1, prefix.length);
    return new Node(rest, value, branches, children);
  }

  /** A node for the first {@code length} bytes of this prefix, with this one as its child. */
  Node splitAt(int length, Optional<ArchiveValue> newValue) {
    byte[] upper = Arrays.copyOf(prefix, length);
    return new Node(upper, newValue, new byte[] {prefix[length]}, new Link[] {below(length)});
  }

  Node withValue(Optional<ArchiveValue> newValue) {
    return new Node(prefix, newValue, branches, children);
  }

  /** This node with {@code child} under {@code branch}, new or in place of the one there. */
  Node withChild(byte branch, Node child) {
    int index = indexOf(branch);
    if (index >= 0) {
      Link[] replaced = children.clone();
      replaced[index] = child;
      return new Node(prefix, value, branches, replaced);
    }
    int at = -index - 1;
    byte[] newBranches = Arrays.copyOf(branches, branches.length + 1);
    Link[] newChildren = Arrays.copyOf(children, children.length + 1);
    System.arraycopy(branches, at, newBranches, at + 1, branches.length - at);
    System.arraycopy(children, at, newChildren, at + 1, children.length - at);
    newBranches[at] = branch;
    newChildren[at] = child;
    return new Node(prefix, value, newBranches, newChildren);
  }

  Node withoutChild(int index) {
    byte[] newBranches = new byte[branches.length - 1];
    Link[] newChildren = new Link[children.length - 1];
    System.arraycopy(branches, 0, newBranches, 0, index);
    System.arraycopy(children, 0, newChildren, 0, index);
    System.arraycopy(branches, index + 1, newBranches, index, newBranches.length - index);
    System.arraycopy(children, index + 1, newChildren, index, newChildren.length - index);
    return new Node(prefix, value, newBranches, newChildren);
  }

  /** The only child, loaded, in place of this node: their prefixes and the branch joined. */
  Node joinedWith(Node onlyChild) {
    int length = prefix.length;
    byte[] joined = Arrays.copyOf(prefix, length + 1 + onlyChild.prefix.length);
    joined[length] = branches[0];
    System.arraycopy(onlyChild.prefix, 0, joined, length + 1, onlyChild.prefix.length);
    return new Node(joined, onlyChild.value, onlyChild.branches, onlyChild.children);
  }
}
