package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass log}, against one host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PublishedTest {
  private static final String SCRIPT =
      """
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.mkdir = (path) => System.files.mkdir(path)
      exports.echo = (text) => text
      exports.fail = () => { throw new TypeError('no\\u001b[2J\\nno') }
      exports.spin = () => { for (;;) ; }
      """;

  private Path temp;
  private TestHost host;
  private Glass glass;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    glass = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    glass.call(
        host,
        "client.mkdir('/photos')",
        "client.put('/photos/a b.txt', 'hello')",
        "client.put('/evil', 'a\\u001b[2Jb\\n')",
        "client.put('/turned\\u202e', '')",
        "client.echo('x'.repeat(200) + '\\u009b')");
    assertEquals(1, glass.run("repl", host.at(), "-e", "client.fail()").code());
    assertEquals(1, glass.run("repl", host.at(), "-e", "client.spin()").code());
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @Test
  void logPrintsALinePerEntry() {
    Glass.Ran ran = glass.run("log", host.at());
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertEquals(8, lines.size(), ran.out());
    assertTrue(lines.get(0).matches("0 {2}\\S+Z {2}genesis of \\S+, script test.js"), lines.get(0));
    assertTrue(
        lines
            .get(2)
            .matches(
                "2 {2}\\S+Z {2}ed25519:\\S+ {2}put\\(\"/photos/a b.txt\",\"hello\"\\) -> null"),
        lines.get(2));
    assertTrue(lines.get(4).contains("put(\"/turned\ufffd\",\"\") -> null"), lines.get(4));
    assertTrue(lines.get(5).matches(".*xxx…\\) -> \"x+…"), lines.get(5));
    assertTrue(lines.get(6).endsWith("fail() -> TypeError: no\ufffd[2J\ufffdno"), lines.get(6));
    assertTrue(lines.get(7).endsWith("spin() -> out of fuel"), lines.get(7));
  }

  @Test
  void logBeginsAnywhere() {
    assertTrue(glass.run("log", host.at(), "--from", "7").out().startsWith("7  "));
    assertEquals(new Glass.Ran(0, "", ""), glass.run("log", host.at(), "--from", "8"));
  }

  @Test
  void logPrintsTheEntriesThemselves() {
    List<String> lines = glass.run("log", host.at(), "--json").out().lines().toList();
    for (int i = 0; i < 8; i++) {
      assertEquals(
          new String(host.module().log().store().entry(i), StandardCharsets.UTF_8), lines.get(i));
    }
    assertTrue(lines.get(4).contains("\u202e"));
    String shown = new Glass(glass.home(), true).run("log", host.at(), "--json").out();
    assertFalse(shown.contains("\u202e"), shown);
  }

  @Test
  void logReadsTheDirectoryOfAStoppedHost() throws Exception {
    Path dir = temp.resolve("stopped");
    try (TestHost stopped = TestHost.start(dir, SCRIPT)) {
      Glass.Ran busy = glass.run("log", dir.toString());
      assertEquals(1, busy.code());
      assertTrue(busy.err().contains("is already open, here or in another process"), busy.err());
      assertTrue(stopped.log().length() == 64);
    }
    Glass.Ran ran = glass.run("log", dir.toString());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("genesis of"), ran.out());
    Path none = Files.createDirectory(temp.resolve("none"));
    assertEquals(
        new Glass.Ran(1, "", none + " is a directory, but holds no log\n"),
        glass.run("log", none.toString()));
  }

  @Test
  void aWebServerIsNoHost() throws IOException {
    byte[] page = "<html>\u001b[2J\u009b".getBytes(StandardCharsets.UTF_8);
    try (FrontServer server = FrontServer.of((path, original) -> page)) {
      for (String[] line :
          new String[][] {
            {"log", server.at()}, {"files", server.at(), "ls"}, {"repl", server.at(), "-e", "1"}
          }) {
        Glass.Ran ran = glass.run(line);
        assertEquals(line[0].equals("files") ? 3 : 1, ran.code(), line[0]);
        assertEquals("", ran.out());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertTrue(ran.err().contains(server.at()), ran.err());
        assertFalse(ran.err().contains("\u001b"), ran.err());
      }
    }
  }
}
