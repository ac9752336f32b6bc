package dev.glasshouse.vm;

import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.sandbox.AbortedException;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.util.function.Supplier;

/**
 * The guest of one log: its sandbox, the trail by which turns are undone, its timers, under the
 * eyes of the host's watchdog.
 */
final class Guest implements AutoCloseable {
  /**
   * What a call or a timer's turn came to.
   *
   * @param text {@code v…} or {@code e…}, or null after a trap
   * @param trap why it was stopped, or null
   * @param fuel interrupt polls used
   * @param time what the guest's clock showed at the end
   */
  record Answer(String text, Reply.Trap trap, long fuel, long time) {
    static Answer failed(String name, String message, long fuel, long time) {
      return new Answer("e[\"" + name + "\",\"" + message + "\"]", null, fuel, time);
    }
  }

  private final Sandbox sandbox;
  private final Limits limits;
  private final Watch watch;
  private final long pollMillis;
  private Trail trail;
  private long due = Reply.NO_TIMER;
  private long dueAtEntry = due;

  Guest(SandboxEngine engine, Limits limits, Watch watch) {
    this.limits = limits;
    this.watch = watch;
    this.pollMillis = engine.pollMillis();
    this.sandbox = engine.open(GuestImage.bundled(), limits.heap(), limits.stack());
  }

  /** Loads a script. After a trap or an exception the guest is of no more use. */
  Answer load(Script script, long time, GuestHost host) {
    return watched(
        () -> {
          Reply loaded = sandbox.load(script, time, limits.fuel(), host);
          if (loaded.trap() != null) {
            return new Answer(null, loaded.trap(), loaded.fuel(), time);
          }
          trail = new Trail(sandbox, limits.fuel());
          return settle(loaded, time, host);
        });
  }

  /** Puts an image in the place of the guest. */
  void restore(HeapImage image, long dueThen) {
    sandbox.restore(image);
    trail = new Trail(sandbox, limits.fuel());
    due = dueThen;
  }

  /** An entry begins here: {@link #undoEntry} comes back to this point. */
  void beginEntry() {
    trail.beginEntry();
    dueAtEntry = due;
  }

  /**
   * A method call. After a trap the guest is what it was before.
   *
   * @throws AbortedException when the watchdog ended it; the entry must be undone
   */
  Answer call(String method, String caller, String params, long time, GuestHost host) {
    return undoneIfTrapped(Turn.call(method, caller, params), time, host);
  }

  /**
   * The turn of the earliest timer, which is due. After a trap the guest is what it was before, but
   * for that timer.
   */
  Answer timer(long time, GuestHost host) {
    Answer answer = undoneIfTrapped(Turn.TIMER, time, host);
    if (answer.trap() != null) {
      drop(time, host);
    }
    return answer;
  }

  /** Forgets the earliest timer, so that what its callback does is not tried forever. */
  void drop(long time, GuestHost host) {
    Answer answer = undoneIfTrapped(Turn.DROP, time, host);
    if (answer.trap() != null) {
      // A guest without room even for this has no timers until a call finds room again.
      due = Reply.NO_TIMER;
    }
  }

  /** Puts the guest back to where the entry began. */
  void undoEntry() {
    trail.undoEntry();
    due = dueAtEntry;
  }

  /** When the earliest outstanding timer is due, or {@link Reply#NO_TIMER}. */
  long due() {
    return due;
  }

  HeapImage image() {
    return sandbox.image();
  }

  @Override
  public void close() {
    sandbox.close();
  }

  private Answer undoneIfTrapped(Turn turn, long time, GuestHost host) {
    trail.beginCall();
    long dueBefore = due;
    Answer answer = watched(() -> settle(trail.run(turn, time, limits.fuel(), host), time, host));
    if (answer.trap() != null) {
      trail.undoCall();
      due = dueBefore;
    }
    return answer;
  }

  // While the call waits for a timer, so does the log: each firing moves the guest's clock.
  private Answer settle(Reply first, long start, GuestHost host) {
    Reply reply = first;
    long used = reply.fuel();
    long time = start;
    while (reply.trap() == null && reply.isWaiting()) {
      due = reply.due();
      if (due - start > limits.waiting()) {
        return Answer.failed(
            "TimeoutError",
            "the call waits for a timer that is due "
                + (due - start)
                + " ms after its start, more than the limit of "
                + limits.waiting()
                + " ms",
            used,
            time);
      }
      if (due > time) {
        if (host.isFull()) {
          return Answer.failed(
              "RangeError",
              "more than "
                  + Input.MAX_PER_ENTRY
                  + " oracle answers, random seeds and waits in one request",
              used,
              time);
        }
        time = host.waitUntil(due);
      }
      reply = trail.run(Turn.FIRE, time, limits.fuel() - used, host);
      used += reply.fuel();
    }
    if (reply.trap() != null) {
      return new Answer(null, reply.trap(), used, time);
    }
    due = reply.due();
    return new Answer(reply.outcome(), null, used, time);
  }

  private Answer watched(Supplier<Answer> turns) {
    watch.begin(sandbox, limits.watchdog(), pollMillis);
    try {
      return turns.get();
    } finally {
      long millis = watch.end();
      if (trail != null) {
        trail.took(millis);
      }
    }
  }
}
