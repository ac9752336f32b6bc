package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.ScriptFile;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.rpc.witness.WitnessSettings;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
    description = "Serve a script as a backend.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExecCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SCRIPT|FOLDER",
      description = "A .js, .cjs or .mjs file, or a folder with a package.json or an index.js.")
  private Path script;

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
              + " folder its name and \"-host\", beside it).")
  private Path dir;

  @Option(
      names = {"-d", "--debug"},
      description = "Accept unsigned calls, and take callers at their word.")
  private boolean debug;

  @Option(
      names = "--title",
      paramLabel = "TITLE",
      description = "A name for people (default: the script's name).")
  private String title;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "The host's signing key, an OpenSSH Ed25519 file (default: made in DIR).")
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

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      converter = PolicyConverter.class,
      description =
          "A policy file whose witnesses are asked to cosign every checkpoint, those that have a"
              + " URL.")
  private Policy policy;

  @Option(
      names = "--require-quorum",
      description = "Answer callers only once the policy's quorum has cosigned their entry.")
  private boolean requireQuorum;

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
    ModulePlace place = ModulePlace.of(script, dir);
    List<Script> scripts = ScriptFile.read(script);
    Path home = place.home();
    ModuleSettings settings = settings(title != null ? title : place.name());
    SecureRandom random = new SecureRandom();
    WebOutside outside = new WebOutside(random);
    HostEnvironment environment = environment(engine.engine(spec), outside, random);
    Identity key = hostIdentity(home, random);
    ExecutorService verifiers = verifiers();
    // Closed in the opposite order: the process may end when all of it is closed.
    try (StopSignal stop = new StopSignal(stopSeconds);
        HostedModule module =
            HostedModule.start(home, key, scripts, settings, environment, verifiers);
        WebOutside waits = outside;
        Service serving = Service.start(module, service)) {
      announce(module, serving, service, home);
      stop.await();
      // From here on callers are refused, those that were let in are answered, and all can read.
      module.end();
      outside.close();
      module.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      verifiers.shutdown();
    }
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

  private void announce(HostedModule module, Service service, ServiceSettings serving, Path home) {
    String authority = listen.authority(service.port());
    String url = (service.isSecure() ? "https://" : "http://") + authority;
    PrintWriter out = spec.commandLine().getOut();
    out.println("Serving at " + (service.isSecure() ? url : authority));
    out.println("Serving directory " + home);
    out.println();
    out.println("Files:    " + serving.publicUrl().orElse(url) + "/files/");
    if (policy != null) {
      String vkey =
          new NoteKey(module.log().genesis().origin(), module.log().genesis().host()).format();
      out.println("Log key:  " + vkey);
      if (!policy.allows(module.log().genesis().origin(), module.log().genesis().host())) {
        spec.commandLine()
            .getErr()
            .println("Warning: the policy lists logs, and this one is not among them.");
      }
    }
    out.println("Call log: " + module.log().id());
    if (debug) {
      out.println();
      out.println("Debug: unsigned calls are accepted and callers are taken at their word.");
    }
    out.flush();
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
        witnesses());
  }

  private WitnessSettings witnesses() {
    if (policy == null) {
      if (requireQuorum) {
        throw new ParameterException(
            spec.commandLine(), "--require-quorum needs a --policy that says which quorum");
      }
      return WitnessSettings.NONE;
    }
    if (requireQuorum && !(policy.wantsCosignatures() && policy.isReachable())) {
      throw new ParameterException(
          spec.commandLine(),
          "--require-quorum: the policy's quorum is none, or cannot be met by the witnesses that"
              + " have a URL in it");
    }
    requireAddresses();
    return new WitnessSettings(policy, requireQuorum, WitnessSettings.Patience.DEFAULT);
  }

  private void requireAddresses() {
    for (Policy.Witness witness : policy.witnesses()) {
      if (witness.url().isPresent()
          && !witness.url().get().matches("https?://[^\\s/?#]+[^\\s?#]*")) {
        throw new ParameterException(
            spec.commandLine(),
            "--policy: the address of the witness " + witness.name() + " is no http or https URL");
      }
    }
  }

  private Identity hostIdentity(Path home, SecureRandom random) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (identity != null) {
      return Home.load(identity, err);
    }
    Path own = home.resolve("host.key");
    if (Files.exists(own)) {
      return Home.load(own, err);
    }
    if (Files.exists(home.resolve("log"))) {
      throw new CommandException(
          1,
          home
              + " holds a log but no host.key; give the key it was made with by --identity. Nothing"
              + " was changed.");
    }
    try {
      Home.makeDirectory(home);
      Identity made = Identity.generate(random);
      made.save(own);
      return made;
    } catch (IOException e) {
      throw new CommandException(
          1,
          "cannot keep a log in "
              + home
              + " ("
              + Sentence.of(e)
              + "); name a directory that can be written to with --dir",
          e);
    }
  }

  static HostEnvironment environment(SandboxEngine engine, Outside outside, SecureRandom random) {
    var console = LoggerFactory.getLogger("console");
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
        random);
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
