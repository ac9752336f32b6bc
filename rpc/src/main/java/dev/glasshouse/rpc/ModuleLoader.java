package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.GenesisEntry.BlobReference;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a module to the end of its log: starts a new log, or replays the one that is there. */
final class ModuleLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleLoader.class);
  private static final int NONCE_BYTES = 16;

  private final Path dir;
  private final Identity identity;
  private final List<Script> scripts;
  private final ModuleSettings settings;
  private final HostEnvironment environment;

  ModuleLoader(
      Path dir,
      Identity identity,
      List<Script> scripts,
      ModuleSettings settings,
      HostEnvironment environment) {
    this.dir = dir;
    this.identity = identity;
    this.scripts = scripts;
    this.settings = settings;
    this.environment = environment;
  }

  LoadedModule load() throws ScriptException {
    CallLog log = CallLog.open(dir, identity);
    try {
      return log.isEmpty() ? begin(log) : replay(log);
    } catch (ScriptException | RuntimeException | Error e) {
      log.close();
      throw e;
    }
  }

  /** Loads again after a failure of the host. */
  LoadedModule reload(LoadedModule failed) {
    try {
      failed.close();
    } catch (RuntimeException e) {
      // What failed may not close cleanly either. If its log is still open, loading says so.
      LOG.warn("the failed module did not close: {}", e.getMessage());
    }
    try {
      return load();
    } catch (ScriptException e) {
      throw new ModuleException("the script no longer loads", e);
    }
  }

  private LoadedModule begin(CallLog log) throws ScriptException {
    BatchBlobs blobs = new BatchBlobs(log.store());
    for (int i = 0; ; i++) {
      Executor executor = executor(blobs, limits(Limits.DEFAULT));
      try {
        GenesisEntry genesis = begin(log, executor, scripts.get(i));
        return new LoadedModule(log, executor, blobs, environment.clock(), genesis.time());
      } catch (ScriptException e) {
        executor.close();
        if (i == scripts.size() - 1) {
          throw e;
        }
      } catch (RuntimeException | Error e) {
        executor.close();
        throw e;
      }
    }
  }

  private GenesisEntry begin(CallLog log, Executor executor, Script script) throws ScriptException {
    GuestImage image = GuestImage.bundled();
    byte[] source = script.source().getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE_BYTES];
    environment.random().nextBytes(nonce);
    String hex = HexFormat.of().formatHex(nonce);
    long time = environment.clock().getAsLong();
    Execution execution = executor.load(script, time, InputTape.recording());
    GenesisEntry genesis =
        new GenesisEntry(
            time,
            GenesisEntry.origin(settings.title(), hex),
            identity.publicKey(),
            settings.debug(),
            settings.title(),
            hex,
            new GenesisEntry.ScriptReference(
                script.name(), script.kind().text(), reference(source)),
            reference(image.interpreter()),
            reference(image.bootstrap()),
            limits(Limits.DEFAULT),
            execution.inputs(),
            (Outcome.Ok) execution.outcomes().get(0),
            execution.writes(),
            execution.root());
    Map<Hash, byte[]> blobs = new LinkedHashMap<>(execution.blobs());
    byte[] bytes = genesis.format(blobs);
    for (byte[] blob : List.of(source, image.interpreter(), image.bootstrap())) {
      blobs.put(Hash.of(blob), blob);
    }
    log.append(List.of(new CallLog.Pending(bytes, blobs, null, null)));
    return genesis;
  }

  private LoadedModule replay(CallLog log) throws ScriptException {
    GenesisEntry genesis = log.genesis();
    requireSame(genesis);
    Replay.requireInterpreter(genesis);
    BatchBlobs blobs = new BatchBlobs(log.store());
    Executor executor = executor(blobs, genesis.limits());
    try {
      require(log, 0, Replay.genesis(executor, genesis, log.store()));
      long time = genesis.time();
      long size = log.head().size();
      for (long index = 1; index < size; index++) {
        Entry entry = log.entry(index);
        if (!(entry instanceof CallEntry call)) {
          throw new ModuleException("entry " + index + " is of a kind that cannot be replayed");
        }
        require(log, index, Replay.call(executor, call, log.store()));
        time = entry.time();
      }
      if (size > 1) {
        LOG.info("replayed {} entries", size);
      }
      return new LoadedModule(log, executor, blobs, environment.clock(), time);
    } catch (ScriptException | RuntimeException | Error e) {
      executor.close();
      throw e;
    }
  }

  private void require(CallLog log, long index, Execution.Derived derived) {
    if (!Arrays.equals(log.store().entry(index), derived.bytes())) {
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

  private void requireSame(GenesisEntry genesis) {
    GenesisEntry.ScriptReference logged = genesis.script();
    Hash given = Hash.of(scripts.get(0).source().getBytes(StandardCharsets.UTF_8));
    if (!logged.source().sha256().equals(given)) {
      throw new ModuleException(
          dir
              + " holds the log of another script: "
              + logged.name()
              + " with SHA-256 "
              + logged.source().sha256()
              + ", this one has "
              + given
              + ". Nothing was changed. Use --dir to serve it from another directory.");
    }
    if (genesis.debug() != settings.debug()) {
      throw new ModuleException(
          "the log in "
              + dir
              + " was started "
              + (genesis.debug() ? "with" : "without")
              + " --debug and says so to its auditors; start it the same way, or use another"
              + " --dir");
    }
    if (settings.limits() != null && !settings.limits().equals(genesis.limits())) {
      throw new ModuleException(
          "the log in "
              + dir
              + " runs under other limits: "
              + genesis.limits()
              + "; leave the flag away, or use another --dir");
    }
  }

  private Limits limits(Limits otherwise) {
    return settings.limits() != null ? settings.limits() : otherwise;
  }

  private Executor executor(BatchBlobs blobs, Limits limits) {
    return new Executor(
        environment.engine(), limits, blobs, environment.outside(), environment.console());
  }

  private static BlobReference reference(byte[] blob) {
    return new BlobReference(Hash.of(blob), blob.length);
  }
}
