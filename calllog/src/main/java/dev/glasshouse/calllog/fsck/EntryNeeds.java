package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import java.util.function.Consumer;

/** Knows which blobs belong to an entry: its texts, and what it changed in the archive. */
public interface EntryNeeds {
  /**
   * Gives {@code needed} the name of each.
   *
   * @param before root of the archive before the entry; null for genesis
   * @param blobs where the archive's nodes are read
   * @throws dev.glasshouse.calllog.MissingBlobException if a node of the archive is missing
   */
  void of(Entry entry, Hash before, BlobReader blobs, Consumer<Hash> needed);
}
