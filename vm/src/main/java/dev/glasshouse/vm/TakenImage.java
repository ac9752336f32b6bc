package dev.glasshouse.vm;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.ImagePages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image of the guest as it is after an entry: what the next entry may say of it.
 *
 * @param heap the pages of the heap
 * @param due when the earliest timer is due
 * @param nothing the execution of an entry that does nothing
 */
public record TakenImage(HeapPages.Cut heap, long due, Execution nothing) {
  /** Derives the image entry. Host and verifier both do, and must arrive at the same bytes. */
  public Execution.Derived entry(long seq, Hash prev, long time) {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    HeapReference reference = HeapReference.of(heap.globals(), heap.hashes(), blobs);
    ImageEntry entry =
        new ImageEntry(seq, prev, time, reference, due, nothing.writes(), nothing.root());
    return new Execution.Derived(entry, blobs, time, List.of());
  }

  /** The pages, to be kept with the entry. */
  public ImagePages pages() {
    return new ImagePages(heap.hashes(), heap.fresh());
  }
}
