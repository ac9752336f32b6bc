package dev.glasshouse.verifier;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.verifier.Divergence.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Holds the times of entries against those of the cosignatures around them. An entry of a tree that
 * was cosigned is not younger than the cosignature. One that came after the tree is not older, as
 * far as a host submits the newest tree it has.
 *
 * <p>Entries are noted in their order, after all else of them was found to hold. What a tree says
 * counts once the log was found to begin with it.
 */
final class TimeBrackets {
  /** How far the clocks of hosts and witnesses may be apart, in milliseconds. */
  static final long CLOCKS = 60_000;

  /**
   * How long a host may take until a tree that is its newest is cosigned, in milliseconds: a round
   * of the witnesses, and three requests of a minute.
   */
  static final long SUBMISSION = 240_000;

  private static final long MAX_SECONDS = Long.MAX_VALUE / 1000;

  /** In milliseconds: entries before are not after the one, entries from there not before other. */
  private record Mark(long newest, long oldest) {
    Mark and(Mark other) {
      return new Mark(Math.min(newest, other.newest), Math.max(oldest, other.oldest));
    }
  }

  private final long turn;
  private final long since;
  private final NavigableMap<Long, Mark> ahead = new TreeMap<>();
  // From which entry on times are not before what.
  private final NavigableMap<Long, Long> floors = new TreeMap<>();
  // What the clock showed at the end of the last entries, which no tree is known to hold yet.
  private long[] open = new long[256];
  private long first;
  private long size;

  private long between;
  private long widest;

  /**
   * Goes on after so many entries.
   *
   * @param watchdog milliseconds that a turn may run on the host
   * @param size entries that were noted in an earlier audit
   * @param end what the clock showed after the last of them, 0 if there are none
   */
  TimeBrackets(long watchdog, long size, long end) {
    this.turn = 2 * watchdog;
    this.since = size;
    this.size = size;
    this.first = Math.max(0, size - 1);
    open[0] = end;
  }

  /**
   * Takes what a quorum says of a tree. If the log is that long already, it was found to begin with
   * the tree.
   *
   * @param oldest time of the oldest cosignature, in seconds
   * @param newest time of the newest cosignature, in seconds
   */
  void cosigned(long of, long oldest, long newest) {
    ahead.merge(of, new Mark(millis(newest), millis(oldest)), Mark::and);
    if (of <= size) {
      pass(of);
      // Whether the entry that came next had waited long is forgotten, and of the others the first
      // is the oldest.
      long next = Math.max(of + 1, first);
      if (next < size) {
        requireNotBefore(next, end(next), floors.get(of));
      }
    }
  }

  /** Notes the next entry. */
  void passed(Entry entry) {
    long index = size;
    long end = EntryRules.end(entry);
    if (index - first == open.length) {
      open = Arrays.copyOf(open, 2 * open.length);
    }
    open[(int) (index - first)] = end;
    size++;
    Map.Entry<Long, Long> floor =
        waits(entry) ? floors.lowerEntry(index) : floors.floorEntry(index);
    if (floor != null) {
      requireNotBefore(index, end, floor.getValue());
    }
    if (ahead.containsKey(size)) {
      pass(size);
    }
  }

  /** How many of the entries that were noted here lie between two cosignatures. */
  long between() {
    return between;
  }

  /** How many seconds at most lie between these two. */
  long widest() {
    return widest / 1000;
  }

  // The log has the tree of that size.
  private void pass(long of) {
    Mark mark = ahead.remove(of);
    Map.Entry<Long, Long> before = floors.floorEntry(of);
    floors.put(of, before == null ? mark.oldest : Math.max(mark.oldest, before.getValue()));
    floors.tailMap(of).replaceAll((from, floor) -> Math.max(floor, mark.oldest));
    if (of <= first) {
      return;
    }
    for (long index = first; index < of; index++) {
      requireNotAfter(index, end(index), mark.newest, of);
      Map.Entry<Long, Long> floor = floors.floorEntry(index);
      if (floor != null && index >= since) {
        between++;
        widest = Math.max(widest, mark.newest - floor.getValue());
      }
    }
    System.arraycopy(open, (int) (of - first), open, 0, (int) (size - of));
    first = of;
    floors.headMap(floors.floorKey(first)).clear();
  }

  private long end(long index) {
    return open[(int) (index - first)];
  }

  private static void requireNotAfter(long index, long end, long newest, long of) {
    if (end > newest + CLOCKS) {
      throw new DivergenceException(
          Kind.TIME,
          index,
          "a time not after " + at(newest) + ", when its first " + of + " entries were cosigned",
          "time " + at(end));
    }
  }

  private void requireNotBefore(long index, long end, long oldest) {
    if (end < oldest - CLOCKS - SUBMISSION - turn) {
      throw new DivergenceException(
          Kind.TIME,
          index,
          "a time not before " + at(oldest) + ", when a tree without it was cosigned",
          "time " + at(end));
    }
  }

  // It may have begun long before it was logged: nothing in it tells how long an oracle took.
  private static boolean waits(Entry entry) {
    return entry instanceof AbortEntry
        || entry.inputs().stream().anyMatch(input -> input.kind().equals(Input.ORACLE));
  }

  private static long millis(long seconds) {
    return Math.min(seconds, MAX_SECONDS - CLOCKS) * 1000;
  }

  private static String at(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
