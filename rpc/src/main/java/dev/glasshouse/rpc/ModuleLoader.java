package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.witness.Cosigning;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.Script;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a module to the end of its log: starts a new log, or recovers the one that is there. */
final class ModuleLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleLoader.class);
  private static final int NONCE_BYTES = 16;

  private final Path dir;
  private final Identity identity;
  private final List<Script> scripts;
  private final ModuleSettings settings;
  private final HostEnvironment environment;
  private final Watchdog watchdog;
  private final BooleanSupplier stopping;
  private final Cosigning cosigning;
  private final ModuleMeters meters;
  private final Machine machine;

  ModuleLoader(
      Path dir,
      Identity identity,
      List<Script> scripts,
      ModuleSettings settings,
      HostEnvironment environment,
      Watchdog watchdog,
      BooleanSupplier stopping,
      Cosigning cosigning,
      ModuleMeters meters,
      Machine machine) {
    this.dir = dir;
    this.identity = identity;
    this.scripts = scripts;
    this.settings = settings;
    this.environment = environment;
    this.watchdog = watchdog;
    this.stopping = stopping;
    this.cosigning = cosigning;
    this.meters = meters;
    this.machine = machine;
  }

  LoadedModule load() throws ScriptException {
    CallLog log = machine.open(dir, identity);
    try {
      return log.isEmpty() ? begin(log) : recover(log);
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
    watchdog.wake();
    Limits limits = settings.limits().apply(Limits.DEFAULT);
    PendingBlobs blobs = new PendingBlobs(log.store());
    for (int i = 0; ; i++) {
      Executor executor = new Executor(environment.engine(), limits, blobs, world());
      try {
        long time = begin(log, executor, limits, scripts.get(i));
        return loaded(log, blobs, new Recovery.Recovered(executor, time, 0));
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

  // Returns what the guest's clock shows afterwards.
  private long begin(CallLog log, Executor executor, Limits limits, Script script)
      throws ScriptException {
    GuestImage image = GuestImage.bundled();
    byte[] nonce = new byte[NONCE_BYTES];
    environment.random().nextBytes(nonce);
    String hex = HexFormat.of().formatHex(nonce);
    long time = environment.clock().getAsLong();
    Execution execution = executor.load(script, time, InputTape.recording());
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    GenesisEntry genesis =
        new GenesisEntry(
            time,
            GenesisEntry.origin(settings.title(), hex),
            identity.publicKey(),
            settings.debug(),
            settings.title(),
            hex,
            Replay.reference(script, blobs),
            reference(image.interpreter(), blobs),
            reference(image.bootstrap(), blobs),
            limits,
            execution.inputs(),
            (Outcome.Ok) execution.outcomes().get(0),
            execution.writes(),
            execution.root());
    Execution.Derived derived = execution.genesis(genesis);
    blobs.putAll(derived.blobs());
    log.append(List.of(new CallLog.Pending(derived.bytes(), blobs, null, null)));
    return derived.time();
  }

  private LoadedModule recover(CallLog log) throws ScriptException {
    SameModule.require(dir, log.genesis(), scripts.get(0), settings);
    PendingBlobs blobs = new PendingBlobs(log.store());
    watchdog.rest();
    Recovery recovery = new Recovery(dir, log, blobs, environment.engine(), world());
    Recovery.Recovered recovered = recovery.recover();
    watchdog.wake();
    try {
      return loaded(log, blobs, recovered);
    } catch (RuntimeException | Error e) {
      recovered.executor().close();
      throw e;
    }
  }

  private LoadedModule loaded(CallLog log, PendingBlobs blobs, Recovery.Recovered at) {
    ImageSchedule images =
        new ImageSchedule(
            settings.imageEntries(), TimeUnit.SECONDS.toMillis(settings.imageSeconds()));
    images.added(at.sinceImage(), at.time());
    return new LoadedModule(
        log,
        at.executor(),
        blobs,
        environment.clock(),
        images,
        stopping,
        at.time(),
        cosigning,
        meters,
        machine);
  }

  private World world() {
    return new World(environment.outside(), environment.console(), watchdog);
  }

  private static BlobReference reference(byte[] blob, Map<Hash, byte[]> blobs) {
    Hash hash = Hash.of(blob);
    blobs.put(hash, blob);
    return new BlobReference(hash, blob.length);
  }
}
