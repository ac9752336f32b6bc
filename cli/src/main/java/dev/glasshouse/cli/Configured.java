package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.cli.ConfigFile.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The options of the commands that serve which are not on their command line: a flag counts before
 * the environment, the environment before the file, the file before the default.
 */
final class Configured {
  private static final Set<String> COMMANDS = Set.of("exec", "serve", "witness");
  private static final String CONFIG = "--config";

  /** What is for a person at a terminal, or would name another file. */
  private static final Set<String> FLAGS_ONLY = Set.of("config", "help", "version");

  private final CommandLine command;
  private final String prefix;
  private final ParseResult given;
  private final Map<String, OptionSpec> options = new TreeMap<>();
  private final Map<OptionSpec, List<Setting>> settings = new HashMap<>();

  private Configured(CommandLine command, ParseResult given) {
    this.command = command;
    this.prefix = prefix(command.getCommandName());
    this.given = given;
    for (OptionSpec option : command.getCommandSpec().options()) {
      String name = option.longestName().substring(2);
      if (!FLAGS_ONLY.contains(name)) {
        options.put(name, option);
      }
    }
  }

  /**
   * The arguments together with what environment and file add to them.
   *
   * @throws ParameterException if one of those names no option, or gives it a value that cannot be
   */
  static String[] complete(CommandLine line, String[] arguments, Map<String, String> environment) {
    boolean isMeant =
        Arrays.stream(arguments).anyMatch(each -> each.startsWith(CONFIG))
            || COMMANDS.stream().anyMatch(each -> isSet(each, environment));
    if (!isMeant || Arrays.stream(arguments).noneMatch(COMMANDS::contains)) {
      return arguments;
    }
    ParseResult parsed;
    try {
      parsed = line.parseArgs(arguments);
    } catch (ParameterException e) {
      // What is wrong with the command line itself is said when it is executed.
      return arguments;
    }
    ParseResult given = parsed.subcommand();
    if (given == null || !COMMANDS.contains(given.commandSpec().name())) {
      return arguments;
    }
    Configured configured = new Configured(given.commandSpec().commandLine(), given);
    String[] all = configured.complete(arguments, environment);
    configured.requireAccepted(line, all);
    return all;
  }

  /** What the names of a command's variables begin with. */
  private static String prefix(String command) {
    return "GLASS_" + command.toUpperCase(Locale.ROOT) + "_";
  }

  private static boolean isSet(String command, Map<String, String> environment) {
    return environment.keySet().stream().anyMatch(each -> each.startsWith(prefix(command)));
  }

  private String[] complete(String[] arguments, Map<String, String> environment) {
    try {
      readEnvironment(environment);
      String named = environment.get(prefix + "CONFIG");
      Path file = given.matchedOptionValue(CONFIG, named == null ? null : Path.of(named));
      if (file != null) {
        readFile(file);
      }
    } catch (IOException | MalformedException e) {
      throw new ParameterException(command, Sentence.of(e), e);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    int end = all.indexOf("--");
    List<String> added = new ArrayList<>();
    settings.forEach(
        (option, each) ->
            each.forEach(setting -> added.add("--" + setting.name() + "=" + setting.value())));
    all.addAll(end < 0 ? all.size() : end, added);
    return all.toArray(String[]::new);
  }

  private void readEnvironment(Map<String, String> environment) {
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(prefix) && !variable.equals(prefix + "CONFIG")) {
            String name =
                variable.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
            OptionSpec option = option(name, variable);
            String[] values = option.isMultiValue() ? value.split(",", -1) : new String[] {value};
            for (String each : values) {
              add(option, new Setting(name, each, variable));
            }
          }
        });
  }

  private void readFile(Path file) throws IOException {
    Set<OptionSpec> set = Set.copyOf(settings.keySet());
    Map<OptionSpec, Setting> first = new HashMap<>();
    for (Setting setting : ConfigFile.read(file)) {
      OptionSpec option = option(setting.name(), setting.where());
      Setting before = first.putIfAbsent(option, setting);
      if (before != null && !option.isMultiValue()) {
        throw new MalformedException(
            setting.where() + ": " + setting.name() + " is given already, in " + before.where());
      }
      if (!set.contains(option)) {
        add(option, setting);
      }
    }
  }

  private OptionSpec option(String name, String where) {
    OptionSpec option = options.get(name);
    if (option == null) {
      throw new MalformedException(
          where
              + ": there is no option "
              + name
              + "; glass "
              + command.getCommandName()
              + " --help lists them");
    }
    return option;
  }

  private void add(OptionSpec option, Setting setting) {
    if (!given.hasMatchedOption(option)) {
      settings.computeIfAbsent(option, none -> new ArrayList<>()).add(setting);
    }
  }

  // A value that cannot be is blamed on the place where it stands.
  private void requireAccepted(CommandLine line, String[] all) {
    try {
      line.parseArgs(all);
    } catch (ParameterException e) {
      for (Setting each : settings.getOrDefault(e.getArgSpec(), List.of())) {
        throw new ParameterException(command, each.where() + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }
}
