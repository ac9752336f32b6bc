package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.HeapImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The hash of a heap image: SHA-256 over the SHA-256 of each 64 KiB page and the pointers. Pages
 * that are as they were in the image before are not hashed again.
 */
public final class HeapHash {
  private static final int PAGE = 65536;

  private byte[] memory = new byte[0];
  private byte[] pages = new byte[0];

  /** The hash of this image. */
  public Hash of(HeapImage image) {
    byte[] next = image.memory();
    int count = next.length / PAGE;
    byte[] hashes = Arrays.copyOf(pages, count * Hash.BYTES);
    for (int i = 0; i < count; i++) {
      int from = i * PAGE;
      int to = from + PAGE;
      if (to > memory.length || !Arrays.equals(memory, from, to, next, from, to)) {
        Hash page = Hash.of(Arrays.copyOfRange(next, from, to));
        System.arraycopy(page.bytes(), 0, hashes, i * Hash.BYTES, Hash.BYTES);
      }
    }
    memory = next;
    pages = hashes;
    return Hash.of(hashes, image.pointers().getBytes(StandardCharsets.UTF_8));
  }
}
