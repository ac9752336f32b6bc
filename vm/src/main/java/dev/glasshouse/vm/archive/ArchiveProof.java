package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnverifiedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Shows from an archive's root alone what is at a path, that nothing is there, or all that is
 * directly in a directory: the tree's nodes that decide it, and no others, in the order in which
 * they are come to. A claim until it is verified; who verifies reads nothing else, and learns
 * nothing about contents but their hash and length. As text, each node a line of base64:
 *
 * <pre>
 * glasshouse/archive-proof/v1
 * BASE64(node)
 * ...
 * </pre>
 *
 * <p>The first node is the root's, that of the empty archive too. Then come the nodes on the way to
 * the path, each the child of the one before. For a listing there follow the nodes of everything
 * directly in the directory and of where their keys part, in key order; a node that stands at two
 * places comes twice. A proof names neither the root nor the path: both are the verifier's own.
 */
public final class ArchiveProof {
  /** The longest proof as text, in bytes: the listing of a directory of about 400,000 files. */
  public static final int MAX_BYTES = 64 << 20;

  /** Most nodes in a proof. What is at a path takes at most 1,025. */
  public static final int MAX_NODES = 1 << 20;

  static final String FIRST = "glasshouse/archive-proof/v1\n";

  private final List<byte[]> nodes;

  /** Takes the arrays as its own. */
  ArchiveProof(List<byte[]> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Parses a whole proof; accepts only what {@link #format} writes.
   *
   * @param maxBytes the longest text the caller takes, usually {@link #MAX_BYTES}
   */
  public static ArchiveProof parse(byte[] text, int maxBytes) {
    require(text.length <= maxBytes, "has at most " + maxBytes + " bytes");
    byte[] first = FIRST.getBytes(StandardCharsets.US_ASCII);
    require(
        text.length > first.length && Arrays.equals(first, 0, first.length, text, 0, first.length),
        "starts with " + FIRST.strip() + ", then nodes");
    require(text[text.length - 1] == '\n', "ends in a newline");
    List<byte[]> nodes = new ArrayList<>();
    int start = first.length;
    for (int i = start; i < text.length; i++) {
      if (text[i] == '\n') {
        require(nodes.size() < MAX_NODES, "has at most " + MAX_NODES + " nodes");
        nodes.add(decode(Arrays.copyOfRange(text, start, i)));
        start = i + 1;
      }
    }
    return new ArchiveProof(nodes);
  }

  private static byte[] decode(byte[] line) {
    byte[] node;
    try {
      node = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("an archive proof has a node in base64 on each line", e);
    }
    require(node.length > 0, "has no empty lines");
    require(Arrays.equals(line, Base64.getEncoder().encode(node)), "has base64 in canonical form");
    return node;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new MalformedException("an archive proof " + otherwise);
    }
  }

  /** The text. */
  public byte[] format() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(FIRST.getBytes(StandardCharsets.US_ASCII));
    for (byte[] node : nodes) {
      out.writeBytes(Base64.getEncoder().encode(node));
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** Bytes of a node's line of text, its newline included. */
  static int lineBytes(int nodeBytes) {
    return (nodeBytes + 2) / 3 * 4 + 1;
  }

  /** The nodes' bytes, to read only. */
  List<byte[]> nodes() {
    return nodes;
  }

  /**
   * Verifies what is at a path: a file with its SHA-256 and length, a directory, or nothing.
   *
   * @param root the archive's root, known to the caller from elsewhere than this proof
   * @param key the key of a file or a directory at the path; either asks for both
   * @return empty if it is shown that neither a file nor a directory is there
   * @throws UnverifiedException if this is not the proof of it under {@code root}
   */
  public Optional<ArchiveValue> verifyPath(Hash root, ArchiveKey key) {
    return verify(walk -> walk.find(root, key));
  }

  /**
   * Verifies all that is directly in a directory.
   *
   * @param root the archive's root, known to the caller from elsewhere than this proof
   * @return the files and directories in it, in key order; empty if it is shown that no directory
   *     is there, by the same proof as that of what is at its path
   * @throws UnverifiedException if this is not the proof of it under {@code root}
   */
  public Optional<List<ArchiveEntry>> verifyListing(Hash root, ArchiveKey directory) {
    return verify(walk -> walk.list(root, directory)).map(List::copyOf);
  }

  private <T> T verify(Function<ProofWalk, T> question) {
    Iterator<byte[]> rest = nodes.iterator();
    T shown;
    try {
      shown = question.apply(new ProofWalk(hash -> next(rest, hash)));
    } catch (MalformedException e) {
      throw new UnverifiedException("the root is not that of an archive: " + e.getMessage());
    }
    if (rest.hasNext()) {
      throw new UnverifiedException("the archive proof has nodes that show nothing");
    }
    return shown;
  }

  private static byte[] next(Iterator<byte[]> rest, Hash hash) {
    if (!rest.hasNext()) {
      throw new UnverifiedException("the archive proof ends before node " + hash);
    }
    byte[] node = rest.next();
    if (!Hash.of(node).equals(hash)) {
      throw new UnverifiedException("the archive proof has another node in place of " + hash);
    }
    return node;
  }
}
