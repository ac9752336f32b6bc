package dev.glasshouse.cli;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.Meters;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Mount;
import dev.glasshouse.rpc.ScriptFile;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass exec}: serves a script until it is stopped. */
@Command(
    name = "exec",
    description = "Serve a script as a backend, or several scripts on one port.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExecCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "[NAME=]SCRIPT|FOLDER",
      arity = "1..*",
      description =
          "A .js, .cjs or .mjs file, or a folder with a package.json or an index.js. With a name it"
              + " is served at /NAME/, with a log, a lock and a key of its own; there may be any"
              + " number of those.")
  private List<String> given;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of these options, one \"name = value\" a line. A flag counts before the variable"
              + " GLASS_EXEC_NAME, and that before the file.")
  @SuppressWarnings("UnusedVariable") // what is in it is on the line by now: see Configured
  private Path config;

  @Mixin private ListenOptions listen = new ListenOptions(5555);

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where log and files are kept (default: the script's name without its ending; for a"
              + " folder its name and \"-host\", beside it). What has a NAME is in the directory"
              + " NAME in DIR, and by default has NAME in place of its own name.")
  private Path dir;

  @Option(
      names = {"-d", "--debug"},
      description = "Accept unsigned calls, and take callers at their word.")
  private boolean debug;

  @Option(
      names = "--title",
      paramLabel = "TITLE",
      description = "A name for people (default: the script's name; what has a NAME has that).")
  private String title;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "The host's signing key, an OpenSSH Ed25519 file (default: made in the directory of each"
              + " log).")
  private Path identity;

  @Option(
      names = "--image-entries",
      paramLabel = "N",
      description =
          "Entries after which an image of the module is kept, from which a start is quick; 0 for"
              + " never (default: ${DEFAULT-VALUE}).")
  private long imageEntries = ModuleSettings.DEFAULT_IMAGE_ENTRIES;

  @Option(
      names = "--image-seconds",
      paramLabel = "N",
      description =
          "Seconds after which one is kept if there were entries; 0 for never (default:"
              + " ${DEFAULT-VALUE}).")
  private long imageSeconds = ModuleSettings.DEFAULT_IMAGE_SECONDS;

  @Mixin private WitnessOptions witnesses = new WitnessOptions();

  @Mixin private EngineOption engine;

  @ArgGroup(validate = false, heading = "%nWho may use it:%n")
  private AccessOptions access = new AccessOptions();

  @Mixin private MonitoringOptions monitoring = new MonitoringOptions();

  @Mixin private TlsOptions tls = new TlsOptions();

  @ArgGroup(validate = false, heading = "%nLimits, which a new log keeps for good:%n")
  private LimitOptions limits = new LimitOptions();

  @Override
  public Integer call() throws IOException, ScriptException {
    int port = listen.port(spec);
    ServiceSettings service = service(port);
    long stopSeconds = monitoring.stopSeconds(spec);
    try (Logging logging = monitoring.logging(spec)) {
      serve(service, stopSeconds);
    }
    return 0;
  }

  private void serve(ServiceSettings service, long stopSeconds)
      throws IOException, ScriptException {
    List<Modules.Planned> plans = plans();
    SandboxEngine sandbox = engine.engine(spec);
    SecureRandom random = new SecureRandom();
    PrintWriter err = spec.commandLine().getErr();
    Identity one = identity == null ? null : Home.load(identity, err);
    Modules.Keys keys = place -> one != null ? one : place.identity(random, err);
    // Closed in the opposite order: the process may end when all of it is closed.
    try (StopSignal stop = new StopSignal(stopSeconds);
        Modules modules = Modules.start(plans, sandbox, keys, random, why -> tell(err, why));
        Service serving = Service.start(modules.mounts(), service)) {
      announce(modules, serving, service);
      stop.await();
      modules.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(PrintWriter err, CommandException why) {
    err.println(Sentence.of(why));
    err.flush();
  }

  // Before anything is made or started: all that can be said of what was asked for.
  private List<Modules.Planned> plans() throws IOException {
    List<NamedScript> scripts;
    try {
      scripts = NamedScript.parse(given);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (title != null && scripts.get(0).isNamed()) {
      throw new ParameterException(
          spec.commandLine(), "--title is for a script without a NAME: others have that as title");
    }
    List<Modules.Planned> plans = new ArrayList<>();
    for (NamedScript script : scripts) {
      try {
        ModulePlace place = ModulePlace.of(script, dir);
        ModuleSettings settings = settings(title != null ? title : place.name());
        plans.add(
            new Modules.Planned(script.name(), place, ScriptFile.read(script.script()), settings));
      } catch (ParameterException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        Modules.blame(script.name(), e);
        throw e;
      }
    }
    return plans;
  }

  private ServiceSettings service(int port) {
    return new ServiceSettings(
        listen.bind(),
        port,
        ServiceSettings.DEFAULT_FRAME_BYTES,
        tls.files(spec),
        access.access(spec, debug),
        access.connections(spec),
        access.publicUrl(spec));
  }

  private void announce(Modules modules, Service service, ServiceSettings serving) {
    String authority = listen.authority(service.port());
    String url = (service.isSecure() ? "https://" : "http://") + authority;
    PrintWriter out = spec.commandLine().getOut();
    out.println("Serving at " + (service.isSecure() ? url : authority));
    for (Modules.Served each : modules.served()) {
      announce(each, serving.publicUrl().orElse(url));
    }
    if (debug) {
      out.println();
      out.println("Debug: unsigned calls are accepted and callers are taken at their word.");
    }
    out.flush();
  }

  private void announce(Modules.Served served, String url) {
    PrintWriter out = spec.commandLine().getOut();
    Mount mount = served.mount();
    if (mount.name().isEmpty()) {
      out.println("Serving directory " + served.home());
      out.println();
    } else {
      out.println();
      out.println("Serving /" + mount.name() + "/ from directory " + served.home());
    }
    out.println("Files:    " + url + mount.prefix() + "/files/");
    GenesisEntry genesis = mount.module().log().genesis();
    Policy policy = witnesses.policy();
    if (policy != null) {
      out.println("Log key:  " + new NoteKey(genesis.origin(), genesis.host()).format());
      if (!policy.allows(genesis.origin(), genesis.host())) {
        spec.commandLine()
            .getErr()
            .println("Warning: the policy lists logs, and this one is not among them.");
      }
    }
    out.println("Call log: " + mount.module().log().id());
  }

  private ModuleSettings settings(String named) {
    if (imageEntries < 0 || imageSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "--image-entries and --image-seconds are counts, or 0 for never");
    }
    try {
      Limits unused = limits.apply(Limits.DEFAULT);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return new ModuleSettings(
        named,
        debug,
        limits,
        ModuleSettings.DEFAULT_QUEUE,
        imageEntries,
        imageSeconds,
        witnesses.settings(spec));
  }

  static HostEnvironment environment(SandboxEngine engine, Outside outside, SecureRandom random) {
    return environment(engine, outside, random, new Meters(), "console");
  }

  /** What a module of this process is hosted in; its console writes to the logger of this name. */
  static HostEnvironment environment(
      SandboxEngine engine, Outside outside, SecureRandom random, Meters meters, String logger) {
    var console = LoggerFactory.getLogger(logger);
    return new HostEnvironment(
        engine,
        outside,
        (level, line) -> {
          // Callers may have a hand in the text: a line of theirs must not pass for one of ours.
          String shown = Terminal.lines(line).replace("\n", "\n    ");
          switch (level) {
            case "debug" -> console.debug("{}", shown);
            case "warn" -> console.warn("{}", shown);
            case "error" -> console.error("{}", shown);
            default -> console.info("{}", shown);
          }
        },
        System::currentTimeMillis,
        random,
        meters);
  }

  static ExecutorService verifiers() {
    return Executors.newFixedThreadPool(
        Runtime.getRuntime().availableProcessors(),
        body -> {
          Thread thread = new Thread(body, "verify signatures");
          thread.setDaemon(true);
          return thread;
        });
  }
}
