package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.access.AllowList;
import dev.glasshouse.rpc.access.BrowserRule;
import dev.glasshouse.rpc.client.HostAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags for who may use a service. */
final class AccessOptions {
  @Option(
      names = "--allow",
      paramLabel = "KEY|FILE",
      description =
          "Take calls of this key only, or of those in a file with one a line, which is read again"
              + " when it changes; may be given again for more.")
  private List<String> callers = new ArrayList<>();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Calls that one key may make in a second, on average; those of 5 seconds may come at"
              + " once. On a --debug host a user name is what a key is elsewhere.")
  private Double rate;

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description =
          "Let pages of this origin call too, such as https://example.org, or of any with *; may be"
              + " given again. Without it, a --debug host can be called by its own pages only,"
              + " another host by all.")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "A name that a --debug host is known by, besides localhost and its addresses, or * for"
              + " any; may be given again.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description =
          "Where callers find this host if a server before it passes them on, such as"
              + " https://example.org/counter. What has a NAME is at /NAME below it.")
  private String publicUrl;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Connections at the same time (default: ${DEFAULT-VALUE}).")
  private int connections = ServiceSettings.Connections.DEFAULT.most();

  /** How many connections there may be. */
  ServiceSettings.Connections connections(CommandSpec spec) {
    if (connections < 1) {
      throw wrong(spec, "--max-connections is at least 1");
    }
    ServiceSettings.Connections others = ServiceSettings.Connections.DEFAULT;
    return new ServiceSettings.Connections(connections, others.inFlight(), others.pingMillis());
  }

  /** Where callers find the host, without a slash at the end, if that is somewhere else. */
  Optional<String> publicUrl(CommandSpec spec) {
    return publicAddress(spec).map(HostAddress::url);
  }

  private Optional<HostAddress> publicAddress(CommandSpec spec) {
    if (publicUrl == null) {
      return Optional.empty();
    }
    if (!publicUrl.matches("(?i)https?://.*")) {
      throw wrong(spec, "--public-url is a URL by http or https");
    }
    try {
      return Optional.of(HostAddress.parse(publicUrl));
    } catch (MalformedException e) {
      throw wrong(spec, "--public-url: " + e.getMessage());
    }
  }

  /**
   * What was asked for.
   *
   * @throws ParameterException if it cannot be
   */
  ServiceSettings.Access access(CommandSpec spec, boolean debug) {
    if (debug && !callers.isEmpty()) {
      throw wrong(spec, "--allow lists keys, and a --debug host does not ask for any");
    }
    if (!debug && !names.isEmpty()) {
      throw wrong(spec, "--allow-host is for --debug hosts: others may be called by any name");
    }
    if (rate != null && !(rate > 0 && rate <= 1e9)) {
      throw wrong(spec, "--rate is a number of calls a second, more than 0");
    }
    for (String origin : origins) {
      if (!BrowserRule.isOrigin(origin)) {
        throw wrong(spec, "--allow-origin: write " + origin + " as https://HOST[:PORT]");
      }
    }
    for (String name : names) {
      if (!BrowserRule.isName(name)) {
        throw wrong(spec, "--allow-host: " + name + " is no name of a machine");
      }
    }
    List<String> knownBy = new ArrayList<>(names);
    publicAddress(spec).ifPresent(address -> knownBy.add(address.host()));
    try {
      return new ServiceSettings.Access(
          AllowList.of(callers), rate == null ? 0 : rate, origins, knownBy);
    } catch (IOException | MalformedException e) {
      throw wrong(spec, "--allow: " + Sentence.of(e));
    }
  }

  private static ParameterException wrong(CommandSpec spec, String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
