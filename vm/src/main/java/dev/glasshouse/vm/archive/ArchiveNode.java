package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One node of the archive's radix tree as it is stored: immutable, its hash the SHA-256 of exactly
 * its bytes. They are, integers big-endian:
 *
 * <pre>
 * 0x02 | u16 prefix length | prefix | value | u16 child count | children
 * value = 0x00 (none) | 0x01 sha256[32] u64 length (file) | 0x02 (directory)
 * child = branch byte | hash[32], ascending by unsigned branch byte
 * </pre>
 *
 * <p>A node's key is its parent's key, the branch byte, then its prefix. The root has an empty
 * prefix and no value; every other node has a value or at least two children. {@code decode}
 * accepts only nodes that can stand in an archive, as far as one node shows it; {@link
 * #requireRoot} and {@link #requireChild} check what also depends on its place.
 */
public final class ArchiveNode {
  /** Most bytes in a prefix: the longest segment with its slash, less the branch byte. */
  public static final int MAX_PREFIX_BYTES = ArchiveKey.MAX_SEGMENT_BYTES;

  private static final byte TAG = 2;
  private static final byte NO_VALUE = 0;
  private static final byte FILE = 1;
  private static final byte DIRECTORY = 2;
  private static final int MAX_CHILDREN = 256;
  private static final int CHILD_BYTES = 1 + Hash.BYTES;
  private static final int FILE_BYTES = Hash.BYTES + Long.BYTES;

  private final byte[] prefix;
  private final Optional<ArchiveValue> value;
  private final byte[] branches;
  private final Hash[] children;

  /** Takes the arrays as its own. Child {@code i} is reached by {@code branches[i]}. */
  ArchiveNode(byte[] prefix, Optional<ArchiveValue> value, byte[] branches, Hash[] children) {
    this.prefix = prefix;
    this.value = value;
    this.branches = branches;
    this.children = children;
    checkPrefix();
    checkBranches();
  }

  private void checkPrefix() {
    require(prefix.length <= MAX_PREFIX_BYTES, "prefix is longer than " + MAX_PREFIX_BYTES);
    for (int i = 0; i < prefix.length; i++) {
      require(isKeyByte(prefix[i]), "prefix has a byte no key has");
      boolean last = i == prefix.length - 1;
      require(last || prefix[i] != ArchiveKey.SLASH, "prefix goes through a directory");
    }
    if (prefix.length > 0) {
      boolean slash = prefix[prefix.length - 1] == ArchiveKey.SLASH;
      require(slash == isDirectory(), "a key ends in a slash exactly if it is a directory's");
      require(value.isPresent() || branches.length > 1, "no value and fewer than two children");
    }
  }

  private void checkBranches() {
    for (int i = 0; i < branches.length; i++) {
      require(isKeyByte(branches[i]), "branch byte that no key has");
      require(
          i == 0 || Byte.compareUnsigned(branches[i - 1], branches[i]) < 0,
          "children are not ascending");
      require(
          branches[i] != ArchiveKey.SLASH || value.isEmpty(),
          "a path is a file and a directory, or has an empty segment");
    }
  }

  /** Not a control character, and not one of the bytes that UTF-8 never uses (RFC 3629, 1). */
  private static boolean isKeyByte(byte b) {
    int unsigned = Byte.toUnsignedInt(b);
    return !ArchivePath.isControl(b) && unsigned != 0xC0 && unsigned != 0xC1 && unsigned < 0xF5;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new MalformedException("archive node: " + otherwise);
    }
  }

  private boolean isDirectory() {
    return value.isPresent() && value.get() instanceof Directory;
  }

  /** Refuses a node that cannot be the root: the root has an empty prefix and no value. */
  ArchiveNode requireRoot() {
    require(prefix.length == 0 && value.isEmpty(), "the root has a prefix or a value");
    for (byte branch : branches) {
      require(branch != ArchiveKey.SLASH, "the root has an empty segment");
    }
    return this;
  }

  /** Refuses a node that cannot be reached by {@code branch}. */
  ArchiveNode requireChild(byte branch) {
    checkPlace(branch, prefix.length, value, branches.length);
    return this;
  }

  /** Refuses a node of this shape below {@code branch}. */
  static void checkPlace(
      byte branch, int prefixLength, Optional<ArchiveValue> value, int childCount) {
    boolean directory = value.isPresent() && value.get() instanceof Directory;
    require(value.isPresent() || childCount > 1, "no value and fewer than two children");
    if (branch == ArchiveKey.SLASH) {
      require(prefixLength == 0 && directory, "a slash does not end a directory's key");
    } else {
      require(prefixLength > 0 || !directory, "a directory's key does not end in a slash");
    }
  }

  /** Reads a node; accepts only what {@link #encode} writes. */
  public static ArchiveNode decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    require(take(in, 1).get() == TAG, "does not begin with 0x02");
    byte[] prefix = new byte[Short.toUnsignedInt(take(in, Short.BYTES).getShort())];
    take(in, prefix.length).get(prefix);
    Optional<ArchiveValue> value = decodeValue(in);
    int count = Short.toUnsignedInt(take(in, Short.BYTES).getShort());
    require(count <= MAX_CHILDREN, "more than 256 children");
    require(in.remaining() == count * CHILD_BYTES, "length does not fit the child count");
    byte[] branches = new byte[count];
    Hash[] children = new Hash[count];
    for (int i = 0; i < count; i++) {
      branches[i] = in.get();
      children[i] = decodeHash(in);
    }
    return new ArchiveNode(prefix, value, branches, children);
  }

  private static Optional<ArchiveValue> decodeValue(ByteBuffer in) {
    byte kind = take(in, 1).get();
    if (kind == FILE) {
      take(in, FILE_BYTES);
      Hash sha256 = decodeHash(in);
      return Optional.of(new FileRef(sha256, in.getLong()));
    }
    require(kind == NO_VALUE || kind == DIRECTORY, "value is not none, file or directory");
    return kind == DIRECTORY ? Optional.of(new Directory()) : Optional.empty();
  }

  private static Hash decodeHash(ByteBuffer in) {
    byte[] hash = new byte[Hash.BYTES];
    in.get(hash);
    return Hash.ofBytes(hash);
  }

  private static ByteBuffer take(ByteBuffer in, int length) {
    require(in.remaining() >= length, "ends early");
    return in;
  }

  /** The bytes to store, whose SHA-256 is the node's hash. */
  public byte[] encode() {
    boolean file = value.isPresent() && !isDirectory();
    int valueBytes = 1 + (file ? FILE_BYTES : 0);
    int length = 1 + 2 * Short.BYTES + prefix.length + valueBytes + branches.length * CHILD_BYTES;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put(TAG).putShort((short) prefix.length).put(prefix);
    if (value.isPresent() && value.get() instanceof FileRef ref) {
      out.put(FILE).put(ref.sha256().bytes()).putLong(ref.length());
    } else {
      out.put(isDirectory() ? DIRECTORY : NO_VALUE);
    }
    out.putShort((short) branches.length);
    for (int i = 0; i < branches.length; i++) {
      out.put(branches[i]).put(children[i].bytes());
    }
    return out.array();
  }

  /** A copy of the prefix: the key bytes between the branch byte and this node. */
  public byte[] prefix() {
    return prefix.clone();
  }

  /** What this node's key stands for, if it is the key of a file or directory. */
  public Optional<ArchiveValue> value() {
    return value;
  }

  /** How many children this node has. */
  public int childCount() {
    return branches.length;
  }

  /** The key byte that leads to child {@code index}. */
  public byte branch(int index) {
    return branches[index];
  }

  /** The hash of child {@code index}. */
  public Hash child(int index) {
    return children[index];
  }
}
