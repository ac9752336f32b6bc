package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.rpc.witness.Cosigning;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.TakenImage;
import dev.glasshouse.vm.sandbox.AbortedException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The script-wide lock: takes due timers and requests one at a time, in order, and answers no
 * request before it is durable. All that is there when a batch starts shares one sync and one
 * checkpoint.
 *
 * <p>Confined to the module's thread.
 */
final class Sequencer {
  /** Bytes of blobs that may wait in memory for one sync. */
  static final long MAX_PENDING_BYTES = 64L << 20;

  /** Timers that may run before the requests of a batch; those left are due before the next. */
  static final int MAX_TIMERS = 32;

  private final CallLog log;
  private final Executor executor;
  private final BatchBlobs blobs;
  private final LongSupplier clock;
  private final ImageSchedule images;
  private final BooleanSupplier stopping;
  private final Answers answers;
  private long lastTime;
  private Batch running;

  /**
   * Goes on at the end of a log.
   *
   * @param stopping whether a wait that ends early was ended by the host's stop
   * @param lastTime what the guest's clock showed last
   * @param cosigning who may have to cosign before anyone is answered
   */
  Sequencer(
      CallLog log,
      Executor executor,
      BatchBlobs blobs,
      LongSupplier clock,
      ImageSchedule images,
      BooleanSupplier stopping,
      long lastTime,
      Cosigning cosigning) {
    this.log = log;
    this.executor = executor;
    this.blobs = blobs;
    this.clock = clock;
    this.images = images;
    this.stopping = stopping;
    this.answers = new Answers(log, cosigning);
    this.lastTime = lastTime;
  }

  /**
   * Serves one batch: run the timers that are due, admit and execute each request, append all,
   * answer all. A batch that writes much is appended in several parts.
   *
   * <p>When this throws, nothing of the batch was answered with success and the module's state is
   * unknown.
   *
   * @param timers whether timers have their turn
   * @param committed runs when the batch is durable, before anyone is answered
   * @throws TimerFailedException if it was a timer that the host failed with
   */
  void serve(List<Waiting> requests, boolean timers, Runnable committed) {
    running = new Batch(log.head().size(), log.lastLeaf());
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
      if (running.bytes() >= MAX_PENDING_BYTES) {
        commit(committed);
      }
    }
    if (images.isDue(clock.getAsLong())) {
      takeImage();
    }
    commit(committed);
  }

  /** Leaves an image behind, so that the next start has nothing to replay. */
  void finish(Runnable committed) {
    if (images.isDueAtStop()) {
      running = new Batch(log.head().size(), log.lastLeaf());
      takeImage();
      commit(committed);
    }
  }

  /** Milliseconds until something is to be done that nobody asks for; 0 or less for now. */
  long idleMillis(boolean timers) {
    long due = timers && executor.due() >= 0 ? executor.due() : ImageSchedule.NEVER;
    long next = Math.min(due, images.dueAt());
    return next == ImageSchedule.NEVER ? ImageSchedule.NEVER : next - clock.getAsLong();
  }

  private void commit(Runnable committed) {
    if (running.isEmpty()) {
      return;
    }
    // If we stop here, all that was executed is forgotten and nobody was told.
    SignedCheckpoint checkpoint = log.append(running.pending());
    blobs.clear();
    committed.run();
    // If we stop here, the callers ask again and are given the receipts of the entries.
    answers.give(running, checkpoint.head().size());
    if (running.hasImage()) {
      // If we stop here, the next image's pruning drops what this one would have.
      log.pruneImages();
    }
    running = new Batch(log.head().size(), log.lastLeaf());
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
    try {
      derived =
          executor.timer(time, InputTape.recording()).timer(running.seq(), running.prev(), time);
    } catch (AbortedException e) {
      if (stopping.getAsBoolean()) {
        // The timer is in the heap as before, and due again after the next start.
        return false;
      }
      derived = executor.drop(time).abort(running.seq(), running.prev(), time, null, null);
    }
    added(derived);
    running.add(derived, null);
    return true;
  }

  private void take(Waiting waiting) {
    Submission submission = waiting.submission();
    if (submission.signed() != null) {
      if (running.joins(waiting, submission) || answers.again(waiting, submission)) {
        return;
      }
      admit(submission);
    }
    execute(waiting, submission);
  }

  private void admit(Submission submission) {
    Admission.State state =
        new Admission.State() {
          @Override
          public long lastNumber(PublicKey key, String session) {
            Long inBatch = running.lastNumber(new CallerSession(key, session));
            return inBatch != null ? inBatch : log.lastNumber(key, session);
          }

          @Override
          public Hash rootAt(long size) {
            return log.rootAt(size);
          }
        };
    // A head within this batch is not signed yet: nobody can have seen it.
    Admission.check(
        submission.signed(), submission.session().key(), log.id(), log.head().size(), state);
  }

  private void execute(Waiting waiting, Submission submission) {
    long time = now();
    long seq = running.seq();
    Hash prev = running.prev();
    List<Outcome> outcomes;
    Execution.Derived derived;
    try {
      Execution execution =
          executor.execute(
              submission.caller().id(), submission.calls(), time, InputTape.recording());
      outcomes = execution.outcomes();
      derived = execution.call(seq, prev, time, submission.caller(), submission.request());
    } catch (AbortedException e) {
      if (stopping.getAsBoolean()) {
        throw new CallRefused(CallRefused.Reason.STOPPED, RequestQueue.SHUTTING_DOWN);
      }
      outcomes = List.of();
      derived =
          executor.nothing(time).abort(seq, prev, time, submission.caller(), submission.request());
    }
    added(derived);
    running.add(derived, waiting, submission, outcomes);
  }

  private void takeImage() {
    long time = now();
    TakenImage image = executor.image(time);
    Execution.Derived derived = image.entry(running.seq(), running.prev(), time);
    added(derived);
    running.add(derived, image.pages());
    images.taken();
  }

  private void added(Execution.Derived derived) {
    blobs.add(derived.blobs());
    lastTime = Math.max(lastTime, derived.time());
    images.added(1, lastTime);
  }

  private long now() {
    return Math.max(lastTime, clock.getAsLong());
  }
}
