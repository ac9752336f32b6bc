package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;
import java.util.function.LongSupplier;

/** A module's log and guest, at the same point. Confined to the module's thread but for reading. */
final class LoadedModule implements AutoCloseable {
  private final CallLog log;
  private final Executor executor;
  private final Sequencer sequencer;
  private final String methods;
  private volatile Hash filesRoot;
  private boolean closed;

  LoadedModule(
      CallLog log, Executor executor, BatchBlobs blobs, LongSupplier clock, long lastTime) {
    this.log = log;
    this.executor = executor;
    this.sequencer = new Sequencer(log, executor, blobs, clock, lastTime);
    this.methods = ((Outcome.Ok) log.genesis().outcome()).value().read(log.store());
    this.filesRoot = executor.root();
  }

  void serve(List<Waiting> batch) {
    sequencer.serve(batch, () -> filesRoot = executor.root());
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
