package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.cli.LyingSession.Answer;
import dev.glasshouse.cli.LyingSession.Asked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

/**
 * Hosts that sign a tree with an entry that breaks a rule: whoever meets it while calling or
 * reading writes down what proves it, and says less where nothing does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrokenEntryTest {
  private static final Outcome ONE = new Outcome.Ok(new Text.Inline("1"), 0);

  private Path temp;
  private Path saved;
  private TestHost host;
  private Glass glass;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    host = TestHost.start(dir.resolve("host"), "let n = 0\nexports.a = () => ++n\n");
    for (int i = 0; i < 2; i++) {
      Glass.of(dir.resolve("caller")).call(host, "client.a()");
    }
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @BeforeEach
  void fresh(@TempDir Path home) {
    glass = Glass.of(home.resolve("home"));
    saved = home.resolve("saved");
  }

  private List<Path> evidence() throws IOException {
    Path dir = glass.home().resolve("evidence");
    if (!Files.exists(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }

  // Somebody else judges the file alone.
  private void assertProved(String why, String rule, Glass.Ran ran) throws IOException {
    String said = ran.out() + ran.err();
    assertEquals(4, ran.code(), said);
    assertTrue(said.contains(why), said);
    assertEquals(1, evidence().size(), said);
    Path file = evidence().get(0);
    assertTrue(said.contains("proves it to anybody: glass verify --evidence " + file), said);
    Glass.Ran judged =
        Glass.of(temp.resolve("nobody"))
            .run("verify", "--evidence", file.toString(), "--log", host.log());
    assertEquals(4, judged.code(), judged.out());
    assertTrue(judged.out().contains(rule), judged.out());
    assertFalse(Files.exists(saved), "nothing is saved");
  }

  private void assertNotProved(String why, Glass.Ran ran) throws IOException {
    String said = ran.out() + ran.err();
    assertEquals(1, ran.code(), said);
    assertTrue(said.contains(why), said);
    assertEquals(List.of(), evidence());
    assertFalse(Files.exists(saved), "nothing is saved");
  }

  // ---- who calls -------------------------------------------------------------------------------

  private Glass.Ran call(LyingSession.Lie lie) throws IOException {
    return call(lie, (path, body) -> body);
  }

  private Glass.Ran call(LyingSession.Lie lie, FrontServer.Body withheld) throws IOException {
    try (LyingSession liar = new LyingSession(host, lie, withheld)) {
      return glass.run("repl", liar.at(), "-e", "client.a()");
    }
  }

  private static Answer truth(Asked asked) {
    return Answer.of(asked.entry(asked.request(), asked.caller(), List.of(ONE)), asked);
  }

  private static Answer otherWords(Asked asked) {
    String other = asked.request().replace("\"params\":[]", "\"params\":[9]");
    return Answer.of(asked.entry(other, asked.caller(), List.of(ONE)), asked);
  }

  private static Answer twoOutcomes(Asked asked) {
    return Answer.of(asked.entry(asked.request(), asked.caller(), List.of(ONE, ONE)), asked);
  }

  @Test
  void anHonestAnswerIsTaken() throws Exception {
    Glass.Ran ran = call(BrokenEntryTest::truth);
    assertEquals(0, ran.code(), ran.err());
    assertEquals("1\n", ran.out());
    assertEquals(List.of(), evidence());
  }

  @Test
  void anotherCallUnderTheCallersSignatureIsProved() throws Exception {
    assertProved(
        "CaughtHostError: the host's answer does not verify: the receipt is of another call than",
        "a signature by ed25519:",
        call(BrokenEntryTest::otherWords));
  }

  @Test
  void moreOutcomesThanCallsAreProved() throws Exception {
    assertProved("2 outcomes", "2 outcomes", call(BrokenEntryTest::twoOutcomes));
  }

  @Test
  void anEntryAtAnotherIndexIsProved() throws Exception {
    assertProved(
        "not of the entry at its index",
        "and has seq 7",
        call(
            asked -> {
              CallEntry entry = asked.entry(asked.request(), asked.caller(), List.of(ONE));
              Map<String, Object> json =
                  ForgedLog.object(
                      CanonicalJson.parse(entry.format(new HashMap<>()), Integer.MAX_VALUE));
              json.put("seq", 7L);
              ForgedLog log = asked.log().and(CanonicalJson.format(json));
              return new Answer(log, log.size() - 1, List.of(ONE.toJson()));
            }));
  }

  @Test
  void whatIsNoEntryIsProved() throws Exception {
    assertProved(
        "does not verify",
        "its canonical form",
        call(
            asked -> {
              ForgedLog log = asked.log().and("{\"v\":1}".getBytes(StandardCharsets.UTF_8));
              return new Answer(log, log.size() - 1, List.of(ONE.toJson()));
            }));
  }

  @Test
  void theReceiptOfSomebodyElsesCallProvesNothing() throws Exception {
    assertNotProved(
        "the receipt is of another call than the one that was sent",
        call(asked -> new Answer(asked.log(), 2, List.of(ONE.toJson()))));
  }

  @Test
  void anAnswerThatWasNotLoggedProvesNothing() throws Exception {
    assertNotProved(
        "and has logged",
        call(
            asked -> {
              Answer truth = truth(asked);
              Outcome other = new Outcome.Ok(new Text.Inline("2"), 0);
              return new Answer(truth.log(), truth.index(), List.of(other.toJson()));
            }));
  }

  @Test
  void aHostThatWithholdsItsTreeIsNotProvedToLie() throws Exception {
    assertNotProved(
        "the receipt is of another call than",
        call(
            BrokenEntryTest::otherWords,
            (path, body) -> path.startsWith("/tile/0/") ? null : body));
  }

  @Test
  void theEntryBeforeIsNotNeeded() throws Exception {
    assertProved(
        "the receipt is of another call than",
        "a signature by ed25519:",
        call(
            BrokenEntryTest::otherWords,
            (path, body) -> path.startsWith("/tile/entries/") ? null : body));
  }

  @Test
  void aLineThatGoesOnAfterwardsEndsAsProvedToo() throws Exception {
    try (LyingSession liar =
        new LyingSession(host, BrokenEntryTest::twoOutcomes, (path, body) -> body)) {
      Glass.Ran ran = glass.run("repl", liar.at(), "-e", "client.a().then(x => x, e => 'caught')");
      assertEquals(4, ran.code(), ran.out() + ran.err());
      assertTrue(ran.err().contains("proves it to anybody"), ran.err());
    }
  }

  // ---- who reads -------------------------------------------------------------------------------

  private static String[] line(String command, String at, int index, Path out) {
    return switch (command) {
      case "receipt" -> new String[] {"receipt", at, "" + index, "-o", out.toString()};
      case "proof" ->
          new String[] {"files", at, "ls", "--at", "" + index, "--proof", out.toString()};
      case "files" -> new String[] {"files", at, "ls", "--at", "" + index};
      default -> new String[] {command, at};
    };
  }

  private Glass.Ran read(String command, FrontServer.Body lie) throws IOException {
    try (FrontServer front = FrontServer.before(host, lie)) {
      return glass.run(line(command, front.at(), 1, saved));
    }
  }

  private ForgedLog lie(Consumer<Map<String, Object>> change) {
    return ForgedLog.of(host).lie(1, change);
  }

  @Test
  void aReceiptOfABrokenEntryIsEvidence() throws Exception {
    assertProved(
        "NOT PROVED: the host has logged what breaks a rule: entry 1 must have a signature by",
        "a signature by ed25519:",
        read(
            "receipt",
            lie(
                entry ->
                    entry.put("request", ((String) entry.get("request")).replace("[]", "[1]")))));
  }

  @Test
  void aProofOfFilesOfABrokenEntryIsEvidence() throws Exception {
    ForgedLog lie =
        lie(
            entry -> {
              List<Object> outcomes = new ArrayList<>((List<?>) entry.get("outcomes"));
              outcomes.add(outcomes.get(0));
              entry.put("outcomes", outcomes);
            });
    assertProved("entry 1 must have 1 outcomes", "and has 2 outcomes", read("proof", lie));
    // The archive alone has its root from the entry, whatever came of the call.
    assertEquals(0, read("files", lie).code());
  }

  @Test
  void whatIsNoEntryIsEvidenceForAllWhoReadIt() throws Exception {
    byte[] none = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
    for (String command : List.of("receipt", "files", "proof", "log")) {
      fresh(temp.resolve("of-" + command));
      assertProved(
          "entry 1 must have its canonical form",
          "its canonical form",
          read(command, ForgedLog.of(host).with(1, none)));
    }
  }

  @Test
  void aCallerWhoSignedForAnotherLogIsEvidence() throws Exception {
    String request = ((CallEntry) host.module().log().entry(1)).request().read(hash -> null);
    String other = request.replace(host.log(), "ab".repeat(32));
    Identity key = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    byte[] message = ("glasshouse/call/v1\n" + other).getBytes(StandardCharsets.UTF_8);
    assertProved(
        "entry 1 must have a call that may be entry 1",
        "signed for log abab",
        read(
            "receipt",
            lie(
                entry -> {
                  entry.put("request", other);
                  entry.put(
                      "caller",
                      new HashMap<>(
                          Map.of(
                              "key",
                              key.publicKey().format(),
                              "sig",
                              Caller.formatSignature(key.sign(message)))));
                })));
  }

  @Test
  void whatIsNotInTheTreeAccusesNobody() throws Exception {
    ForgedLog honest = ForgedLog.of(host);
    ForgedLog lie = lie(entry -> entry.put("outcomes", List.of()));
    FrontServer.Body mixed =
        (path, body) -> (path.startsWith("/tile/entries/") ? lie : honest).of(path, body);
    assertNotProved("is not in the tree that it signed", read("receipt", mixed));
    assertNotProved("is not in the tree that it signed", read("files", mixed));
  }

  @Test
  void aSavedReceiptShowsTheRuleAndNoMore() throws Exception {
    Path file = temp.resolve("kept");
    assertEquals(0, glass.run(line("receipt", host.at(), 1, file)).code());
    ForgedLog lie = lie(entry -> entry.put("outcomes", List.of()));
    Files.write(Path.of(file + ".entry"), CanonicalJson.format(lie.entry(1)));
    Receipt receipt = lie.receipt(1);
    Files.write(file, new TlogProof(1, receipt.proof(), receipt.checkpoint()).format());
    fresh(temp.resolve("of-check"));
    assertNotProved(
        "NOT PROVED: entry 1 must have 1 outcomes",
        glass.run("receipt", "--check", file.toString()));
  }
}
