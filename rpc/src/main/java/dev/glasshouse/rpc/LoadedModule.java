package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.witness.Cosigning;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;

/** A module's log and guest, at the same point. Confined to the module's thread but for reading. */
final class LoadedModule implements AutoCloseable {
  private final CallLog log;
  private final Executor executor;
  private final Sequencer sequencer;
  private final Cosigning cosigning;
  private final String methods;
  private volatile Hash filesRoot;
  private boolean closed;

  LoadedModule(CallLog log, Executor executor, Sequencer sequencer, Cosigning cosigning) {
    this.log = log;
    this.executor = executor;
    this.sequencer = sequencer;
    this.cosigning = cosigning;
    this.methods = ((Outcome.Ok) log.genesis().outcome()).value().read(log.store());
    this.filesRoot = executor.root();
  }

  /** Serves a batch; {@code timers} says whether timers have their turn. */
  void serve(List<Waiting> batch, boolean timers) {
    sequencer.serve(batch, timers, this::committed);
  }

  /** Does what is to be done before a clean stop. */
  void finish() {
    sequencer.finish(this::committed);
  }

  /** Milliseconds until something is to be done that nobody asks for; 0 or less for now. */
  long idleMillis(boolean timers) {
    return sequencer.idleMillis(timers);
  }

  private void committed() {
    filesRoot = executor.root();
    cosigning.appended(log);
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
    try {
      executor.close();
    } finally {
      log.close();
    }
  }
}
