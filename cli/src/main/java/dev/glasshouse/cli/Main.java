package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.client.Authorities;
import dev.glasshouse.rpc.client.CaughtHostException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of Glasshouse. */
@Command(
    name = "glass",
    version = "glass 0.1.0",
    description = "Serves scripts whose every call is logged in public, and audits such hosts.",
    subcommands = {
      ExecCommand.class,
      ReplCommand.class,
      ConsoleCommand.class,
      VerifyCommand.class,
      KeygenCommand.class,
      LogCommand.class,
      FilesCommand.class,
      ReceiptCommand.class,
      ExportCommand.class,
      MirrorCommand.class,
      ServeCommand.class,
      FsckCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      WitnessCommand.class,
      TrainCommand.class
    },
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  private final Home home;
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean verbose;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Trust these certificates of authorities (PEM) too, wherever TLS is spoken.")
  private Path authorities;

  private Main(Home home, Streams streams) {
    this.home = home;
    this.streams = streams;
  }

  /** Runs one command and ends with its exit code. */
  public static void main(String[] arguments) {
    Home home = Home.of(System.getenv(), System.getProperty("user.home"));
    System.exit(run(home, Streams.ofProcess(), System.getenv(), arguments));
  }

  /** Runs one command with an empty environment. */
  static int run(Home home, Streams streams, String... arguments) {
    return run(home, streams, Map.of(), arguments);
  }

  /** Runs one command. */
  static int run(Home home, Streams streams, Map<String, String> environment, String... arguments) {
    Main main = new Main(home, streams);
    PrintWriter err = Streams.writer(streams.err());
    CommandLine line = new CommandLine(main);
    line.setOut(Streams.writer(streams.out()));
    line.setErr(err);
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().version(line.getCommandSpec().version());
    }
    line.setExecutionExceptionHandler((e, failed, result) -> main.failed(e, err));
    line.setExecutionStrategy(
        parsed -> {
          main.trustAuthorities();
          return new CommandLine.RunLast().execute(parsed);
        });
    try {
      return line.execute(Configured.complete(line, arguments, environment));
    } catch (ParameterException e) {
      return refused(e, arguments);
    } catch (LinkageError | OutOfMemoryError e) {
      // A native library that does not load, or no memory left.
      return main.failed(e, err);
    } finally {
      line.getOut().flush();
      err.flush();
    }
  }

  Home home() {
    return home;
  }

  Streams streams() {
    return streams;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as exec or repl.");
  }

  // As a mistake on the command line is answered.
  private static int refused(ParameterException e, String[] arguments) {
    try {
      return e.getCommandLine().getParameterExceptionHandler().handleParseException(e, arguments);
    } catch (Exception other) {
      throw new IllegalStateException(other);
    }
  }

  // For the whole program: whatever it connects to is found under the same authorities.
  private void trustAuthorities() {
    if (authorities == null) {
      return;
    }
    try {
      SSLContext.setDefault(Authorities.with(authorities));
    } catch (IOException | MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--cacert: " + Sentence.of(e), e);
    }
  }

  // Errors are sentences; the stack is for those who ask for it.
  private int failed(Throwable e, PrintWriter err) {
    err.println(Sentence.of(e));
    if (verbose) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.print(Terminal.lines(trace.toString()));
    }
    err.flush();
    if (e instanceof CaughtHostException caught && caught.proved()) {
      return EvidenceFiles.PROVED;
    }
    return e instanceof CommandException command ? command.exitCode() : 1;
  }
}
