package dev.glasshouse.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a command listens. */
final class ListenOptions {
  private static final int MAX_PORT = 65_535;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String bind;

  /** With a port of its own unless told otherwise. */
  ListenOptions(int port) {
    this.port = port;
  }

  /**
   * The port; 0 for any.
   *
   * @throws ParameterException if there is none of this number
   */
  int port(CommandSpec spec) {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port is a number from 1 to " + MAX_PORT + ", or 0 for any");
    }
    return port;
  }

  /** The address. */
  String bind() {
    return bind;
  }

  /** Address and port as others on this machine write them in a URL. */
  String authority(int listening) {
    String shown = bind.equals("127.0.0.1") ? "localhost" : bind;
    return (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + listening;
  }
}
