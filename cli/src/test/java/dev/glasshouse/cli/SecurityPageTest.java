package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/security.md names tests for each row of the threat model: they are there. */
final class SecurityPageTest {
  private static final Path ROOT = Path.of("..");
  private static final int ROWS = 32;
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+Test)?\\.?([a-z]\\w+)?`");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");
  private static final Pattern LAST_CELL = Pattern.compile("\\|.*\\|([^|]*)\\|");

  /** The sources of test classes by simple name, those of one name after each other. */
  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new HashMap<>();
    for (String module : new String[] {"calllog", "vm", "rpc", "verifier", "cli"}) {
      try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : walk.filter(path -> path.toString().endsWith(".java")).toList()) {
          String name = String.valueOf(file.getFileName()).replace(".java", "");
          tests.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return tests;
  }

  @Test
  void everyRowIsThereAndEveryTestThatItNames() throws IOException {
    Map<String, String> tests = tests();
    List<Integer> rows = new ArrayList<>();
    int named = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/security.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(Integer.parseInt(row.group(1)));
      }
      Matcher cell = LAST_CELL.matcher(line);
      if (cell.matches()) {
        named += requireTests(cell.group(1), tests);
      }
    }
    assertEquals(IntStream.rangeClosed(1, ROWS).boxed().toList(), rows);
    assertTrue(named > 100, "the page is not read as it should be: " + named + " names");
  }

  // A name without a class is of the class before it.
  private static int requireTests(String cell, Map<String, String> tests) {
    String source = null;
    int named = 0;
    Matcher name = NAME.matcher(cell);
    while (name.find()) {
      if (name.group(1) != null) {
        source = tests.get(name.group(1));
        assertNotNull(source, () -> "there is no " + name.group());
      }
      String method = name.group(2);
      if (method != null) {
        assertNotNull(source, () -> name.group() + " is of no class");
        assertTrue(source.contains(" " + method + "("), () -> "there is no " + name.group());
      }
      named++;
    }
    return named;
  }
}
