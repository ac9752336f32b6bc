package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** How a test wants its host; {@link #start} makes it run on a free port of 127.0.0.1. */
public record HostSetup(
    Path dir,
    List<Script> scripts,
    ModuleSettings settings,
    Outside outside,
    Identity identity,
    int frameBytes) {
  /** What the clock shows first; every look at it takes a millisecond. */
  static final long FIRST_TIME = 1_700_000_000_000L;

  /** A host for signed calls with a CommonJS script, one key for all tests, and a calm outside. */
  public static HostSetup of(Path dir, String source) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    return new HostSetup(
        dir,
        List.of(new Script("test.js", Script.Kind.COMMONJS, source)),
        new ModuleSettings("Test", false, null, ModuleSettings.DEFAULT_QUEUE),
        new FakeOutside(),
        Identity.ofSeed(seed),
        ServiceSettings.DEFAULT_FRAME_BYTES);
  }

  HostSetup script(Script... ways) {
    return new HostSetup(dir, List.of(ways), settings, outside, identity, frameBytes);
  }

  private HostSetup settings(ModuleSettings other) {
    return new HostSetup(dir, scripts, other, outside, identity, frameBytes);
  }

  /** The same over another directory. */
  public HostSetup in(Path other) {
    return new HostSetup(other, scripts, settings, outside, identity, frameBytes);
  }

  /** The same as a debug host. */
  public HostSetup debug() {
    return settings(new ModuleSettings("Test", true, settings.limits(), settings.queue()));
  }

  HostSetup limits(Limits limits) {
    return settings(new ModuleSettings("Test", settings.debug(), limits, settings.queue()));
  }

  HostSetup queue(int queue) {
    return settings(new ModuleSettings("Test", settings.debug(), settings.limits(), queue));
  }

  HostSetup outside(Outside other) {
    return new HostSetup(dir, scripts, settings, other, identity, frameBytes);
  }

  HostSetup identity(Identity other) {
    return new HostSetup(dir, scripts, settings, outside, other, frameBytes);
  }

  HostSetup frameBytes(int bytes) {
    return new HostSetup(dir, scripts, settings, outside, identity, bytes);
  }

  /** Starts the host. */
  public RunningHost start() throws ScriptException {
    AtomicLong time = new AtomicLong(FIRST_TIME);
    ExecutorService verifiers = Executors.newFixedThreadPool(2);
    HostEnvironment environment =
        new HostEnvironment(
            V8Engine.instance(), outside, Console.NONE, time::getAndIncrement, new SecureRandom());
    try {
      HostedModule module =
          HostedModule.start(dir, identity, scripts, settings, environment, verifiers);
      Service service = Service.start(module, new ServiceSettings("127.0.0.1", 0, frameBytes));
      return new RunningHost(module, service, verifiers);
    } catch (ScriptException | RuntimeException e) {
      verifiers.shutdown();
      throw e;
    }
  }
}
