package dev.glasshouse.vm.test262;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One test and what its front matter says: see "Metadata" in test262's INTERPRETING.md.
 *
 * @param path relative to the suite's directory, {@code /}-separated
 * @param source the file as it is
 * @param flags such as {@code onlyStrict}, {@code module}, {@code raw} and {@code async}
 * @param includes harness files that it asks for
 * @param features parts of the language that it needs
 * @param negative the constructor of the error that it must end in, or null
 */
record TestFile(
    String path,
    String source,
    List<String> flags,
    List<String> includes,
    List<String> features,
    String negative) {
  private static final Pattern FRONT_MATTER =
      Pattern.compile("/\\*---(.*?)---\\*/", Pattern.DOTALL);
  private static final Pattern NEGATIVE =
      Pattern.compile("(?m)^\\s*negative:\\s*$(?:\\s+phase:.*$)?\\s+type:\\s*(\\w+)");
  private static final Pattern WORD = Pattern.compile("[^\\s,\\[\\]]+");

  static TestFile read(Path suite, String path) throws IOException {
    return parse(path, Files.readString(suite.resolve(path), StandardCharsets.UTF_8));
  }

  static TestFile parse(String path, String source) {
    Matcher found = FRONT_MATTER.matcher(source);
    String text = found.find() ? found.group(1).replaceAll("\\r\\n?", "\n") : "";
    Matcher negative = NEGATIVE.matcher(text);
    return new TestFile(
        path,
        source,
        list(text, "flags"),
        list(text, "includes"),
        list(text, "features"),
        negative.find() ? negative.group(1) : null);
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }

  /** The harness files to evaluate before it, in order. */
  List<String> harness() {
    if (has("raw")) {
      return List.of();
    }
    List<String> names = new ArrayList<>(List.of("assert.js", "sta.js"));
    if (has("async")) {
      names.add("doneprintHandle.js");
    }
    names.addAll(includes);
    return names;
  }

  // Both forms of a YAML list: [a, b] and lines that begin with a dash.
  private static List<String> list(String text, String key) {
    Matcher found =
        Pattern.compile("(?m)^\\s*" + key + ":[ \\t]*(\\[[^\\]]*\\]|(?:\\n\\s*- .*)*)")
            .matcher(text);
    List<String> words = new ArrayList<>();
    if (found.find()) {
      Matcher word = WORD.matcher(found.group(1));
      while (word.find()) {
        if (!word.group().equals("-")) {
          words.add(word.group());
        }
      }
    }
    return words;
  }
}
