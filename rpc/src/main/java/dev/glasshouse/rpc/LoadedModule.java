package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.rpc.witness.Cosigning;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A module's log and guest. Confined to the module's thread but for reading. */
final class LoadedModule implements AutoCloseable {
  private final CallLog log;
  private final Executor executor;
  private final Cosigning cosigning;
  private final Answers answers;
  private final Committer committer;
  private final Sequencer sequencer;
  private final ModuleMeters meters;
  private final Machine machine;
  private final String methods;
  private volatile Hash filesRoot;
  private boolean closed;

  /**
   * Takes over log and guest, which are at the same point, and goes on from there.
   *
   * @param stopping whether a wait that ends early was ended by the host's stop
   * @param time what the guest's clock showed last
   * @param cosigning who hears of what becomes durable, and may have to cosign it before anyone is
   *     answered
   * @param meters what is reported to
   */
  LoadedModule(
      CallLog log,
      Executor executor,
      PendingBlobs blobs,
      LongSupplier clock,
      ImageSchedule images,
      BooleanSupplier stopping,
      long time,
      Cosigning cosigning,
      ModuleMeters meters,
      Machine machine) {
    this.log = log;
    this.executor = executor;
    this.methods = ((Outcome.Ok) log.genesis().outcome()).value().read(log.store());
    this.filesRoot = executor.root();
    this.cosigning = cosigning;
    this.meters = meters;
    this.machine = machine;
    meters.begin(log);
    this.answers = new Answers(log, cosigning);
    this.committer = new Committer(log.genesis().title(), log.head().size(), this::commit, machine);
    this.sequencer =
        new Sequencer(
            log, executor, blobs, clock, images, stopping, time, answers, committer, meters,
            machine);
  }

  /**
   * Has a turn; {@code timers} says whether timers have theirs, {@code alone} whether nobody waits
   * for its end.
   */
  void serve(List<Waiting> requests, boolean timers, boolean alone) {
    sequencer.serve(requests, timers, alone);
  }

  /** Does what is to be done before a clean stop: when this returns, all is durable. */
  void finish() {
    sequencer.finish();
    committer.settle();
  }

  /** Milliseconds until something is to be done that nobody asks for; 0 or less for now. */
  long idleMillis(boolean timers) {
    return sequencer.idleMillis(timers);
  }

  /** Takes no more turns; what was handed on is durable and answered when this returns. */
  void end() {
    committer.close();
  }

  // On the committer's thread or the module's, one at a time: from the first turn on nothing else
  // writes to the log.
  private void commit(List<Executed> entries) {
    // If we stop here, all that was executed is forgotten and nobody was told.
    long begun = machine.nanoTime();
    SignedCheckpoint checkpoint = log.append(entries.stream().map(Executed::pending).toList());
    meters.committed(machine.nanoTime() - begun, entries);
    filesRoot = entries.get(entries.size() - 1).root();
    cosigning.appended(log);
    // If we stop here, the callers ask again and are given the receipts of the entries.
    answers.give(entries, checkpoint.head().size());
    if (entries.stream().anyMatch(executed -> executed.pending().image() != null)) {
      // If we stop here, the next image's pruning drops what this one would have.
      log.pruneImages();
    }
  }

  CallLog log() {
    return log;
  }

  String methods() {
    return methods;
  }

  ArchiveTree files() {
    return ArchiveTree.open(filesRoot, log.store());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    committer.close();
    try {
      executor.close();
    } finally {
      log.close();
    }
  }
}
