package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImagePages;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.TakenImage;
import dev.glasshouse.vm.sandbox.AbortedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The script-wide lock: takes due timers and requests one at a time, in order, executes them and
 * hands the entries on to be made durable. Nothing here waits for the disk, unless more has
 * gathered for it than there is room for.
 *
 * <p>Confined to the module's thread.
 */
final class Sequencer {
  /** Timers that may run before the requests of a turn; those left are due before the next. */
  static final int MAX_TIMERS = 32;

  /** Bytes of executed entries that may gather here. */
  private static final long MAX_BYTES = 8L << 20;

  /** Bytes of an entry that does not keep the disk busy for longer than a sync takes. */
  private static final long SHORT_BYTES = 64 << 10;

  // An entry whose execution took long is not kept waiting for those that follow it.
  private static final long MAX_GATHERING_NANOS = 1_000_000;

  private final CallLog log;
  private final Executor executor;
  private final InFlight inFlight;
  private final LongSupplier clock;
  private final ImageSchedule images;
  private final BooleanSupplier stopping;
  private final Answers answers;
  private final Committer committer;
  private final ModuleMeters meters;
  private final Machine machine;
  private final List<Executed> gathered = new ArrayList<>();
  private long gatheredBytes;
  private long lastTime;

  /**
   * Goes on at the end of a log.
   *
   * @param stopping whether a wait that ends early was ended by the host's stop
   * @param lastTime what the guest's clock showed last
   */
  Sequencer(
      CallLog log,
      Executor executor,
      PendingBlobs blobs,
      LongSupplier clock,
      ImageSchedule images,
      BooleanSupplier stopping,
      long lastTime,
      Answers answers,
      Committer committer,
      ModuleMeters meters,
      Machine machine) {
    this.log = log;
    this.executor = executor;
    this.inFlight = new InFlight(blobs, log.head().size(), log.lastLeaf());
    this.clock = clock;
    this.images = images;
    this.stopping = stopping;
    this.answers = answers;
    this.committer = committer;
    this.meters = meters;
    this.machine = machine;
    this.lastTime = lastTime;
  }

  /**
   * Has one turn: runs the timers that are due, then admits and executes each request. What comes
   * of it is on its way into the log when this returns; whoever asked is answered when it is there.
   *
   * <p>When this throws, the module's state is unknown.
   *
   * @param timers whether timers have their turn
   * @param alone whether nobody waits for the end of this turn: its entries may then be durable
   *     before it ends
   * @throws TimerFailedException if it was a timer that the host failed with
   * @throws CommitException if entries of an earlier turn could not be made durable
   */
  void serve(List<Waiting> requests, boolean timers, boolean alone) {
    committer.requireWorking();
    inFlight.forget(committer.durable());
    long begun = machine.nanoTime();
    if (timers) {
      fireDue();
    }
    for (Waiting waiting : requests) {
      try {
        take(waiting);
      } catch (CallRefused e) {
        // If we stop here, the caller hears nothing and may ask again: nothing was executed.
        waiting.refuse(e);
      }
      long now = machine.nanoTime();
      if (gatheredBytes >= MAX_BYTES
          || (now - begun >= MAX_GATHERING_NANOS && committer.isIdle())) {
        handOn();
        begun = now;
      }
    }
    if (images.isDue(clock.getAsLong())) {
      takeImage();
    }
    if (alone && gathered.size() == 1 && isShort(gathered.get(0))) {
      committer.append(gathered);
      forgetGathered();
    } else {
      handOn();
    }
  }

  /** Leaves an image behind, so that the next start has nothing to replay. */
  void finish() {
    if (images.isDueAtStop()) {
      takeImage();
      handOn();
    }
  }

  /** Milliseconds until something is to be done that nobody asks for; 0 or less for now. */
  long idleMillis(boolean timers) {
    long due = timers && executor.due() >= 0 ? executor.due() : ImageSchedule.NEVER;
    long next = Math.min(due, images.dueAt());
    return next == ImageSchedule.NEVER ? ImageSchedule.NEVER : next - clock.getAsLong();
  }

  // Whoever comes next does not wait long for its disk, nor ever for an image's. Who gathers calls
  // has others on the way, which are better executed meanwhile.
  private static boolean isShort(Executed executed) {
    return executed.submission() != null
        && executed.submission().calls().size() == 1
        && executed.bytes() <= SHORT_BYTES;
  }

