package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Which of flag, environment and file counts. */
final class ConfiguredTest {
  @TempDir private Path temp;

  private String file(String... lines) throws IOException {
    return Files.write(temp.resolve("glass.conf"), List.of(lines)).toString();
  }

  @Command(name = "other")
  private static final class Other {}

  private static CommandLine commands() {
    return new CommandLine(new Other())
        .addSubcommand("exec", new ExecCommand())
        .addSubcommand("witness", new WitnessCommand())
        .addSubcommand("repl", new Other());
  }

  /** What is added to a command line. */
  private static Set<String> added(Map<String, String> environment, String... line) {
    String[] all = Configured.complete(commands(), line, environment);
    assertArrayEquals(line, Stream.of(all).limit(line.length).toArray(), "what was typed stays");
    return new TreeSet<>(List.of(all).subList(line.length, all.length));
  }

  @Test
  void aFlagCountsBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    String file = file("# all", "", "port = 1", " bind=a b ", "title = x = y # z", "fuel = 1");
    Map<String, String> environment =
        Map.of("GLASS_EXEC_BIND", "e", "GLASS_EXEC_TITLE", "e", "GLASS_JAVA_OPTS", "x");
    assertEquals(
        new TreeSet<>(List.of("--port=1", "--bind=e", "--fuel=1")),
        added(environment, "exec", "a.js", "--config", file, "--title", "flag"));
    assertEquals(
        new TreeSet<>(List.of("--bind=a b", "--title=x = y # z", "--fuel=1")),
        added(Map.of(), "exec", "-p", "7", "--config=" + file, "a.js"));
    assertEquals(
        new TreeSet<>(List.of("--port=1", "--bind=a b", "--title=x = y # z", "--fuel=1")),
        added(Map.of("GLASS_EXEC_CONFIG", file), "exec", "a.js"));
  }

  @Test
  void aWitnessHasItsOwn() throws IOException {
    String file = file("port = 1", "tls-cert = a.pem", "append-only = true");
    Map<String, String> environment =
        Map.of("GLASS_WITNESS_TLS_KEY", "k.pem", "GLASS_EXEC_TITLE", "not asked for");
    assertEquals(
        new TreeSet<>(
            List.of("--port=1", "--tls-cert=a.pem", "--append-only=true", "--tls-key=k.pem")),
        added(environment, "witness", policy(), "--config", file));
    ParameterException unknown =
        assertThrows(
            ParameterException.class,
            () -> added(Map.of("GLASS_WITNESS_TITLE", "x"), "witness", policy()));
    assertEquals(
        "GLASS_WITNESS_TITLE: there is no option title; glass witness --help lists them",
        unknown.getMessage());
  }

  private String policy() throws IOException {
    return Files.writeString(temp.resolve("list"), "quorum none\n").toString();
  }

  @Test
  void listsAreReplacedNotMixed() throws IOException {
    String file = file("allow = k1", "allow = k2", "allow-origin = https://a");
    assertEquals(
        new TreeSet<>(List.of("--allow=k1", "--allow=k2", "--allow-origin=https://a")),
        added(Map.of(), "exec", "a.js", "--config", file));
    assertEquals(
        new TreeSet<>(List.of("--allow=e1", "--allow=e2", "--allow-origin=https://a")),
        added(Map.of("GLASS_EXEC_ALLOW", "e1,e2"), "exec", "a.js", "--config", file));
    assertEquals(
        new TreeSet<>(List.of("--allow-origin=https://a")),
        added(Map.of("GLASS_EXEC_ALLOW", "e1"), "exec", "a.js", "--allow", "f", "--config", file));
  }

  @Test
  void whatIsOnCanBeTurnedOff() throws IOException {
    String file = file("debug = true");
    assertEquals(
        new TreeSet<>(List.of("--debug=true")), added(Map.of(), "exec", "a", "--config", file));
    for (String flag : List.of("--debug=false", "--debug", "-d")) {
      assertEquals(new TreeSet<>(), added(Map.of(), "exec", "a", flag, "--config", file), flag);
    }
  }

  @Test
  void otherCommandsAreLeftAlone() {
    String[] line = {"repl", "exec", "--config=none"};
    assertSame(line, Configured.complete(commands(), line, Map.of("GLASS_EXEC_PROT", "1")));
    String[] wrong = {"exec", "--prot"};
    assertSame(wrong, Configured.complete(commands(), wrong, Map.of("GLASS_EXEC_PORT", "1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot = 1 | line 2: there is no option prot",
        "config = x | line 2: there is no option config",
        "help = true | line 2: there is no option help",
        "--port = 1 | line 2: there is no option --port",
        "p = 1 | line 2: there is no option p",
        "port | line 2: write NAME = VALUE",
        "= 1 | line 2: write NAME = VALUE",
        "port = many | line 2: Invalid value for option '--port': 'many' is not an int",
        "debug = maybe | line 2: Invalid value for option '--debug': 'maybe' is not a boolean",
        "heap = 1q | line 2: Invalid value for option '--heap'",
        "bind = b | line 2: bind is given already, in ",
      })
  void aMistakeIsNamedWithItsLine(String line, String message) throws IOException {
    String file = file("bind = a", line);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams = new Streams(OutputStream.nullOutputStream(), err, () -> false, () -> false);
    int code = Main.run(new Home(temp), streams, Map.of(), "exec", "none.js", "--config", file);
    String said = err.toString(StandardCharsets.UTF_8);
    assertEquals(2, code, said);
    assertTrue(said.startsWith(file + ", " + message), said);
  }

  @Test
  void aMistakeInTheEnvironmentIsNamed() {
    CommandLine line = commands();
    String[] arguments = {"exec", "a.js"};
    ParameterException unknown =
        assertThrows(
            ParameterException.class,
            () -> Configured.complete(line, arguments, Map.of("GLASS_EXEC_PROT", "1")));
    assertTrue(unknown.getMessage().startsWith("GLASS_EXEC_PROT: there is no option prot"));
    ParameterException wrong =
        assertThrows(
            ParameterException.class,
            () -> Configured.complete(line, arguments, Map.of("GLASS_EXEC_PORT", "x")));
    assertTrue(wrong.getMessage().startsWith("GLASS_EXEC_PORT: Invalid"), wrong.getMessage());
  }
}
