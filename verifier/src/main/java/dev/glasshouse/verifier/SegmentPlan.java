package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a log is divided between machines: after image entries, each as near as there is one to
 * where equal parts would end. Follows from the entries alone, so that all machines divide alike.
 */
final class SegmentPlan {
  // By the index of the entry after the image, where a segment can begin.
  private final NavigableMap<Long, Hash> images = new TreeMap<>();

  /** Takes a log's entries, in order; those that are no images count by their number alone. */
  void add(CheckedEntry checked) {
    if (checked.entry() instanceof ImageEntry image) {
      images.put(checked.index() + 1, image.heap().root());
    }
  }

  /**
   * The entries of one share; none if there are fewer images than shares.
   *
   * @param size how many entries are divided
   */
  Segment segment(Share share, long size) {
    long from = share.index() == 1 ? 0 : end(share.index() - 1, share.of(), size);
    long to = end(share.index(), share.of(), size);
    return new Segment(share, from, to, images.get(from), images.get(to), false);
  }

  /** The image entries of a segment. */
  NavigableSet<Long> images(Segment segment) {
    NavigableSet<Long> found = new TreeSet<>();
    images
        .subMap(segment.from(), false, segment.to(), true)
        .keySet()
        .forEach(i -> found.add(i - 1));
    return found;
  }

  private long end(int index, int of, long size) {
    long target = Math.multiplyExact(size, index) / of;
    Long below = images.floorKey(Math.min(target, size));
    Long above = images.ceilingKey(target);
    long end = above == null ? size : Math.min(above, size);
    return below != null && target - below <= end - target ? below : end;
  }
}
