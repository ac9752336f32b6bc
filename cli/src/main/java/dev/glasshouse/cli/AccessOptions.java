package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.access.AllowList;
import dev.glasshouse.rpc.access.BrowserRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags for who may use a service. */
final class AccessOptions {
  @Option(
      names = "--allow",
      paramLabel = "KEY|FILE",
      description =
          "Take calls of this key only, or of those in a file with one a line; may be given again"
              + " for more.")
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
    try {
      return new ServiceSettings.Access(
          AllowList.of(callers), rate == null ? 0 : rate, origins, names);
    } catch (IOException | MalformedException e) {
      throw wrong(spec, "--allow: " + Sentence.of(e));
    }
  }

  private static ParameterException wrong(CommandSpec spec, String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
