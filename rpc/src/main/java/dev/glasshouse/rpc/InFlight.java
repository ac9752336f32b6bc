package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The entries that were executed and are not known to be durable: what the next one follows, and
 * what the log cannot be asked yet. Confined to the module's thread.
 */
final class InFlight {
  private final PendingBlobs blobs;
  private final Deque<Executed> entries = new ArrayDeque<>();
  private final Map<CallerSession.Call, Executed> calls = new HashMap<>();
  private final Map<CallerSession, Long> lastNumbers = new HashMap<>();
  private long next;
  private Hash prev;

  /**
   * Nothing is in flight.
   *
   * @param next the index of the next entry
   * @param prev the leaf hash of the entry before that
   */
  InFlight(PendingBlobs blobs, long next, Hash prev) {
    this.blobs = blobs;
    this.next = next;
    this.prev = prev;
  }

  /** The index of the next entry. */
  long next() {
    return next;
  }

  /** The leaf hash of the entry before the next. */
  Hash prev() {
    return prev;
  }

  /** Adds the next entry. */
  void add(Executed executed) {
    entries.add(executed);
    blobs.add(executed);
    next = executed.index() + 1;
    prev = Merkle.leafHash(executed.pending().bytes());
    CallerSession.Call call = executed.call();
    if (call != null) {
      calls.put(call, executed);
      lastNumbers.put(call.session(), call.n());
    }
  }

  /** Forgets the entries of a log of this size: it answers for them now. */
  void forget(long size) {
    while (!entries.isEmpty() && entries.peek().index() < size) {
      Executed durable = entries.remove();
      blobs.forget(durable);
      CallerSession.Call call = durable.call();
      if (call != null) {
        calls.remove(call);
        lastNumbers.remove(call.session(), call.n());
      }
    }
  }

  /** The highest number of a session that is in flight, or null if it has none. */
  Long lastNumber(CallerSession session) {
    return lastNumbers.get(session);
  }

  /** The last call of a session that is in flight, or null if it has none. */
  Executed last(CallerSession session) {
    Long number = lastNumbers.get(session);
    return number == null ? null : calls.get(new CallerSession.Call(session, number));
  }

  /** Lets a request that is in flight already be answered with the first one. */
  boolean joins(Waiting waiting, Submission submission) {
    Executed same = calls.get(submission.call());
    if (same == null || !same.submission().request().equals(submission.request())) {
      return false;
    }
    waiting.follow(same.waiting());
    return true;
  }
}
