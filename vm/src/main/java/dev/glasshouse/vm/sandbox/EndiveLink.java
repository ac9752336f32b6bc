package dev.glasshouse.vm.sandbox;

/**
 * What joins the guest's machines to the world around them during a turn: the host that answers,
 * and the other threads that may interrupt it or watch its progress.
 *
 * <p>Compiled code looks at its thread's interrupt flag at every backward jump. The flag is set
 * only while the guest runs: the host's own work, which may be input or output that such a flag
 * would break, is never interrupted.
 */
final class EndiveLink {
  private final Object lock = new Object();
  private Thread runner;
  private boolean outside;
  private boolean interrupted;
  private volatile int progress;
  private HostCalls host;
  private RuntimeException thrownByHost;

  /** The calling thread begins a turn. */
  void begin(HostCalls calls) {
    host = calls;
    thrownByHost = null;
    synchronized (lock) {
      runner = Thread.currentThread();
      outside = false;
      interrupted = false;
    }
  }

  /** The turn is over: from now on an interruption has no effect. */
  void end() {
    host = null;
    synchronized (lock) {
      runner = null;
      clearFlag();
    }
  }

  boolean wasInterrupted() {
    synchronized (lock) {
      return interrupted;
    }
  }

  /** What the host threw during the turn, or null. */
  RuntimeException thrownByHost() {
    return thrownByHost;
  }

  /** From any thread: ends the turn that is running, if one is. */
  void interrupt() {
    synchronized (lock) {
      if (runner == null) {
        return;
      }
      interrupted = true;
      if (!outside) {
        runner.interrupt();
      }
    }
  }

  /** From any thread: the polls so far, of all turns. */
  int progress() {
    return progress;
  }

  /** The guest has used more interrupt polls. Called by the running thread alone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void progress(int polls) {
    progress += polls;
  }

  /** Asks the host. What it throws is to unwind the guest, which is of no more use then. */
  HostReply ask(HostOp op, String text, byte[] body, boolean fork) {
    cross(true);
    HostReply reply;
    try {
      reply = host.answer(op, text, body, fork);
    } catch (RuntimeException e) {
      thrownByHost = e;
      throw e;
    }
    cross(false);
    return reply;
  }

  private void cross(boolean outwards) {
    synchronized (lock) {
      outside = outwards;
      if (interrupted) {
        throw new AbortedException();
      }
    }
  }

  // Only what interrupt() set: a flag that others set is theirs.
  private void clearFlag() {
    if (interrupted) {
      Thread.interrupted();
    }
  }
}
