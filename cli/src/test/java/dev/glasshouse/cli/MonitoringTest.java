package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a host tells those who run it, by the flags of {@code glass exec}. */
@Timeout(60)
final class MonitoringTest {
  private static final Path DASHBOARD = Path.of("..", "docs", "operations", "grafana.json");
  private static final Pattern METER = Pattern.compile("\\b(glasshouse|jvm|process)_[a-z_]+");

  @TempDir private Path temp;

  private String script() throws Exception {
    Path script = temp.resolve("counter.js");
    Files.writeString(script, "let n = 0\nexports.a = () => ++n\nexports.b = () => nothing");
    return script.toString();
  }

  private static String get(String at, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + at + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void accessesAreLoggedAndTheDashboardShowsWhatIsMeasured() throws Exception {
    Glass glass = Glass.of(temp.resolve("home"));
    Path log = temp.resolve("access.log");
    Serving.run(
        glass,
        announced -> {
          String at = Serving.at(announced);
          glass.run("repl", at, "-e", "client.a()");
          glass.run("repl", at, "-e", "client.b()");
          get(at, "/blob/%0a%22?x=%1b");
          assertDashboard(get(at, "/metrics"));
        },
        "exec",
        script(),
        "--dir",
        temp.resolve("host").toString(),
        "-p",
        "0",
        "--access-log",
        log.toString());
    String lines = Files.readString(log);
    String time = " \\[[^\\]]+] ";
    String caller = "127\\.0\\.0\\.1 - ed25519:[A-Za-z0-9_-]{43}" + time;
    assertTrue(
        lines.lines().anyMatch(each -> each.matches(caller + "\"CALL a\" ok \\d+ [0-9.]+")), lines);
    assertTrue(
        lines.lines().anyMatch(each -> each.matches(caller + "\"CALL b\" thrown \\d+ [0-9.]+")),
        lines);
    String got =
        "127\\.0\\.0\\.1 - -" + time + "\"GET /blob/%0a%22\\?x=%1b HTTP/1.1\" 400 \\d+ [0-9.]+";
    assertTrue(lines.lines().anyMatch(each -> each.matches(got)), lines);
    assertFalse(LoggerFactory.getLogger("access").isInfoEnabled(), "off again");
  }

  private static void assertDashboard(String metrics) throws Exception {
    String json = Files.readString(DASHBOARD);
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        // It is JSON to its end.
      }
    }
    Set<String> shown = new TreeSet<>();
    Matcher matcher = METER.matcher(json);
    while (matcher.find()) {
      shown.add(matcher.group());
    }
    // This one is only there after the first collection.
    shown.remove("jvm_gc_pause_seconds_sum");
    assertTrue(shown.size() > 15, () -> "meters in the dashboard: " + shown);
    for (String name : shown) {
      assertTrue(metrics.contains("\n" + name), () -> name + " is not measured");
    }
  }

  @Test
  void theLogIsAsTheFlagsWantIt() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try (Logging logging = Logging.begin("warn", true, null)) {
      LoggerFactory.getLogger("test").info("not wanted");
      LoggerFactory.getLogger("test").warn("two\nlines {}", 1);
    } finally {
      System.setErr(before);
    }
    List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("\"formattedMessage\":\"two\\nlines 1\""), lines.get(0));
    assertTrue(LoggerFactory.getLogger("test").isInfoEnabled(), "as before");
  }

  @Test
  void wrongFlagsAreSaid() throws Exception {
    Glass glass = Glass.of(temp.resolve("home"));
    String script = script();
    String dir = temp.resolve("host").toString();
    Glass.Ran level = glass.run("exec", script, "--dir", dir, "--log-level", "all");
    assertEquals(2, level.code());
    assertFalse(Files.exists(temp.resolve("host")), "nothing is made for a wrong flag");
    assertTrue(level.err().contains("--log-level is one of error, warn, info"), level.err());
    assertEquals(2, glass.run("exec", script, "--dir", dir, "--log-format", "xml").code());
    assertEquals(2, glass.run("exec", script, "--dir", dir, "--stop-seconds", "0").code());
    Glass.Ran file =
        glass.run("exec", script, "--dir", dir, "--access-log", temp + "/no/such/folder");
    assertEquals(1, file.code());
    assertTrue(file.err().contains("cannot write to"), file.err());
  }
}
