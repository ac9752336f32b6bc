package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A script as the command line has it: {@code SCRIPT}, which has the host for itself, or {@code
 * NAME=SCRIPT}, which is served at {@code /NAME/}.
 *
 * @param name empty if it has none
 */
record NamedScript(String name, Path script) {

  /**
   * Reads the scripts of one host.
   *
   * @throws MalformedException if they cannot be served together; the message says why
   */
  static List<NamedScript> parse(List<String> given) {
    List<NamedScript> scripts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String text : given) {
      NamedScript script = parse(text);
      if (given.size() > 1 && script.name.isEmpty()) {
        throw new MalformedException(
            "several scripts have names, by which they are found: write NAME="
                + text
                + " instead of "
                + text);
      }
      if (!names.add(script.name)) {
        throw new MalformedException("two scripts have the name " + script.name);
      }
      scripts.add(script);
    }
    return scripts;
  }

  // What is there as a file, or has a slash before the equals sign, is the path of a script.
  private static NamedScript parse(String text) {
    int equals = text.indexOf('=');
    int slash = text.indexOf('/');
    boolean isPath = equals < 0 || (slash >= 0 && slash < equals);
    if (isPath || Files.exists(Path.of(text))) {
      return new NamedScript("", Path.of(text));
    }
    String name = text.substring(0, equals);
    Mount.requireName(name);
    if (equals == text.length() - 1) {
      throw new MalformedException(text + " names no script; write NAME=SCRIPT");
    }
    return new NamedScript(name, Path.of(text.substring(equals + 1)));
  }

  boolean isNamed() {
    return !name.isEmpty();
  }
}
