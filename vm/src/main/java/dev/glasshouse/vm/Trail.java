package dev.glasshouse.vm;

import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a guest so that a call, or a whole entry, can be undone: a copy of the heap every now and
 * then, and since then each turn with the answers that the host gave it. Undoing puts the copy back
 * and runs those turns again.
 *
 * <p>A copy before every call would cost more than most calls do.
 */
final class Trail {
  /** Turns between two copies of a heap of up to {@link #SMALL_HEAP}; larger heaps wait longer. */
  private static final int TURNS = 512;

  private static final long SMALL_HEAP = 4L << 20;

  /** Bytes of requests and answers between two copies; also of the answers to one turn. */
  private static final long MAX_BYTES = 8L << 20;

  /** What each of them costs beside its bytes. */
  private static final long OVERHEAD = 64;

  /** Interrupt polls between two copies of a small heap, so that undoing a call is never long. */
  private static final long POLLS = 50;

  /** Milliseconds of the host's clock, for what takes long and uses no fuel. */
  private static final long MILLIS = 500;

  private record Step(Turn turn, long time, List<HostReply> answers) {}

  private final Sandbox sandbox;
  private final long fuel;

  // An entry can be undone from the first leg, a call from the last. They are the same until a copy
  // is made in the middle of an entry.
  private Leg entryLeg;
  private int entryStart;
  private Leg leg;
  private int callStart;

  /** Starts at the guest as it is now. */
  Trail(Sandbox sandbox, long fuel) {
    this.sandbox = sandbox;
    this.fuel = fuel;
    this.leg = new Leg(0);
    this.entryLeg = leg;
  }

  /** An entry begins here: {@link #undoEntry} comes back to this point. */
  void beginEntry() {
    entryLeg = leg.isLong() ? new Leg(leg.slot) : leg;
    leg = entryLeg;
    entryStart = leg.steps.size();
    callStart = entryStart;
  }

  /** A call begins here: {@link #undoCall} comes back to this point. */
  void beginCall() {
    if (leg.isLong()) {
      markAgain();
    }
    callStart = leg.steps.size();
  }

  /** One turn. When it was trapped or threw, the call or the entry must be undone. */
  Reply run(Turn turn, long time, long allowed, HostCalls host) {
    Recorder recorder = new Recorder(host);
    Reply reply = sandbox.run(turn, time, allowed, recorder);
    if (reply.trap() == null) {
      leg.add(new Step(turn, time, recorder.answers), recorder, reply.fuel());
    }
    return reply;
  }

  /** What the last turns took of the host's time: where copies are made changes no guest. */
  void took(long millis) {
    leg.millis += millis;
  }

  /** Puts the guest back to where the call began. */
  void undoCall() {
    leg.goBack(callStart);
    if (callStart > 0) {
      // The next trap may come at once, and would pay for the same turns again.
      markAgain();
      callStart = 0;
    }
  }

  /** Puts the guest back to where the entry began. */
  void undoEntry() {
    leg = entryLeg;
    leg.goBack(entryStart);
    callStart = entryStart;
  }

  // The copy from which the entry can be undone stays.
  private void markAgain() {
    boolean atEntry = leg == entryLeg && leg.steps.size() == entryStart;
    leg = new Leg(atEntry ? leg.slot : 1 - entryLeg.slot);
    if (atEntry) {
      entryLeg = leg;
      entryStart = 0;
    }
  }

  /** A copy of the heap, and the turns since. */
  private final class Leg {
    private final int slot;
    private final long scale;
    private final List<Step> steps = new ArrayList<>();
    private long bytes;
    private long polls;
    private long millis;
    private boolean broken;

    Leg(int slot) {
      this.slot = slot;
      this.scale = 1 + sandbox.mark(slot) / SMALL_HEAP;
    }

    void add(Step step, Recorder recorder, long used) {
      steps.add(step);
      bytes += step.turn.length() + OVERHEAD + recorder.bytes;
      polls += used;
      broken |= recorder.isFull();
    }

    boolean isLong() {
      return broken
          || steps.size() >= TURNS * scale
          || polls > POLLS * scale
          || millis > MILLIS
          || bytes > MAX_BYTES;
    }

    // What was broken lies behind the point to go back to: after it, no call began in this leg.
    void goBack(int size) {
      sandbox.rewind(slot);
      steps.subList(size, steps.size()).clear();
      for (Step step : steps) {
        sandbox.run(step.turn, step.time, fuel, new Player(step.answers));
      }
      broken = false;
    }
  }

  // Keeps the answers of one turn up to a limit: a turn may ask for more than memory holds.
  private static final class Recorder implements HostCalls {
    private final HostCalls host;
    private List<HostReply> answers = new ArrayList<>(0);
    private long bytes;

    Recorder(HostCalls host) {
      this.host = host;
    }

    @Override
    public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
      HostReply reply = host.answer(op, text, body, fork);
      // What a fork asks for is not asked again: only the oracle's answer reaches the guest.
      if (!fork && reply != HostReply.runFork() && !isFull()) {
        answers.add(reply);
        bytes += reply.length() + OVERHEAD;
        if (isFull()) {
          answers = List.of();
        }
      }
      return reply;
    }

    boolean isFull() {
      return bytes > MAX_BYTES;
    }
  }

  private static final class Player implements HostCalls {
    private final List<HostReply> answers;
    private int next;

    Player(List<HostReply> answers) {
      this.answers = answers;
    }

    @Override
    public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
      return answers.get(next++);
    }
  }
}
