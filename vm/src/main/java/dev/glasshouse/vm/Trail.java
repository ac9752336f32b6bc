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

  private record Step(byte[] request, long time, List<HostReply> answers) {}

  private final Sandbox sandbox;
  private final long fuel;
  private final List<Step> steps = new ArrayList<>();
  private long marked;
  private long answerBytes;

  /** Starts at the guest as it is now. */
  Trail(Sandbox sandbox, long fuel) {
    this.sandbox = sandbox;
    this.fuel = fuel;
    mark();
  }

  /** Calls the guest. After a trap the heap is what it was before the call. */
  Reply call(byte[] request, long time, HostCalls host) {
    if (steps.size() >= CALLS * (1 + marked / SMALL_HEAP) || answerBytes > MAX_ANSWERS) {
      mark();
    }
    Recorder recorder = new Recorder(host);
    Reply reply = sandbox.call(request, time, fuel, recorder);
    if (reply.trap() != null) {
      rewind();
      return reply;
    }
    steps.add(new Step(request, time, recorder.answers));
    answerBytes += recorder.bytes;
    return reply;
  }

  private void mark() {
    marked = sandbox.mark();
    steps.clear();
    answerBytes = 0;
  }

  private void rewind() {
    sandbox.rewind();
    for (Step step : steps) {
      sandbox.call(step.request, step.time, fuel, new Player(step.answers));
    }
  }

  private static final class Recorder implements HostCalls {
    private final HostCalls host;
    private final List<HostReply> answers = new ArrayList<>(0);
    private long bytes;

    Recorder(HostCalls host) {
      this.host = host;
    }

    @Override
    public HostReply answer(HostOp op, String text, byte[] body, boolean fork) {
      HostReply reply = host.answer(op, text, body, fork);
      // What a fork asks for is not asked again: only the oracle's answer reaches the guest.
      if (!fork && reply != HostReply.runFork()) {
        answers.add(reply);
        bytes += reply.length();
      }
      return reply;
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
