package dev.glasshouse.vm;

import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostOp;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls a guest so that a call which is stopped by a limit can be undone: a copy of the heap every
 * now and then, and since then each call with the answers that the host gave it. Undoing puts the
 * copy back and calls again.
 *
 * <p>A copy before every call would cost more than most calls do.
 */
final class Trail {
  /** Calls between two copies of a heap of up to {@link #SMALL_HEAP}; larger heaps wait longer. */
  private static final int CALLS = 64;

  private static final long SMALL_HEAP = 4L << 20;
  private static final long MAX_ANSWERS = 8L << 20;

  /** What an answer costs beside its bytes. */
  private static final long ANSWER_OVERHEAD = 64;

  /** Interrupt polls between two copies of a small heap, so that undoing a call is never long. */
  private static final long POLLS = 50;

  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Step(byte[] request, long time, List<HostReply> answers) {}

  private final Sandbox sandbox;
  private final long fuel;
  private final List<Step> steps = new ArrayList<>();
  private long marked;
  private long answerBytes;
  private long polls;

  /** Starts at the guest as it is now. */
  Trail(Sandbox sandbox, long fuel) {
    this.sandbox = sandbox;
    this.fuel = fuel;
    mark();
  }

  /** Calls the guest. After a trap the heap is what it was before the call. */
  Reply call(byte[] request, long time, HostCalls host) {
    long scale = 1 + marked / SMALL_HEAP;
    if (steps.size() >= CALLS * scale || polls > POLLS * scale || answerBytes > MAX_ANSWERS) {
      mark();
    }
    Recorder recorder = new Recorder(host);
    Reply reply = sandbox.call(request, time, fuel, recorder);
    if (reply.trap() != null) {
      rewind();
      return reply;
    }
    if (recorder.isFull()) {
      mark();
    } else {
      steps.add(new Step(request, time, recorder.answers));
      answerBytes += recorder.bytes;
      polls += reply.fuel();
    }
    return reply;
  }

  private void mark() {
    marked = sandbox.mark();
    steps.clear();
    answerBytes = 0;
    polls = 0;
  }

  private void rewind() {
    sandbox.rewind();
    for (Step step : steps) {
      sandbox.call(step.request, step.time, fuel, new Player(step.answers));
    }
    if (!steps.isEmpty()) {
      // The next trap may come at once, and would pay for the same steps again.
      mark();
    }
  }

  // Keeps the answers of one call up to a limit: a call may ask for more than memory holds.
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
        bytes += reply.length() + ANSWER_OVERHEAD;
        if (isFull()) {
          answers = List.of();
        }
      }
      return reply;
    }

    boolean isFull() {
      return bytes > MAX_ANSWERS;
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
