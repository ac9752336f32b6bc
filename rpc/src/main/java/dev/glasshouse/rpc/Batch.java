package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImagePages;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.vm.Execution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Entries that were executed and wait to be durable together. */
final class Batch {
  /**
   * An executed entry.
   *
   * @param waiting who is to be answered, or null for an entry that nobody asked for
   * @param submission what was asked, or null
   * @param outcomes one for each call; none if the watchdog ended the request
   */
  record Executed(
      CallLog.Pending pending, Waiting waiting, Submission submission, List<Outcome> outcomes) {}

  private final List<Executed> executed = new ArrayList<>();
  private final Map<CallerSession.Call, Executed> calls = new HashMap<>();
  private final Map<CallerSession.Call, List<Waiting>> retries = new HashMap<>();
  private final Map<CallerSession, Long> lastNumbers = new HashMap<>();
  private final long first;
  private Hash prev;
  private long bytes;
  private boolean hasImage;

  /**
   * An empty batch.
   *
   * @param first the index of its first entry
   * @param prev the leaf hash of the entry before that
   */
  Batch(long first, Hash prev) {
    this.first = first;
    this.prev = prev;
  }

  /** The index of the next entry. */
  long seq() {
    return first + executed.size();
  }

  /** The leaf hash of the entry before the next. */
  Hash prev() {
    return prev;
  }

  boolean isEmpty() {
    return executed.isEmpty();
  }

  /** Bytes of blobs that wait. */
  long bytes() {
    return bytes;
  }

  boolean hasImage() {
    return hasImage;
  }

  List<Executed> executed() {
    return executed;
  }

  List<CallLog.Pending> pending() {
    return executed.stream().map(Executed::pending).toList();
  }

  /** Adds the entry of a request. */
  void add(
      Execution.Derived derived, Waiting waiting, Submission submission, List<Outcome> outcomes) {
    CallerSession session = submission.session();
    PublicKey key = session == null ? null : session.key();
    CallLog.Pending pending =
        new CallLog.Pending(derived.bytes(), derived.blobs(), submission.signed(), key);
    Executed done = new Executed(pending, waiting, submission, outcomes);
    add(done);
    if (session != null) {
      calls.put(submission.call(), done);
      lastNumbers.put(session, submission.signed().n());
    }
  }

  /** Adds an entry that nobody asked for. */
  void add(Execution.Derived derived, ImagePages image) {
    add(
        new Executed(
            new CallLog.Pending(derived.bytes(), derived.blobs(), null, null, image),
            null,
            null,
            List.of()));
    hasImage |= image != null;
  }

  private void add(Executed done) {
    executed.add(done);
    prev = Merkle.leafHash(done.pending().bytes());
    for (byte[] blob : done.pending().blobs().values()) {
      bytes += blob.length;
    }
  }

  /** The highest number of a session in this batch, or null if it has none. */
  Long lastNumber(CallerSession session) {
    return lastNumbers.get(session);
  }

  /** Lets a request that is in this batch already be answered with the first one. */
  boolean joins(Waiting waiting, Submission submission) {
    Executed same = calls.get(submission.call());
    if (same == null || !same.submission().request().equals(submission.request())) {
      return false;
    }
    retries.computeIfAbsent(submission.call(), call -> new ArrayList<>()).add(waiting);
    return true;
  }

  /** Who asked again for a request of this batch. */
  List<Waiting> retries(Submission submission) {
    return submission.signed() == null
        ? List.of()
        : retries.getOrDefault(submission.call(), List.of());
  }
}
