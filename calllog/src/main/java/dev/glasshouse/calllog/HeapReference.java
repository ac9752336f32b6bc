package dev.glasshouse.calllog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an image entry says about the guest's heap.
 *
 * @param globals the numbers that are not in linear memory: decimal, separated by one space
 * @param pages the blob of the 32-byte SHA-256 of each 64 KiB page of linear memory, in order
 * @param root the Merkle root (RFC 6962, 2.1) over the leaves {@code globals} in UTF-8, then each
 *     page's hash
 */
public record HeapReference(String globals, BlobReference pages, Hash root) {
  /** Bytes of a page of linear memory. */
  public static final int PAGE_BYTES = 65_536;

  /** Pages of linear memory: 4 GiB, the most that 32-bit addresses reach. */
  public static final int MAX_PAGES = 65_536;

  /** Bytes of the text of the numbers. */
  public static final int MAX_GLOBALS = 1024;

  private static final Pattern GLOBALS =
      Pattern.compile("(0|[1-9][0-9]{0,15})( (0|[1-9][0-9]{0,15}))*");

  public HeapReference {
    requireGlobals(globals);
    long length = pages.length();
    if (length < Hash.BYTES || length > (long) MAX_PAGES * Hash.BYTES || length % Hash.BYTES != 0) {
      throw new MalformedException(
          "entry.heap.pages are 1 to " + MAX_PAGES + " hashes of 32 bytes, not " + length);
    }
  }

  /**
   * The reference to a heap of these pages; the list of their hashes is added to {@code blobs}, the
   * pages themselves are not.
   */
  public static HeapReference of(String globals, List<Hash> pages, Map<Hash, byte[]> blobs) {
    ByteBuffer list = ByteBuffer.allocate(pages.size() * Hash.BYTES);
    for (Hash page : pages) {
      list.put(page.bytes());
    }
    Hash sha256 = Hash.of(list.array());
    HeapReference heap =
        new HeapReference(
            globals, new BlobReference(sha256, list.capacity()), root(globals, pages));
    blobs.put(sha256, list.array());
    return heap;
  }

  /** The Merkle root of a heap, from its numbers and the SHA-256 of each of its pages. */
  public static Hash root(String globals, List<Hash> pages) {
    List<Hash> leaves = new ArrayList<>(pages.size() + 1);
    leaves.add(Merkle.leafHash(globals.getBytes(StandardCharsets.UTF_8)));
    for (Hash page : pages) {
      leaves.add(Merkle.leafHash(page.bytes()));
    }
    return Merkle.root(leaves);
  }

  /**
   * The SHA-256 of each page, in order.
   *
   * @throws MissingBlobException if {@code blobs} lacks the list
   * @throws MalformedException if the list is not of the length or the root that stand here
   */
  public List<Hash> readPages(BlobReader blobs) {
    byte[] list = blobs.require(pages.sha256());
    if (list.length != pages.length()) {
      throw new MalformedException("entry.heap.pages names a blob of a wrong length");
    }
    List<Hash> hashes = new ArrayList<>(list.length / Hash.BYTES);
    for (int at = 0; at < list.length; at += Hash.BYTES) {
      hashes.add(Hash.ofBytes(list, at, Hash.BYTES));
    }
    if (!root(globals, hashes).equals(root)) {
      throw new MalformedException("entry.heap.root is not the root of its numbers and pages");
    }
    return List.copyOf(hashes);
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("globals", globals);
    map.put("pages", pages.toJson());
    map.put("root", root.hex());
    return map;
  }

  static HeapReference fromJson(Members members) {
    HeapReference heap =
        new HeapReference(
            members.string("globals"),
            BlobReference.fromJson(members.object("pages")),
            members.hash("root"));
    members.end();
    return heap;
  }

  private static void requireGlobals(String globals) {
    if (globals.length() > MAX_GLOBALS || !GLOBALS.matcher(globals).matches()) {
      throw new MalformedException(
          "entry.heap.globals are decimal numbers separated by one space, at most "
              + MAX_GLOBALS
              + " characters");
    }
  }
}
