package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every attack of {@code src/test/hostile} against {@code glass exec}: it gets a named answer
 * within bounded time, the module and its neighbour go on, and the log verifies on both engines.
 */
final class HostileTest {
  private static final Path FOLDER = Path.of("src", "test", "hostile");

  /** The watchdog's milliseconds and all that a busy machine adds. */
  private static final long BOUND_MILLIS = 15_000;

  private static final int AT_ONCE = 2;

  @TempDir private static Path temp;
  private static HostileHost neighbour;
  private static Glass neighbours;
  private static ExecutorService pool;

  @BeforeAll
  static void start() throws Exception {
    // What modules say on the console is thousands of lines here.
    Logger console = LoggerFactory.getLogger("console");
    ((ch.qos.logback.classic.Logger) console).setLevel(ch.qos.logback.classic.Level.OFF);
    neighbours = Glass.of(temp.resolve("neighbours-home"));
    Path script = temp.resolve("neighbour.js");
    Files.writeString(script, "let n = 0\nexports.innocent = () => ++n");
    neighbour =
        HostileHost.start(
            neighbours, temp.resolve("neighbour"), script, new HostileHost.Limits("20", 500));
    pool = Executors.newFixedThreadPool(AT_ONCE);
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
    neighbour.close();
  }

  @TestFactory
  Stream<DynamicNode> attacks() throws IOException {
    Map<String, List<HostileScript>> groups = new LinkedHashMap<>();
    for (HostileScript script : HostileScript.all(FOLDER)) {
      groups.computeIfAbsent(script.group(), key -> new ArrayList<>()).add(script);
    }
    // The longest ones first, so that none of them is left over at the end.
    return groups.entrySet().stream()
        .sorted(Comparator.comparing(group -> -group.getValue().size()))
        .map(group -> container(group.getKey(), group.getValue()))
        .toList()
        .stream();
  }

  // Groups run two at a time; the tests tell what came of them.
  private static DynamicNode container(String name, List<HostileScript> scripts) {
    Path home = temp.resolve(name.replaceAll("[^a-z0-9-]", "-"));
    Future<Findings> findings = pool.submit(() -> run(home, scripts));
    List<DynamicTest> tests = new ArrayList<>();
    for (HostileScript script : scripts) {
      tests.add(
          dynamicTest(script.name(), () -> assertEquals("", findings.get().of(script.name()))));
    }
    tests.add(dynamicTest("the log verifies", () -> assertEquals("", findings.get().of("verify"))));
    return dynamicContainer(name, tests);
  }

  /** What is wrong, by file; {@code verify} is the audit of all. */
  private record Findings(Map<String, String> wrong) {
    String of(String name) {
      return wrong.getOrDefault(name, "");
    }
  }

  private static Findings run(Path home, List<HostileScript> scripts) throws Exception {
    Files.createDirectories(home);
    Glass glass = Glass.of(home.resolve("home"));
    HostileScript first = scripts.get(0);
    if (first.loadFailure() != null) {
      return new Findings(Map.of(first.name(), refusal(glass, home, first)));
    }
    Path script = first.file();
    if (!first.isAlone()) {
      script = Files.writeString(home.resolve("together.js"), HostileScript.together(scripts));
    }
    Map<String, String> wrong = new LinkedHashMap<>();
    try (HostileHost host = HostileHost.start(glass, home.resolve("dir"), script, first.limits())) {
      for (HostileScript attack : scripts) {
        wrong.put(attack.name(), attack(glass, host, attack));
      }
      wrong.put("verify", verify(glass, host));
    }
    return new Findings(wrong);
  }

  private static String refusal(Glass glass, Path home, HostileScript script) throws Exception {
    HostileHost.Limits limits = script.limits();
    String wrong = refusal(glass, home, script, limits);
    // On a machine that is slow enough, the watchdog comes before any other limit.
    return wrong.contains("ran out of time")
        ? refusal(glass, home, script, new HostileHost.Limits(limits.fuel(), BOUND_MILLIS))
        : wrong;
  }

  private static String refusal(
      Glass glass, Path home, HostileScript script, HostileHost.Limits limits) throws Exception {
    long began = System.nanoTime();
    String said = HostileHost.refusal(glass, home.resolve("dir"), script.file(), limits);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    return millis < BOUND_MILLIS && said.contains(script.loadFailure())
        ? ""
        : "after " + millis + " ms it says: " + said;
  }

  private static String attack(Glass glass, HostileHost host, HostileScript script)
      throws Exception {
    HostileHost.Answered got = host.attack(script.method(!script.isAlone()), script.params());
    // On a machine that is slow enough, the watchdog comes before any answer.
    boolean late = got.answer().equals("abort") && got.millis() >= script.watchdog();
    if (!script.isExpected(got.answer()) && !late) {
      return "answered " + got.answer() + " instead of " + script.expected();
    }
    if (got.millis() > BOUND_MILLIS) {
      return "answered after " + got.millis() + " ms";
    }
    if (script.settles()) {
      awaitTimer(glass, host);
    }
    String then = host.innocent();
    if (!then.equals(script.then())) {
      return "the module then answers " + then + " instead of " + script.then();
    }
    String next = neighbour.innocent();
    return next.startsWith("ok ") ? "" : "the neighbour then answers " + next;
  }

  // The log's next entries are those of the timer.
  private static void awaitTimer(Glass glass, HostileHost host) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOUND_MILLIS);
    while (!glass.run("log", host.at()).out().contains("  timer -> ")) {
      assertTrue(System.nanoTime() < end, "no timer's turn is in the log");
    }
  }

  private static String verify(Glass glass, HostileHost host) {
    StringBuilder wrong = new StringBuilder();
    for (String engine : List.of("v8", "endive")) {
      Glass.Ran ran = glass.run("verify", host.at(), "--engine", engine, "--from-genesis");
      if (ran.code() != 0) {
        wrong.append(engine).append(": ").append(ran.out()).append(ran.err());
      }
    }
    return wrong.toString();
  }

  @Test
  void theNeighboursLogVerifies() {
    assertEquals("", verify(neighbours, neighbour));
  }

  @Test
  void everyFileSaysWhatItTriesAndWhatComesOfIt() throws IOException {
    for (HostileScript script : HostileScript.all(FOLDER)) {
      String first = script.source().lines().findFirst().orElse("");
      assertTrue(first.matches("// .{8,}"), script.name());
      assertTrue(script.loadFailure() != null || !script.expected().isEmpty(), script.name());
    }
  }
}
