package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.evidence.SecondJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hosts that commit the cheats of docs/security.md while they speak the protocol, and what the
 * commands say about them. Whoever is told that a cheat is proved can show it to somebody else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LyingHostTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.add = (by) => n += by
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.ask = () => System.oracle(() => 7)
      """;

  private static final int VERIFIED = 0;
  private static final int DIVERGED = 1;
  private static final int UNDECIDED = 3;
  private static final int PROVED = 4;

  private Path temp;
  private TestHost host;
  private Glass glass;
  private Path evidence;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    // One caller, who says in each call what they have seen.
    Glass caller = Glass.of(dir.resolve("caller"));
    for (String call :
        List.of(
            "client.add(1)",
            "client.add(2)",
            "client.put('/a', 'b')",
            "client.ask()",
            "client.add(3)")) {
      Glass.Ran ran = caller.run("repl", host.at(), "-e", call);
      assertEquals(0, ran.code(), ran.err());
    }
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @BeforeEach
  void fresh(@TempDir Path home) {
    glass = Glass.of(home.resolve("home"));
    evidence = home.resolve("evidence.json");
  }

  private ForgedLog log() {
    return ForgedLog.of(host);
  }

  /**
   * A cheat that an auditor finds who has seen nothing before.
   *
   * @param row of the threat model, and what the host does
   * @param log what it serves
   * @param code how the command ends
   * @param sentence what it says
   * @param index the entry that it names
   */
  private record Cheat(String row, ForgedLog log, int code, String sentence, int index) {
    @Override
    public String toString() {
      return "row " + row;
    }
  }

  private Cheat lie(
      String row, int index, Consumer<Map<String, Object>> change, int code, String sentence) {
    return new Cheat(row, log().lie(index, change), code, sentence, index);
  }

  private static Consumer<Map<String, Object>> outcome(Consumer<Map<String, Object>> change) {
    return entry -> change.accept(ForgedLog.outcome(entry));
  }

  private static void replaceRequest(Map<String, Object> entry, String from, String to) {
    entry.put("request", ((String) entry.get("request")).replace(from, to));
  }

  Stream<Cheat> cheats() {
    Object earlier = log().entry(2).get("root");
    String notHere = "the call may not be here";
    String outcome = "the outcome is another";
    return Stream.of(
        new Cheat("2: deletes a call that others have seen", log().without(2), PROVED, notHere, 2),
        new Cheat("3: puts a call before another", log().swapped(1, 2), PROVED, notHere, 1),
        lie(
            "5: puts other words into a caller's mouth",
            2,
            entry -> replaceRequest(entry, "[2]", "[9]"),
            PROVED,
            "the caller's signature does not hold"),
        lie(
            "5: names another caller",
            2,
            entry ->
                ForgedLog.object(entry.get("caller"))
                    .put("key", Identity.ofSeed(new byte[32]).publicKey().format()),
            PROVED,
            "the caller's signature does not hold"),
        lie("7: another result", 5, outcome(call -> call.put("ok", "7")), DIVERGED, outcome),
        lie(
            "7: another result, long ago",
            1,
            outcome(call -> call.put("ok", "7")),
            DIVERGED,
            outcome),
        lie(
            "9: loses a file",
            5,
            entry -> entry.put("root", earlier),
            DIVERGED,
            "the changes to the files are others"),
        new Cheat(
            "17: executes a call again",
            log().repeated(1).lie(6, entry -> entry.put("time", log().entry(5).get("time"))),
            PROVED,
            notHere,
            6),
        lie(
            "19: claims that a call ran out of fuel",
            5,
            outcome(
                call -> {
                  call.remove("ok");
                  call.put("trap", "fuel");
                }),
            DIVERGED,
            outcome),
        lie(
            "20: counts other fuel",
            5,
            outcome(call -> call.put("fuel", 1L)),
            DIVERGED,
            "the fuel is another"),
        new Cheat(
            "21: other limits, so another log than its callers signed for",
            log().lie(0, entry -> ForgedLog.object(entry.get("limits")).put("fuel", 3000L)),
            PROVED,
            notHere,
            1),
        lie(
            "22: sets its clock back",
            5,
            entry -> entry.put("time", (Long) log().entry(0).get("time") - 1),
            PROVED,
            "the entry does not continue the one before it"),
        lie(
            "25: drops an oracle's answer",
            4,
            entry -> entry.put("inputs", List.of()),
            DIVERGED,
            "the inputs are not those the entry consumes"),
        lie(
            "26: runs two calls at once",
            2,
            outcome(call -> call.put("ok", "2")),
            DIVERGED,
            outcome),
        new Cheat(
            "28: signs with another key",
            log().signedBy(Identity.ofSeed(new byte[32])),
            DIVERGED,
            "the checkpoint is not signed by the log's key",
            0));
  }

  @ParameterizedTest
  @MethodSource("cheats")
  void isFound(Cheat cheat) throws IOException {
    try (FrontServer front = FrontServer.before(host, cheat.log())) {
      // What is proved needs no replay.
      String level = cheat.code() == PROVED ? "signatures" : "replay";
      String file = evidence.toString();
      Glass.Ran ran = glass.run("verify", front.at(), "--level", level, "--evidence", file);
      assertEquals(cheat.code(), ran.code(), ran.out());
      assertTrue(ran.out().contains("NOT VERIFIED: " + cheat.sentence() + ".\n"), ran.out());
      assertTrue(ran.out().contains("  at entry  " + cheat.index()), ran.out());
    }
    if (cheat.code() == PROVED || Files.exists(evidence)) {
      // Somebody else judges, without the host.
      Glass.Ran judged =
          Glass.of(temp.resolve("nobody")).run("verify", "--evidence", evidence.toString());
      boolean proved = cheat.code() == PROVED;
      assertEquals(proved ? PROVED : UNDECIDED, judged.code(), judged.out());
      assertTrue(judged.out().startsWith(proved ? "PROVED: " : "NOT PROVED: "), judged.out());
    }
  }

  @Test
  void withoutALieThereIsNoFinding() throws IOException {
    try (FrontServer front = FrontServer.before(host, log())) {
      Glass.Ran ran = glass.run("verify", front.at(), "--log", host.log());
      assertEquals(VERIFIED, ran.code(), ran.out());
    }
  }

  /** Row 28: whoever named the log is not served another. */
  @Test
  void anotherLogUnderAnotherKeyIsNotTheOneThatWasNamed() throws IOException {
    Identity other = Identity.ofSeed(new byte[32]);
    ForgedLog another =
        log()
            .prefix(1)
            .signedBy(other)
            .lie(0, entry -> entry.put("host", other.publicKey().format()));
    try (FrontServer front = FrontServer.before(host, another)) {
      Glass.Ran ran = glass.run("verify", front.at(), "--log", host.log());
      assertEquals(DIVERGED, ran.code(), ran.out());
      assertTrue(ran.out().contains("NOT VERIFIED: another log than expected."), ran.out());
    }
  }

  // ---- what was seen before --------------------------------------------------------------------

  private void see(ForgedLog log) throws IOException {
    try (FrontServer front = FrontServer.before(host, log)) {
      assertEquals(VERIFIED, glass.run("verify", front.at(), "--level", "receipt").code());
    }
  }

  /** Row 11: the same key, another last entry. */
  @ParameterizedTest
  @ValueSource(strings = {"verify", "files", "receipt", "export"})
  void aForkIsProvedByWhateverCommandMeetsIt(String command) throws Exception {
    see(log());
    ForgedLog fork = log().lie(5, entry -> entry.put("time", (Long) entry.get("time") + 1));
    Path copy = evidence.resolveSibling("copy");
    try (FrontServer front = FrontServer.before(host, fork)) {
      if (command.equals("export")) {
        try (FrontServer honest = FrontServer.before(host, log())) {
          assertEquals(0, glass.run("export", honest.at(), copy.toString()).code());
        }
      }
      Glass.Ran ran =
          switch (command) {
            case "verify" -> glass.run("verify", front.at(), "--level", "hashes");
            case "files" -> glass.run("files", front.at(), "cat", "/a");
            case "receipt" -> glass.run("receipt", front.at(), "5", "-o", copy.toString());
            default -> glass.run("export", front.at(), copy.toString());
          };
      assertEquals(PROVED, ran.code(), ran.out() + ran.err());
    }
    try (Stream<Path> files = Files.list(glass.home().resolve("evidence"))) {
      Path file = files.findFirst().orElseThrow();
      Glass nobody = Glass.of(temp.resolve("nobody"));
      assertEquals(PROVED, nobody.run("verify", "--evidence", file.toString()).code());
      assertTrue(SecondJudge.proves(Files.readAllBytes(file)), "the second judge");
    }
  }

  /** Rows 12 and 13: to roll back and to stand still look alike to who has seen more. */
  @ParameterizedTest
  @ValueSource(strings = {"verify", "watch", "files", "receipt", "mirror"})
  void aRollbackOrAStaleViewIsFoundByWhoHasSeenMore(String command) throws Exception {
    see(log());
    Path copy = evidence.resolveSibling("copy");
    if (command.equals("mirror")) {
      try (FrontServer honest = FrontServer.before(host, log())) {
        assertEquals(0, glass.run("mirror", honest.at(), copy.toString()).code());
      }
    }
    try (FrontServer stale = FrontServer.before(host, log().prefix(4))) {
      Glass.Ran ran =
          switch (command) {
            case "verify" -> glass.run("verify", stale.at());
            case "watch" -> glass.run("verify", stale.at(), "--watch");
            case "files" -> glass.run("files", stale.at(), "ls");
            case "receipt" -> glass.run("receipt", stale.at(), "2", "-o", copy.toString());
            default -> glass.run("mirror", stale.at(), copy.toString());
          };
      assertEquals(DIVERGED, ran.code(), ran.out() + ran.err());
      String said = ran.out() + ran.err();
      assertTrue(said.contains("rolled back") || said.contains("now serves"), said);
    }
  }

  // ---- what is withheld ------------------------------------------------------------------------

  /** Row 14: what the host signed and does not give is named, and nobody is accused. */
  @Test
  void aWithheldBundleIsNamed() throws Exception {
    Glass caller = Glass.of(temp.resolve("caller"));
    try (TestHost busy = TestHost.start(temp.resolve("busy"), SCRIPT)) {
      Glass.Ran called =
          caller.run("repl", busy.at(), "-e", "for (let i = 0; i < 300; i++) client.add(1)");
      assertEquals(0, called.code(), called.err());
      try (FrontServer front =
          FrontServer.before(
              busy, (path, body) -> path.startsWith("/tile/entries/001") ? null : body)) {
        Glass.Ran ran = glass.run("verify", front.at(), "--json", evidence.toString());
        assertEquals(UNDECIDED, ran.code(), ran.out());
        assertTrue(ran.out().contains("does not have /tile/entries/001"), ran.out());
        assertTrue(ran.out().contains("Checked:        256 entries"), ran.out());
        assertFalse(ran.out().contains("Evidence:"), ran.out());
        assertEquals("undecided", report(evidence).get("verdict"));
      }
    }
  }

  /** Row 30: nothing can be left out of what is served so that less is checked. */
  @ParameterizedTest
  @ValueSource(strings = {"/checkpoint", "/tile/0/", "/tile/entries/", "/blob/", "/files/"})
  void whatIsLeftOutIsNotSkipped(String path) throws IOException {
    for (byte[] instead : new byte[][] {null, {'{', '}'}}) {
      try (FrontServer front =
          FrontServer.before(host, (asked, body) -> asked.startsWith(path) ? instead : body)) {
        Glass.Ran ran = glass.run("verify", front.at());
        assertNotEquals(VERIFIED, ran.code(), ran.out());
      }
    }
  }

  /** Row 30: the report counts what was checked, which anybody can compare with the log. */
  @Test
  void theReportCountsWhatWasChecked() throws IOException {
    String[] levels = {"receipt", "hashes", "signatures", "replay"};
    long[][] counts = {{1, 0, 0, 0}, {6, 0, 0, 1}, {6, 5, 0, 1}, {6, 5, 5, 1}};
    for (int i = 0; i < levels.length; i++) {
      String[] line = {"verify", host.at(), "--level", levels[i], "--json", evidence.toString()};
      Glass.Ran ran = glass.run(line);
      assertEquals(VERIFIED, ran.code(), ran.out());
      Map<String, Object> report = report(evidence);
      Map<String, Object> checked = ForgedLog.object(report.get("checked"));
      assertEquals(levels[i], report.get("level"));
      assertEquals(0L, report.get("since"));
      assertEquals(
          List.of(counts[i][0], counts[i][1], counts[i][2], counts[i][3]),
          List.of(
              checked.get("entries"),
              checked.get("signatures"),
              checked.get("calls"),
              checked.get("files")),
          levels[i]);
    }
    Glass.Ran again = glass.run("verify", host.at(), "--json", evidence.toString());
    assertEquals(VERIFIED, again.code(), again.out());
    assertEquals(6L, report(evidence).get("since"));
    assertEquals(0L, ForgedLog.object(report(evidence).get("checked")).get("entries"));
  }

  private static Map<String, Object> report(Path file) throws IOException {
    return ForgedLog.object(CanonicalJson.parse(Files.readAllBytes(file), Integer.MAX_VALUE));
  }
}
