package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The requests that wait for a module's lock. Many put in, the module's thread takes out: of each
 * connection in the order in which they came, and one of each connection in turn, so that nobody
 * waits for all that somebody else has sent. When it is full, whoever has most in it gives way.
 * Once it is stopped, all that comes is refused.
 */
final class RequestQueue {
  /** Requests that may be taken out at once. */
  static final int MAX_BATCH = 256;

  /** Characters that a request may have to count as one. */
  static final int CHARACTERS = 64 << 10;

  /** When those who found it full may come again: by then a busy module has had hundreds. */
  static final long RETRY_MILLIS = 100;

  static final String LOADING_AGAIN =
      "the host failed during the call and is loading again; ask again";

  static final String SHUTTING_DOWN = "the host is shutting down";

  private final int limit;
  private final Lock lock;
  private final Condition changed;

  // All guarded by the lock. Whatever was let in before it is stopped is served or refused by the
  // module's thread, and nothing is let in after.
  private final Map<Object, Line> lines = new HashMap<>();
  private final Deque<Line> turns = new ArrayDeque<>();
  private int size;
  private int weight;
  private volatile String stopped;

  private record Place(Waiting waiting, int weight) {}

  /** What waits of one connection. */
  private static final class Line {
    private final Object source;
    private final Deque<Place> places = new ArrayDeque<>();
    private int weight;

    Line(Object source) {
      this.source = source;
    }
  }

  /**
   * An empty queue.
   *
   * @param limit requests that may wait; one that is long counts as several
   */
  RequestQueue(int limit, Machine machine) {
    this.limit = limit;
    this.lock = machine.lock();
    this.changed = lock.newCondition();
  }

  /** Why nothing is let in any more, or null. */
  String stopped() {
    return stopped;
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a request in, or refuses it and returns false.
   *
   * @param source the connection that it came by
   * @param characters how long it is
   */
  boolean add(Waiting waiting, Object source, int characters) {
    int cost = Math.min(limit, 1 + characters / CHARACTERS);
    List<Waiting> refused = new ArrayList<>();
    CallRefused refusal = null;
    lock.lock();
    try {
      if (stopped != null) {
        refusal = new CallRefused(CallRefused.Reason.STOPPED, stopped);
      } else if (makeRoom(source, cost, refused)) {
        Line line = lines.computeIfAbsent(source, Line::new);
        if (line.places.isEmpty()) {
          turns.add(line);
        }
        line.places.add(new Place(waiting, cost));
        line.weight += cost;
        size++;
        weight += cost;
        changed.signal();
      } else {
        refusal = overloaded();
      }
    } finally {
      lock.unlock();
    }
    refused.forEach(other -> other.refuse(overloaded()));
    if (refusal != null) {
      waiting.refuse(refusal);
    }
    return refusal == null;
  }

  // Whoever would have more than an equal share of a full queue is refused; whoever has less may
  // take the place of the newest requests of who has most.
  private boolean makeRoom(Object source, int cost, List<Waiting> refused) {
    Line own = lines.get(source);
    int after = (own == null ? 0 : own.weight) + cost;
    int share = limit / (own == null ? lines.size() + 1 : lines.size());
    while (weight + cost > limit) {
      Line longest = after <= share ? longest() : null;
      if (longest == null || longest == own || longest.weight <= share) {
        return false;
      }
      Place last = longest.places.removeLast();
      left(longest, last);
      if (longest.places.isEmpty()) {
        turns.remove(longest);
      }
      refused.add(last.waiting());
    }
    return true;
  }

  private Line longest() {
    Line longest = null;
    for (Line line : turns) {
      if (longest == null || line.weight > longest.weight) {
        longest = line;
      }
    }
    return longest;
  }

  private void left(Line line, Place place) {
    line.weight -= place.weight();
    weight -= place.weight();
    size--;
    if (line.places.isEmpty()) {
      lines.remove(line.source);
    }
  }

  private CallRefused overloaded() {
    return new CallRefused(
        CallRefused.Reason.OVERLOADED,
        "overloaded: " + limit + " requests are waiting already; try again later",
        RETRY_MILLIS);
  }

  /** Lets nothing more in; what waits is the last to be served. */
  void end() {
    stop(SHUTTING_DOWN);
  }

  /** Lets nothing more in, because of a failure. The first reason stands. */
  void stop(String why) {
    lock.lock();
    try {
      if (stopped == null) {
        stopped = why;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next requests.
   *
   * @param batch takes them; none came in time if it stays empty
   * @param most how many it may take, from 1 to {@link #MAX_BATCH}
   * @param millis how long to wait for the first
   * @return false when this is the last batch
   */
  boolean next(List<Waiting> batch, int most, long millis) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (turns.isEmpty() && stopped == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      while (!turns.isEmpty() && batch.size() < most) {
        batch.add(take());
      }
      return stopped == null || !turns.isEmpty();
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private Waiting take() {
    Line line = turns.remove();
    Place place = line.places.remove();
    left(line, place);
    if (!line.places.isEmpty()) {
      turns.add(line);
    }
    return place.waiting();
  }

  /** Refuses all that waits. */
  void refuseAll() {
    List<Waiting> left = new ArrayList<>();
    lock.lock();
    try {
      while (!turns.isEmpty()) {
        left.add(take());
      }
    } finally {
      lock.unlock();
    }
    refuse(left);
  }

  /** Refuses requests that were taken out and could not be served. */
  void refuse(List<Waiting> batch) {
    String why = stopped != null ? stopped : LOADING_AGAIN;
    for (Waiting waiting : batch) {
      waiting.refuse(new CallRefused(CallRefused.Reason.STOPPED, why));
    }
  }
}
