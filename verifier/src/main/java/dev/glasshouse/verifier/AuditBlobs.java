package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Hash;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Blobs during an audit: those that the replay itself derived, and else the source's, hashed before
 * they are used. Derived blobs are kept up to a bound; an older one is asked of the source again,
 * where its hash shows that it is the same. Safe for several threads.
 */
final class AuditBlobs implements BlobReader {
  /** Bytes kept. */
  private static final long CAPACITY = 256L << 20;

  private final BlobReader source;
  private final Tally tally;
  private final long capacity;
  private final Map<Hash, byte[]> derived = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  AuditBlobs(BlobReader source, Tally tally) {
    this(source, tally, CAPACITY);
  }

  /** Keeps fewer. */
  AuditBlobs(BlobReader source, Tally tally, long capacity) {
    this.source = new CheckedBlobs(source);
    this.tally = tally;
    this.capacity = capacity;
  }

  @Override
  public byte[] blob(Hash hash) {
    synchronized (this) {
      byte[] known = derived.get(hash);
      if (known != null) {
        return known;
      }
    }
    byte[] found = source.blob(hash);
    if (found != null) {
      synchronized (this) {
        if (!derived.containsKey(hash)) {
          tally.blobs++;
          keep(hash, found);
        }
      }
    }
    return found;
  }

  synchronized void add(Map<Hash, byte[]> blobs) {
    blobs.forEach(this::keep);
  }

  private void keep(Hash hash, byte[] blob) {
    if (derived.put(hash, blob) == null) {
      bytes += blob.length;
    }
    Iterator<byte[]> oldest = derived.values().iterator();
    while (bytes > capacity && derived.size() > 1) {
      bytes -= oldest.next().length;
      oldest.remove();
    }
  }
}
