package dev.glasshouse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of Glasshouse. */
@Command(
    name = "glass",
    mixinStandardHelpOptions = true,
    version = "glass 0.1.0",
    description = "Runs scripts whose every call is logged and can be verified.")
public final class Main {
  private Main() {}

  /** Runs one command and ends with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
