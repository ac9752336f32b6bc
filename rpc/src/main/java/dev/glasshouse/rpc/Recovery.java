package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.vm.DamagedImageException;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a guest to the end of a log: from the newest image that is all there, or else from
 * genesis, by executing every entry after it and comparing every byte.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Path dir;
  private final CallLog log;
  private final PendingBlobs blobs;
  private final SandboxEngine engine;
  private final World world;

  /**
   * A guest at the end of its log.
   *
   * @param time what the guest's clock showed last
   * @param sinceImage entries that came after the last image
   */
  record Recovered(Executor executor, long time, long sinceImage) {}

  Recovery(Path dir, CallLog log, PendingBlobs blobs, SandboxEngine engine, World world) {
    this.dir = dir;
    this.log = log;
    this.blobs = blobs;
    this.engine = engine;
    this.world = world;
  }

  Recovered recover() throws ScriptException {
    Replay.requireInterpreter(log.genesis());
    for (long index : log.images()) {
      Entry entry = log.entry(index);
      Executor executor = restore((ImageEntry) entry);
      if (executor != null) {
        return replay(executor, index, entry.time());
      }
    }
    GenesisEntry genesis = log.genesis();
    Executor executor = new Executor(engine, genesis.limits(), blobs, world);
    try {
      Execution.Derived derived = Replay.genesis(executor, genesis, log.store());
      require(0, genesis, derived);
      return replay(executor, 0, derived.time());
    } catch (ScriptException | RuntimeException | Error e) {
      executor.close();
      throw e;
    }
  }

  // Null if the image is damaged.
  private Executor restore(ImageEntry entry) {
    try {
      return Executor.restore(engine, log.genesis(), entry, blobs, this::page, world);
    } catch (DamagedImageException e) {
      LOG.warn(
          "the image at entry {} cannot be used, {}; starting from an earlier one",
          entry.seq(),
          e.getMessage());
      return null;
    }
  }

  // An image is only worth time: unlike an entry, a damaged page is no reason not to start.
  private byte[] page(Hash hash) {
    try {
      return log.store().page(hash);
    } catch (StoreDamagedException e) {
      LOG.warn("{}", e.getMessage());
      return null;
    }
  }

  private Recovered replay(Executor executor, long from, long startTime) {
    try {
      long time = startTime;
      long lastImage = from;
      long size = log.head().size();
      for (long index = from + 1; index < size; index++) {
        Entry entry = log.entry(index);
        Execution.Derived derived = Replay.entry(executor, entry, log.store());
        require(index, entry, derived);
        time = derived.time();
        if (entry instanceof ImageEntry) {
          lastImage = index;
        }
      }
      if (size - 1 > from) {
        LOG.info("replayed {} entries, those after entry {}", size - 1 - from, from);
      }
      // The next image mends what is damaged in pages that it has in common with earlier ones.
      executor.forgetImages();
      return new Recovered(executor, time, size - 1 - lastImage);
    } catch (RuntimeException | Error e) {
      executor.close();
      throw e;
    }
  }

  private void require(long index, Entry entry, Execution.Derived derived) {
    // Equal entries have equal bytes, which need not be formatted to be compared.
    if (!derived.entry().equals(entry)
        && !Arrays.equals(log.store().entry(index), derived.bytes())) {
      throw new ModuleException(
          "entry "
              + index
              + " of the log in "
              + dir
              + " does not replay to the same bytes. Expected "
              + new String(log.store().entry(index), StandardCharsets.UTF_8)
              + ", got "
              + new String(derived.bytes(), StandardCharsets.UTF_8)
              + ". Nothing was changed. Keep the directory and report this.");
    }
  }
}