  private void handOn() {
    if (!gathered.isEmpty()) {
      // If we stop here, all that was executed is forgotten and nobody was told.
      committer.hand(gathered);
      forgetGathered();
    }
  }

  private void forgetGathered() {
    gathered.clear();
    gatheredBytes = 0;
    inFlight.forget(committer.durable());
  }

  private void fireDue() {
    try {
      for (int i = 0; i < MAX_TIMERS && executor.due() >= 0; i++) {
        long time = now();
        if (executor.due() > time || !fire(time)) {
          return;
        }
      }
    } catch (RuntimeException | Error e) {
      throw new TimerFailedException(e);
    }
  }

  private boolean fire(long time) {
    Execution.Derived derived;
    long begun = machine.nanoTime();
    try {
      Execution execution = executor.timer(time, InputTape.recording());
      meters.executed(machine.nanoTime() - begun, execution.outcomes());
      derived = execution.timer(inFlight.next(), inFlight.prev(), time);
    } catch (AbortedException e) {
      if (stopping.getAsBoolean()) {
        // The timer is in the heap as before, and due again after the next start.
        return false;
      }
      derived = executor.drop(time).abort(inFlight.next(), inFlight.prev(), time, null, null);
    }
    add(derived, null, null, null, List.of());
    return true;
  }

  private void take(Waiting waiting) {
    Submission submission = waiting.submission();
    if (submission.signed() != null) {
      if (inFlight.joins(waiting, submission) || answers.again(waiting, submission)) {
        return;
      }
      try {
        admit(submission);
      } catch (CallRefused e) {
        Executed last = inFlight.last(submission.session());
        if (last == null || e.reason() != CallRefused.Reason.USED_NUMBER) {
          throw e;
        }
        // If we stop here, that number may not have been used at all.
        waiting.refuseAfter(last.waiting(), e);
        return;
      }
    }
    execute(waiting, submission);
  }

  private void admit(Submission submission) {
    Admission.State state =
        new Admission.State() {
          @Override
          public long lastNumber(PublicKey key, String session) {
            Long last = inFlight.lastNumber(new CallerSession(key, session));
            return last != null ? last : log.lastNumber(key, session);
          }

          @Override
          public Hash rootAt(long size) {
            return log.rootAt(size);
          }
        };
    // A head that is in flight is not signed yet: nobody can have seen it.
    Admission.check(
        submission.signed(), submission.session().key(), log.id(), log.head().size(), state);
  }

  private void execute(Waiting waiting, Submission submission) {
    long time = now();
    long seq = inFlight.next();
    Hash prev = inFlight.prev();
    List<Outcome> outcomes;
    Execution.Derived derived;
    long begun = machine.nanoTime();
    meters.waited(begun - waiting.since());
    try {
      Execution execution =
          executor.execute(
              submission.caller().id(), submission.calls(), time, InputTape.recording());
      outcomes = execution.outcomes();
      meters.executed(machine.nanoTime() - begun, outcomes);
      derived = execution.call(seq, prev, time, submission.caller(), submission.request());
    } catch (AbortedException e) {
      if (stopping.getAsBoolean()) {
        throw new CallRefused(CallRefused.Reason.STOPPED, RequestQueue.SHUTTING_DOWN);
      }
      outcomes = List.of();
      derived =
          executor.nothing(time).abort(seq, prev, time, submission.caller(), submission.request());
    }
    add(derived, null, waiting, submission, outcomes);
  }

  private void takeImage() {
    long time = now();
    TakenImage image = executor.image(time);
    Execution.Derived derived = image.entry(inFlight.next(), inFlight.prev(), time);
    add(derived, image.pages(), null, null, List.of());
    images.taken();
  }

  private void add(
      Execution.Derived derived,
      ImagePages image,
      Waiting waiting,
      Submission submission,
      List<Outcome> outcomes) {
    boolean isSigned = submission != null && submission.signed() != null;
    CallLog.Pending pending =
        new CallLog.Pending(
            derived.bytes(),
            derived.blobs(),
            isSigned ? submission.signed() : null,
            isSigned ? submission.session().key() : null,
            image);
    Executed executed =
        new Executed(inFlight.next(), pending, waiting, submission, outcomes, executor.root());
    inFlight.add(executed);
    gathered.add(executed);
    gatheredBytes += executed.bytes();
    lastTime = Math.max(lastTime, derived.time());
    images.added(1, lastTime);
  }

  private long now() {
    return Math.max(lastTime, clock.getAsLong());
  }
}
