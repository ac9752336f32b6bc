package dev.glasshouse.vm.test262;

import java.util.List;
import java.util.Locale;

/** A file in one of the modes that it is to be run in. */
record TestCase(TestFile file, Mode mode) {
  /** How the source is evaluated. */
  enum Mode {
    SLOPPY,
    STRICT,
    MODULE
  }

  /** What no guest of one agent can be given: other agents, and an object like document.all. */
  private static final List<String> UNAVAILABLE = List.of("IsHTMLDDA", "atomicsHelper.js");

  static List<TestCase> of(TestFile file) {
    if (file.has("module")) {
      return List.of(new TestCase(file, Mode.MODULE));
    }
    if (file.has("onlyStrict")) {
      return List.of(new TestCase(file, Mode.STRICT));
    }
    if (file.has("noStrict") || file.has("raw")) {
      return List.of(new TestCase(file, Mode.SLOPPY));
    }
    return List.of(new TestCase(file, Mode.SLOPPY), new TestCase(file, Mode.STRICT));
  }

  /** The file's path and the mode. */
  String id() {
    return file.path() + " " + mode.name().toLowerCase(Locale.ROOT);
  }

  boolean isSkipped() {
    return file.features().stream().anyMatch(UNAVAILABLE::contains)
        || file.includes().stream().anyMatch(UNAVAILABLE::contains);
  }

  String source() {
    return mode == Mode.STRICT ? "\"use strict\";\n" + file.source() : file.source();
  }

  /**
   * Whether this is what the test wants.
   *
   * @param text what the bootstrap script says: {@code v}, {@code p} for a module that still waits,
   *     or {@code e}, a constructor's name and a line; then what was printed
   */
  boolean passes(String text) {
    int end = text.indexOf('\n');
    if (file.negative() != null) {
      return text.startsWith("e") && text.substring(1, end).equals(file.negative());
    }
    if (file.has("async")) {
      return !text.startsWith("e")
          && text.contains("Test262:AsyncTestComplete")
          && !text.contains("Test262:AsyncTestFailure");
    }
    return text.startsWith("v");
  }
}
