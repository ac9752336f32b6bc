package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The requests that wait for a module's lock. Many put in, the module's thread takes out; once it
 * is stopped, all that comes is refused.
 */
final class RequestQueue {
  /** Requests that may be taken out at once. */
  static final int MAX_BATCH = 256;

  static final String LOADING_AGAIN =
      "the host failed during the call and is loading again; ask again";

  static final String SHUTTING_DOWN = "the host is shutting down";

  private static final Waiting STOP = new Waiting();

  private final int limit;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();

  // Written under the queue's lock: whatever was let in before it is set is served or refused by
  // the module's thread, and nothing is let in after.
  private volatile String stopped;

  RequestQueue(int limit) {
    this.limit = limit;
  }

  /** Why nothing is let in any more, or null. */
  String stopped() {
    return stopped;
  }

  int size() {
    return queue.size();
  }

  /** Lets a request in, or refuses it and returns false. */
  boolean add(Waiting waiting) {
    CallRefused refusal;
    synchronized (queue) {
      if (stopped != null) {
        refusal = new CallRefused(CallRefused.Reason.STOPPED, stopped);
      } else if (queue.size() >= limit) {
        refusal =
            new CallRefused(
                CallRefused.Reason.OVERLOADED,
                "overloaded: " + limit + " requests are waiting already; try again later");
      } else {
        queue.add(waiting);
        return true;
      }
    }
    waiting.refuse(refusal);
    return false;
  }

  /** Lets nothing more in; what waits is the last to be served. */
  void end() {
    synchronized (queue) {
      if (stopped == null) {
        stopped = SHUTTING_DOWN;
        queue.add(STOP);
      }
    }
  }

  /** Lets nothing more in, because of a failure. The first reason stands. */
  void stop(String why) {
    synchronized (queue) {
      if (stopped == null) {
        stopped = why;
      }
    }
  }

  /**
   * Takes the next requests, at most {@link #MAX_BATCH}.
   *
   * @param batch takes them; none came in time if it stays empty
   * @param millis how long to wait for the first
   * @return false when this is the last batch
   */
  boolean next(List<Waiting> batch, long millis) {
    try {
      Waiting first = queue.poll(millis, TimeUnit.MILLISECONDS);
      if (first == null) {
        return true;
      }
      batch.add(first);
    } catch (InterruptedException e) {
      return false;
    }
    queue.drainTo(batch, MAX_BATCH - 1);
    int stop = batch.indexOf(STOP);
    if (stop < 0) {
      return true;
    }
    batch.subList(stop, batch.size()).clear();
    return false;
  }

  /** Refuses all that waits. */
  void refuseAll() {
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
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
