package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.TestCertificate;
import dev.glasshouse.rpc.witness.WitnessSettings;
import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** How a test wants its host; {@link #start} makes it run on a free port of 127.0.0.1. */
public final class HostSetup {
  /** What the clock shows first; every look at it takes a millisecond. */
  static final long FIRST_TIME = 1_700_000_000_000L;

  private Path dir;
  private List<Script> scripts;
  private Identity identity;
  private boolean debug;
  private UnaryOperator<Limits> limits = UnaryOperator.identity();
  private int queue = ModuleSettings.DEFAULT_QUEUE;
  private long imageEntries;
  private long imageSeconds;
  private Outside outside = new FakeOutside();
  private Console console = Console.NONE;
  private LongSupplier clock;
  private int frameBytes = ServiceSettings.DEFAULT_FRAME_BYTES;
  private WitnessSettings witnesses = WitnessSettings.NONE;
  private Optional<TlsFiles> tls = Optional.empty();
  private ServiceSettings.Access access = ServiceSettings.Access.DEFAULT;
  private ServiceSettings.Connections connections = ServiceSettings.Connections.DEFAULT;
  private Optional<String> publicUrl = Optional.empty();

  private HostSetup(Path dir, List<Script> scripts) {
    this.dir = dir;
    this.scripts = scripts;
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    this.identity = Identity.ofSeed(seed);
  }

  /**
   * A host for signed calls with a CommonJS script, one key for all tests, a calm outside, and no
   * images.
   */
  public static HostSetup of(Path dir, String source) {
    return new HostSetup(dir, List.of(new Script("test.js", Script.Kind.COMMONJS, source)));
  }

  private HostSetup with(Consumer<HostSetup> change) {
    HostSetup copy = new HostSetup(dir, scripts);
    copy.identity = identity;
    copy.debug = debug;
    copy.limits = limits;
    copy.queue = queue;
    copy.imageEntries = imageEntries;
    copy.imageSeconds = imageSeconds;
    copy.outside = outside;
    copy.console = console;
    copy.clock = clock;
    copy.frameBytes = frameBytes;
    copy.witnesses = witnesses;
    copy.tls = tls;
    copy.access = access;
    copy.connections = connections;
    copy.publicUrl = publicUrl;
    change.accept(copy);
    return copy;
  }

  HostSetup script(Script... ways) {
    return with(copy -> copy.scripts = List.of(ways));
  }

  /** Where its log is kept. */
  public Path dir() {
    return dir;
  }

  /** The same over another directory. */
  public HostSetup in(Path other) {
    return with(copy -> copy.dir = other);
  }

  /** The same as a debug host. */
  public HostSetup debug() {
    return with(copy -> copy.debug = true);
  }

  HostSetup limits(Limits other) {
    return with(copy -> copy.limits = base -> other);
  }

  /** The same with the default limits but for the watchdog's. */
  public HostSetup watchdog(long millis) {
    Limits base = Limits.DEFAULT;
    return limits(
        new Limits(
            base.fuel(),
            base.heap(),
            base.stack(),
            base.request(),
            base.result(),
            base.file(),
            base.written(),
            base.waiting(),
            millis));
  }

  HostSetup queue(int size) {
    return with(copy -> copy.queue = size);
  }

  /** The same with images after so many entries, and after so many seconds; 0 for never. */
  public HostSetup images(long entries, long seconds) {
    return with(
        copy -> {
          copy.imageEntries = entries;
          copy.imageSeconds = seconds;
        });
  }

  HostSetup outside(Outside other) {
    return with(copy -> copy.outside = other);
  }

  HostSetup console(Console other) {
    return with(copy -> copy.console = other);
  }

  HostSetup clock(LongSupplier other) {
    return with(copy -> copy.clock = other);
  }

  HostSetup identity(Identity other) {
    return with(copy -> copy.identity = other);
  }

  HostSetup frameBytes(int bytes) {
    return with(copy -> copy.frameBytes = bytes);
  }

  /** The same with witnesses. */
  public HostSetup witnesses(WitnessSettings settings) {
    return with(copy -> copy.witnesses = settings);
  }

  /** The same by TLS alone. */
  HostSetup tls(TestCertificate shown) {
    return with(copy -> copy.tls = Optional.of(new TlsFiles(shown.certificate(), shown.key())));
  }

  HostSetup connections(ServiceSettings.Connections other) {
    return with(copy -> copy.connections = other);
  }

  HostSetup publicUrl(String url) {
    return with(copy -> copy.publicUrl = Optional.of(url));
  }

  /** The same with rules for who may use it. */
  public HostSetup access(ServiceSettings.Access other) {
    return with(copy -> copy.access = other);
  }

  /** Starts the host. */
  public RunningHost start() throws ScriptException {
    ExecutorService verifiers = Executors.newFixedThreadPool(2);
    ServiceSettings serving =
        new ServiceSettings("127.0.0.1", 0, frameBytes, tls, access, connections, publicUrl);
    HostedModule module = null;
    try {
      module = load("Test", new Meters(), verifiers);
      return new RunningHost(module, Service.start(module, serving), verifiers);
    } catch (ScriptException | RuntimeException e) {
      if (module != null) {
        module.close();
      }
      verifiers.shutdown();
      throw e;
    }
  }

  /** Starts its module alone, which reports to these meters under this title. */
  HostedModule load(String title, Meters meters, Executor verifiers) throws ScriptException {
    ModuleSettings settings =
        new ModuleSettings(title, debug, limits, queue, imageEntries, imageSeconds, witnesses);
    LongSupplier time = clock != null ? clock : new AtomicLong(FIRST_TIME)::getAndIncrement;
    HostEnvironment environment =
        new HostEnvironment(
            V8Engine.instance(), outside, console, time, new SecureRandom(), meters);
    return HostedModule.start(dir, identity, scripts, settings, environment, verifiers);
  }
}
