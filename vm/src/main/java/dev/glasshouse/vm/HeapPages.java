package dev.glasshouse.vm;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.vm.sandbox.HeapImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Cuts heap images into pages and hashes them. Most pages of a heap are as they were in the image
 * before: those are compared and not hashed again.
 */
final class HeapPages {
  /** The most pages of an image that is put together again. */
  private static final int MAX_PAGES = Integer.MAX_VALUE / HeapReference.PAGE_BYTES;

  /** Room for the first pages of such an image. */
  private static final int FIRST_PAGES = 64;

  private byte[] last = {};
  private List<Hash> lastHashes = List.of();

  /**
   * An image in pages.
   *
   * @param hashes the SHA-256 of each page
   * @param fresh the pages that the image before did not have at the same place
   */
  record Cut(String globals, List<Hash> hashes, Map<Hash, byte[]> fresh) {}

  /** Cuts an image, and remembers it for the next. */
  Cut cut(HeapImage image) {
    byte[] memory = image.memory();
    List<Hash> hashes = new ArrayList<>();
    Map<Hash, byte[]> fresh = new LinkedHashMap<>();
    for (int at = 0; at < memory.length; at += HeapReference.PAGE_BYTES) {
      int end = at + HeapReference.PAGE_BYTES;
      if (end <= last.length && Arrays.equals(memory, at, end, last, at, end)) {
        hashes.add(lastHashes.get(hashes.size()));
      } else {
        byte[] page = Arrays.copyOfRange(memory, at, end);
        Hash hash = Hash.of(page);
        hashes.add(hash);
        fresh.put(hash, page);
      }
    }
    last = memory;
    lastHashes = hashes;
    return new Cut(image.pointers(), List.copyOf(hashes), fresh);
  }

  /** Forgets the last image: all pages of the next are fresh. */
  void forget() {
    last = new byte[0];
    lastHashes = List.of();
  }

  /**
   * Puts an image together again. Whoever names many pages and has few of them costs no more memory
   * than twice what they have.
   *
   * @param pages gives the bytes of a page, or null
   * @throws DamagedImageException if a page is missing or is another
   */
  static HeapImage join(String globals, List<Hash> hashes, Function<Hash, byte[]> pages) {
    // A log may name twice as many pages as there are in an array, and a host invents its log.
    if (hashes.size() > MAX_PAGES) {
      throw new DamagedImageException("a heap of " + hashes.size() + " pages; none has as many");
    }
    int length = hashes.size() * HeapReference.PAGE_BYTES;
    byte[] memory = new byte[Math.min(length, FIRST_PAGES * HeapReference.PAGE_BYTES)];
    int at = 0;
    for (Hash hash : hashes) {
      byte[] page = pages.apply(hash);
      if (page == null || page.length != HeapReference.PAGE_BYTES || !Hash.of(page).equals(hash)) {
        throw new DamagedImageException(
            "page " + hash + (page == null ? " is missing" : " is damaged"));
      }
      if (at == memory.length) {
        memory = Arrays.copyOf(memory, (int) Math.min(length, 2L * at));
      }
      System.arraycopy(page, 0, memory, at, page.length);
      at += page.length;
    }
    return new HeapImage(memory, globals);
  }
}
