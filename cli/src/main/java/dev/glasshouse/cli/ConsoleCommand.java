package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.rpc.ConsoleServer;
import dev.glasshouse.rpc.ModuleException;
import dev.glasshouse.rpc.client.HostAddress;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass console}: the page of a host, served by the user's own machine. */
@Command(
    name = "console",
    description =
        "Serve the page with which people look at a host, from this machine: that of a host that"
            + " lies could lie too.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ConsoleCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  // Below those that systems give to outgoing connections.
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;
  private static final int DIGITS = 6;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HOST[:PORT]",
      converter = HostConverter.class,
      description = "The host to look at; HOST:PORT/NAME for one of its modules, or a URL.")
  private HostAddress host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description =
          "Port on 127.0.0.1, 0 for any free one. Default: one that follows from HOST, if it is"
              + " free, because a browser keeps your key by the address of the page.")
  private Integer port;

  @Override
  public Integer call() throws InterruptedException {
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new ParameterException(
          spec.commandLine(), "--port is a number from 1 to " + MAX_PORT + ", or 0 for any");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal stop = new StopSignal();
        ConsoleServer server = start()) {
      out.println("Console at " + server.url());
      out.println("of the host " + Terminal.printable(host.toString()));
      out.flush();
      stop.await();
    }
    return 0;
  }

  private ConsoleServer start() {
    if (port != null) {
      return new ConsoleServer(host, port);
    }
    try {
      return new ConsoleServer(host, usualPort(host));
    } catch (ModuleException e) {
      return new ConsoleServer(host, 0);
    }
  }

  /** The same for the same host. */
  static int usualPort(HostAddress host) {
    String hex = Hash.of(host.toString()).hex();
    return FIRST_PORT + Integer.parseInt(hex.substring(0, DIGITS), 16) % PORTS;
  }
}
