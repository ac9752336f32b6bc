package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import java.util.Collection;
import java.util.List;

/**
 * The bytes under one call log. Entries are counted from 0 and never change; a {@link Batch} adds
 * entries and all that belongs to them in one atomic, durable step. Only the pages of images can be
 * taken away again.
 *
 * <p>Safe for any number of readers beside one committer; readers see a batch whole or not at all.
 * Byte arrays that go in and come out are copies. After {@link #close} every method but {@code
 * close} throws {@link IllegalStateException}. Every method may throw {@link StoreException} (state
 * unknown: stop and reload) or {@link StoreDamagedException} (never sign).
 */
public interface Store extends BlobReader, AutoCloseable {
  /**
   * Number of tile levels: at 256 to the 7th leaves a level 7 hash, no size of a log needs more.
   */
  int TILE_LEVELS = 8;

  /** Number of entries; their indexes are 0 to {@code size() - 1}. */
  long size();

  /** The bytes of entry {@code index}, or null if {@code index >= size()}. */
  byte[] entry(long index);

  /**
   * The entries from {@code from} on, in order: at most {@code max} of them and at most {@code
   * maxBytes} bytes together, but at least one if there is one and {@code max} is not 0, so that a
   * reader always gets on. Empty if {@code from >= size()}.
   */
  List<byte[]> entries(long from, int max, long maxBytes);

  /**
   * The hash of the perfect subtree over the 256^{@code tileLevel} leaves that start at leaf {@code
   * index * 256^tileLevel}: at level 0 a leaf hash. Null if the log does not reach that far.
   */
  Hash treeHash(int tileLevel, long index);

  /** At most {@code max} tree hashes of a level from {@code from} on, in order. */
  List<Hash> treeHashes(int tileLevel, long from, int max);

  /** The bytes whose SHA-256 is {@code hash}, or null if absent. */
  @Override
  byte[] blob(Hash hash);

  /** Whether {@link #blob} would find something. */
  boolean hasBlob(Hash hash);

  /**
   * The bytes of the page whose SHA-256 is {@code hash}, or null if no image that is kept uses it.
   */
  byte[] page(Hash hash);

  /** The indexes of the image entries whose pages are kept, ascending. */
  List<Long> images();

  /**
   * The place of a kept image among all images of this store: one more than that of the newest
   * image that was kept when it was added, 0 if none was. -1 if the image is not kept.
   */
  long imageOrdinal(long index);

  /**
   * Stops keeping the pages of these image entries, and deletes the pages that no image left uses;
   * the entries stay. Indexes of images that are not kept are passed over. A crash may undo it: it
   * is not on disk when this returns.
   */
  void dropImages(Collection<Long> indexes);

  /**
   * The ticket of call number {@code n}, or null if no such call was accepted.
   *
   * @param key the caller's key, 32 bytes
   * @param session 16 bytes
   * @param n from 1
   */
  Ticket ticket(byte[] key, byte[] session, long n);

  /** The highest {@code n} that has a ticket in this session, or 0 if none has. */
  long lastN(byte[] key, byte[] session);

  /**
   * Adds all of {@code batch} or nothing, and returns when it is on disk. Blobs that are already
   * there are not written again.
   *
   * @throws IllegalStateException if the batch does not start at {@link #size()}, or a ticket is
   *     already taken; nothing was changed
   * @throws IllegalArgumentException if the batch lacks a tree hash that its entries complete, or a
   *     page that its images use and no kept image has; nothing was changed
   */
  void commit(Batch batch);

  /** How many hashes a level has in a tree of {@code size} leaves. */
  static long treeHashCount(int tileLevel, long size) {
    return size >>> (8 * Keys.requireTileLevel(tileLevel));
  }

  @Override
  void close();
}
