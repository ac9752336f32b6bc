package dev.glasshouse.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
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
      VerifyCommand.class,
      KeygenCommand.class,
      LogCommand.class,
      FilesCommand.class,
      TrainCommand.class
    },
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean verbose;

  private Main() {}

  /** Runs one command and ends with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setExecutionExceptionHandler((e, failed, result) -> main.failed(e, failed));
    return line.execute(arguments);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as exec or repl.");
  }

  // Errors are sentences; the stack is for those who ask for it.
  private int failed(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    err.println(message);
    if (verbose) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.print(trace);
    }
    err.flush();
    return e instanceof CommandException ? ((CommandException) e).exitCode() : 1;
  }
}
