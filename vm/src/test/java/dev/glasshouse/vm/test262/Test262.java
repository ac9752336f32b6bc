package dev.glasshouse.vm.test262;

import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs the suite, or every Nth file of it, on one engine and appends a line for each case to a file
 * of results. Cases that the file has already are not run again, so that a run can go on.
 *
 * <p>Arguments: ENGINE SUITE RESULTS FILTER WITHOUT EVERY FUEL MINUTES; FILTER and WITHOUT are
 * prefixes of paths below {@code test/}, the latter {@code -} for none.
 */
public final class Test262 {
  private static final List<String> PARTS = List.of("test/language", "test/built-ins");
  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private final Path suite;
  private final Path results;
  private final String filter;
  private final String without;
  private final int every;
  private final long ends;

  private Test262(String[] args) {
    this.suite = Path.of(args[1]).toAbsolutePath().normalize();
    this.results = Path.of(args[2]);
    this.filter = "test/" + args[3];
    this.without = "test/" + args[4];
    this.every = Integer.parseInt(args[5]);
    this.ends = System.nanoTime() + Long.parseLong(args[7]) * NANOS_PER_MINUTE;
  }

  public static void main(String[] args) throws InterruptedException {
    SandboxEngine engine = Engines.named(args[0]);
    long fuel = Long.parseLong(args[6]);
    Test262 run = new Test262(args);
    Throwable[] failed = new Throwable[1];
    Thread thread = SandboxThread.create("test262", () -> run.run(engine, fuel));
    thread.setUncaughtExceptionHandler((ended, e) -> failed[0] = e);
    thread.start();
    thread.join();
    if (failed[0] != null) {
      failed[0].printStackTrace();
      System.exit(1);
    }
  }

  private void run(SandboxEngine engine, long fuel) {
    try (Realm realm = new Realm(engine, suite, fuel)) {
      Set<String> done = done();
      try (BufferedWriter out =
          Files.newBufferedWriter(results, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        for (String path : paths()) {
          if (System.nanoTime() - ends > 0) {
            return;
          }
          for (TestCase test : TestCase.of(TestFile.read(suite, path))) {
            if (!done.contains(test.id())) {
              CaseResult result = test.isSkipped() ? CaseResult.skipped(test) : realm.run(test);
              out.write(result.line() + "\n");
              out.flush();
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> done() throws IOException {
    Set<String> ids = new TreeSet<>();
    if (Files.exists(results)) {
      for (String line : Files.readAllLines(results)) {
        ids.add(line.substring(0, line.indexOf('\t')));
      }
    }
    return ids;
  }

  // Every Nth of the tests whose path begins so; fixtures are no tests.
  private List<String> paths() throws IOException {
    List<String> all = new ArrayList<>();
    for (String part : PARTS) {
      try (Stream<Path> files = Files.walk(suite.resolve(part))) {
        files
            .map(file -> suite.relativize(file).toString())
            .filter(path -> path.startsWith(filter) && !path.startsWith(without))
            .filter(path -> path.endsWith(".js"))
            .filter(path -> !path.contains("_FIXTURE"))
            .sorted()
            .forEach(all::add);
      }
    }
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < all.size(); i += every) {
      chosen.add(all.get(i));
    }
    return chosen;
  }
}
