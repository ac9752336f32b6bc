package dev.glasshouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One attack: a file of {@code src/test/hostile}. Its first line says what it tries, the comments
 * below it what comes of that.
 *
 * <p>{@code expect: ANSWER} for each answer that {@code attack()} may get, {@code expect load:
 * TEXT} for what {@code glass exec} says instead of serving it, {@code then: ANSWER} for what
 * {@code innocent()} answers afterwards if that is not {@code ok "ok"}, {@code call: METHOD PARAMS}
 * for another call than {@code attack []}, {@code fuel: N}, {@code watchdog: N} milliseconds for
 * what nothing else ends, {@code settle} to wait for a timer's turn. A file without {@code alone}
 * is served in one module with others.
 *
 * <p>An answer is {@code ok JSON}, the name of the error, {@code trap LIMIT}, {@code abort} or
 * {@code refused}; {@code ok} and {@code an error} stand for any value and any name.
 */
record HostileScript(String name, Path file, String source) {
  private static final Pattern NESTED = Pattern.compile("\"([@$])(\\d+)\"");
  private static final String USUAL_FUEL = "20";
  private static final String USUAL_WATCHDOG = "500";

  static List<HostileScript> all(Path folder) throws IOException {
    List<HostileScript> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        String name = folder.relativize(file).toString().replaceFirst("\\.m?js$", "");
        found.add(new HostileScript(name, file, Files.readString(file)));
      }
    }
    return found;
  }

  /** The answers that the attack may get. */
  List<String> expected() {
    return values("expect");
  }

  boolean isExpected(String answer) {
    return expected().stream().anyMatch(e -> matches(e, answer));
  }

  private static boolean matches(String expected, String answer) {
    return switch (expected) {
      case "ok" -> answer.startsWith("ok ");
      case "an error" -> !answer.startsWith("ok ") && !answer.startsWith("trap ");
      default -> answer.equals(expected);
    };
  }

  /** What {@code glass exec} says of it, or null if it is served. */
  String loadFailure() {
    return value("expect load", null);
  }

  /** What {@code innocent()} answers afterwards. */
  String then() {
    return value("then", "ok \"ok\"");
  }

  /** The method; {@code #N} stands for a name of N characters. */
  String method() {
    String call = value("call", "attack []");
    String method = call.substring(0, call.indexOf(' '));
    return method.startsWith("#") ? "m".repeat(Integer.parseInt(method.substring(1))) : method;
  }

  /** The parameters; {@code "@N"} stands for N arrays within each other, {@code "$N"} for tags. */
  String params() {
    String call = value("call", "attack []");
    String params = call.substring(call.indexOf(' ') + 1);
    Matcher nested = NESTED.matcher(params);
    if (!nested.find()) {
      return params;
    }
    int depth = Integer.parseInt(nested.group(2));
    String text =
        nested.group(1).equals("@")
            ? "[".repeat(depth) + "]".repeat(depth)
            : "{\"$$a\":".repeat(depth) + "1" + "}".repeat(depth);
    return params.substring(0, nested.start()) + text + params.substring(nested.end());
  }

  String fuel() {
    return value("fuel", USUAL_FUEL);
  }

  /** Milliseconds until the watchdog ends a turn. */
  long watchdog() {
    return Long.parseLong(value("watchdog", USUAL_WATCHDOG));
  }

  HostileHost.Limits limits() {
    return new HostileHost.Limits(fuel(), watchdog());
  }

  boolean isAlone() {
    return loadFailure() != null || source.contains("\n// alone\n");
  }

  boolean settles() {
    return source.contains("\n// settle\n");
  }

  /** Scripts with the same key are served in one module. */
  String group() {
    return isAlone()
        ? name
        : name.substring(0, name.indexOf('/'))
            + " with fuel "
            + fuel()
            + " and "
            + watchdog()
            + " ms";
  }

  /** A module that serves the attacks of several files, each under its file's name. */
  static String together(List<HostileScript> scripts) {
    StringBuilder out = new StringBuilder("const served = exports\n");
    for (HostileScript script : scripts) {
      out.append("{\nconst exports = {}\nconst module = { exports };\n(function () {\n");
      out.append(script.source);
      out.append("\n})()\nserved['").append(script.method(true)).append("'] = exports.attack\n}\n");
    }
    return out.append("served.innocent = () => 'ok'\n").toString();
  }

  /** The method's name, which in a module of several is the file's. */
  String method(boolean together) {
    return together ? name.substring(name.indexOf('/') + 1) : method();
  }

  private String value(String key, String otherwise) {
    List<String> values = values(key);
    return values.isEmpty() ? otherwise : values.get(0);
  }

  private List<String> values(String key) {
    String start = "// " + key + ": ";
    return source
        .lines()
        .takeWhile(line -> line.startsWith("// "))
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }
}
