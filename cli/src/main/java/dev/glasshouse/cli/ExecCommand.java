package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.ScriptFile;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
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
import picocli.CommandLine.Command;
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
  private static final int MAX_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SCRIPT", description = "A .js, .cjs or .mjs file.")
  private Path script;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "5555",
      description = "Port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where log and files are kept (default: the script's name without its ending).")
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
      names = "--fuel",
      paramLabel = "N",
      description =
          "Work that one call may do, in polls of 10,000 loop turns (default: 10000, the log's).")
  private Long fuel;

  @Override
  public Integer call() throws IOException, ScriptException {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port is a number from 1 to " + MAX_PORT + ", or 0 for any");
    }
    List<Script> scripts = scripts();
    String name = script.getFileName().toString().replaceFirst("\\.[cm]?js$", "");
    Path home = directory(name);
    ModuleSettings settings =
        new ModuleSettings(
            title != null ? title : name, debug, limits(), ModuleSettings.DEFAULT_QUEUE);
    SecureRandom random = new SecureRandom();
    Identity key = hostIdentity(home, random);
    ExecutorService verifiers = verifiers();
    // Closed in the opposite order: the process may end when all of it is closed.
    try (StopSignal stop = new StopSignal();
        HostedModule module =
            HostedModule.start(home, key, scripts, settings, environment(random), verifiers);
        Service service =
            Service.start(
                module, new ServiceSettings(bind, port, ServiceSettings.DEFAULT_FRAME_BYTES))) {
      announce(module, service, home);
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      verifiers.shutdown();
    }
    return 0;
  }

  private List<Script> scripts() {
    if (Files.isDirectory(script)) {
      throw new CommandException(
          1, "\"" + script + "\" is a directory; name the script's file in it");
    }
    return ScriptFile.read(script);
  }

  private Path directory(String name) {
    Path home = (dir != null ? dir : Path.of(name)).toAbsolutePath().normalize();
    if (dir == null && name.isEmpty()) {
      throw new CommandException(1, script + " gives the directory no name; name one with --dir");
    }
    if (Files.exists(home) && !Files.isDirectory(home)) {
      throw new CommandException(
          1, home + " is a file, and log and files need a directory; name another with --dir");
    }
    return home;
  }

  private void announce(HostedModule module, Service service, Path home) {
    String shown = bind.equals("127.0.0.1") ? "localhost" : bind;
    String authority = (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + service.port();
    PrintWriter out = spec.commandLine().getOut();
    out.println("Serving at " + authority);
    out.println("Serving directory " + home);
    out.println();
    out.println("Files:    http://" + authority + "/files/");
    out.println("Call log: " + module.log().id());
    if (debug) {
      out.println();
      out.println("Debug: unsigned calls are accepted and callers are taken at their word.");
    }
    out.flush();
  }

  private Limits limits() {
    if (fuel == null) {
      return null;
    }
    try {
      return Limits.DEFAULT.withFuel(fuel);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--fuel: " + e.getMessage(), e);
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

  static HostEnvironment environment(SecureRandom random) {
    var console = LoggerFactory.getLogger("console");
    return new HostEnvironment(
        V8Engine.instance(),
        new WebOutside(random),
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
