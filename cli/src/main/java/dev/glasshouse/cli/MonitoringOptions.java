package dev.glasshouse.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags for what a host tells those who run it, and for how long it takes to stop. */
final class MonitoringOptions {
  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
  private static final List<String> FORMATS = List.of("text", "json");

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description =
          "The least that the host's log has: error, warn, info, debug or trace (default:"
              + " ${DEFAULT-VALUE}).")
  private String level = "info";

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description =
          "The form of the host's log: text, or json for an object a line (default:"
              + " ${DEFAULT-VALUE}).")
  private String format = "text";

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description =
          "Append a line for each HTTP request and each call to this file; - for standard output.")
  private String access;

  @Option(
      names = "--stop-seconds",
      paramLabel = "N",
      description =
          "How long a stop may take to finish what was let in and keep an image (default:"
              + " ${DEFAULT-VALUE}).")
  private long stopSeconds = 30;

  /**
   * Writes logs as asked for, until what it gives is closed.
   *
   * @throws ParameterException if they cannot be so
   */
  Logging logging(CommandSpec spec) {
    require(spec, "--log-level", LEVELS, level);
    require(spec, "--log-format", FORMATS, format);
    return Logging.begin(level, format.equals("json"), access);
  }

  private static void require(CommandSpec spec, String name, List<String> known, String given) {
    if (!known.contains(given)) {
      throw new ParameterException(
          spec.commandLine(), name + " is one of " + String.join(", ", known));
    }
  }

  /**
   * How long a stop may take.
   *
   * @throws ParameterException if it is no time
   */
  long stopSeconds(CommandSpec spec) {
    if (stopSeconds < 1) {
      throw new ParameterException(spec.commandLine(), "--stop-seconds is a number from 1");
    }
    return stopSeconds;
  }
}
