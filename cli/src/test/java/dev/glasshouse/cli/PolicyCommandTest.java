package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --policy} of an exported log that is cosigned by hand, and of a host without witnesses.
 */
final class PolicyCommandTest {
  private static final String SCRIPT = "let n = 0\nexports.a = () => ++n\n";
  private static final String WITNESS = "example.com/witness";

  @TempDir private Path temp;
  private final Identity witness = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
  private Glass glass;
  private TestHost host;
  private Path out;
  private String policy;

  @BeforeEach
  void export() throws Exception {
    glass = Glass.of(temp.resolve("home"));
    host = TestHost.start(temp.resolve("host"), SCRIPT);
    out = temp.resolve("out");
    policy = temp.resolve("policy").toString();
    WitnessKey key = new WitnessKey(WITNESS, witness.publicKey());
    Files.writeString(Path.of(policy), "witness alice " + key.format() + "\nquorum alice\n");
    callAndExport();
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void callAndExport() {
    assertEquals(0, glass.run("repl", host.at(), "-e", "client.a()").code());
    assertEquals(0, glass.run("export", host.at(), out.toString()).code());
  }

  private void cosign(long time) throws IOException {
    Path file = out.resolve("checkpoint");
    Note note = Note.parse(Files.readAllBytes(file), Note.MAX_BYTES);
    List<NoteSignature> lines = new ArrayList<>(note.signatures());
    lines.add(Cosignature.sign(WITNESS, witness, note.text(), time).line());
    Files.write(file, new Note(note.text(), lines).format());
  }

  private Glass.Ran verify(String... more) {
    List<String> line = new ArrayList<>(List.of("verify", out.toString(), "--policy", policy));
    line.addAll(List.of(more));
    return glass.run(line.toArray(String[]::new));
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  @Test
  void aCosignedExportIsVerifiedAndWhatWasCosignedIsKept() throws Exception {
    long time = now();
    cosign(time);
    Glass.Ran ran = verify();
    assertEquals(0, ran.code(), ran.out() + ran.err());
    String line = "quorum met for all 2 entries: alice " + Instant.ofEpochSecond(time) + ", ";
    assertTrue(ran.out().contains("Witnesses:      " + line), ran.out());
    assertTrue(ran.out().contains(" 2 entry times, "), ran.out());
    Path kept = temp.resolve("home/logs/" + host.log() + "/cosigned.json");
    assertTrue(Files.readString(kept).contains(WITNESS), "it is kept");

    callAndExport();
    cosign(now() + 5);
    Glass.Ran again = verify("--from-genesis");
    assertEquals(0, again.code(), again.out() + again.err());
    assertTrue(again.out().contains("quorum met for all 3 entries"), again.out());
    assertTrue(
        again.out().contains("1 entry time between cosignatures that are at most "), again.out());
    assertTrue(again.out().contains(" 2 entry times, "), again.out());

    Files.writeString(kept, "[\"damaged\"]");
    Glass.Ran damaged = verify();
    assertEquals(3, damaged.code());
    assertTrue(damaged.err().contains("cosigned.json are damaged"), damaged.err());
  }

  @Test
  void withoutTheQuorumItCannotBeDecided() throws Exception {
    Glass.Ran ran = verify();
    assertEquals(3, ran.code(), ran.out());
    assertTrue(
        ran.out()
            .contains("Could not finish: the quorum of witnesses is not met: 0 that count have"),
        ran.out());
    assertTrue(ran.out().contains("2 entries, 1 signature, 1 call replayed"), ran.out());
    assertEquals(0, glass.run("verify", out.toString()).code());
  }

  @Test
  void whatIsOldIsStale() throws Exception {
    cosign(now() - 50);
    assertEquals(0, verify("--max-age", "10m").code());
    Glass.Ran ran = verify("--max-age", "20s");
    assertEquals(3, ran.code(), ran.out());
    assertTrue(ran.out().contains("Could not finish: stale (freeze): "), ran.out());
    assertEquals(2, glass.run("verify", out.toString(), "--max-age", "20s").code());
  }

  @Test
  void aTimeThatTheWitnessContradictsIsFound() throws Exception {
    cosign(now() - 3600);
    Glass.Ran ran = verify();
    assertEquals(1, ran.code(), ran.out());
    assertTrue(
        ran.out().contains("NOT VERIFIED: an entry's time contradicts the witnesses."), ran.out());
  }

  @Test
  void aSmallerLogThanWhatWasCosignedIsARollbackOfAHostAndNotOfACopy() throws Exception {
    Path old = temp.resolve("old");
    Files.copy(out.resolve("checkpoint"), old);
    ForgedLog before = ForgedLog.of(host);
    callAndExport();
    cosign(now());
    Files.move(out.resolve("checkpoint"), out.resolve("cosigned"));
    Files.move(old, out.resolve("checkpoint"));
    Glass stranger = Glass.of(temp.resolve("stranger"));
    assertEquals(0, stranger.run("verify", out.toString()).code());
    Glass.Ran copy = stranger.run("verify", out.toString(), "--policy", policy);
    assertEquals(3, copy.code(), copy.out());
    assertTrue(copy.out().contains("a newer checkpoint of 3 entries is known"), copy.out());
    byte[] shown = Files.readAllBytes(out.resolve("cosigned"));
    try (FrontServer rolledBack =
        FrontServer.before(
            host, (path, body) -> path.equals("/cosigned") ? shown : before.of(path, body))) {
      Glass.Ran ran = stranger.run("verify", rolledBack.at(), "--policy", policy);
      assertEquals(1, ran.code(), ran.out());
      assertTrue(ran.out().contains("NOT VERIFIED: the log was rolled back."), ran.out());
    }
  }

  // The checkpoint of the host as it is now, cosigned; the host itself has no witnesses.
  private byte[] cosigned() {
    Note note = host.module().log().checkpoint().note();
    List<NoteSignature> lines = new ArrayList<>(note.signatures());
    lines.add(Cosignature.sign(WITNESS, witness, note.text(), now()).line());
    return new Note(note.text(), lines).format();
  }

  private void assertQuorum(String entries, String place) {
    Glass anybody = Glass.of(temp.resolve("anybody"));
    Glass.Ran ran = anybody.run("verify", place, "--policy", policy);
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("quorum met for " + entries + ": alice "), ran.out());
  }

  @Test
  void whatAHostShowsAsCosignedIsInItsCopiesToo() throws Exception {
    byte[] shown = cosigned();
    String copy = temp.resolve("copy").toString();
    try (FrontServer front =
        FrontServer.before(host, (path, body) -> path.equals("/cosigned") ? shown : body)) {
      Glass.Ran exported = glass.run("export", front.at(), copy);
      assertEquals(0, exported.code(), exported.err());
      assertTrue(exported.out().contains("\nCosigned:   all of them\n"), exported.out());
      assertEquals("", exported.err());
      assertQuorum("all 2 entries", copy);
      callAndExport();
      Glass.Ran mirrored = glass.run("mirror", front.at(), copy);
      assertTrue(mirrored.out().contains("\nCosigned:   2 of them\n"), mirrored.out());
    }
    assertQuorum("2 of 3 entries", copy);
    Path dir = Path.of(copy);
    try (FrontServer web = FrontServer.of((path, body) -> read(dir.resolve(path.substring(1))))) {
      assertQuorum("2 of 3 entries", "http://" + web.at());
      Path again = temp.resolve("again");
      assertEquals(0, glass.run("export", "http://" + web.at(), again.toString()).code());
      assertQuorum("2 of 3 entries", again.toString());
    }

    Glass.Ran withdrawn = glass.run("mirror", host.at(), copy);
    assertEquals(0, withdrawn.code(), withdrawn.err());
    assertEquals(
        host.at() + " shows no cosigned checkpoint any more; that of 2 entries stays.\n",
        withdrawn.err());
    assertQuorum("2 of 3 entries", copy);
    byte[] before = Files.readAllBytes(dir.resolve("cosigned"));
    try (FrontServer fork =
        FrontServer.before(
            host,
            ForgedLog.of(host).lie(1, entry -> entry.put("time", (Long) entry.get("time") + 1)))) {
      assertEquals(4, glass.run("mirror", fork.at(), copy).code());
    }
    assertArrayEquals(before, Files.readAllBytes(dir.resolve("cosigned")));
  }

  private static byte[] read(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anAuditUpToACheckpointMayHaveAPolicy() throws Exception {
    Path old = temp.resolve("old");
    Files.copy(out.resolve("checkpoint"), old);
    callAndExport();
    Glass.Ran none = verify("--checkpoint", old.toString());
    assertEquals(3, none.code(), none.out() + none.err());
    assertTrue(none.out().contains("the quorum of witnesses is not met"), none.out());

    cosign(now());
    // The tree that was cosigned begins with the one that is audited.
    Glass.Ran ran = verify("--checkpoint", old.toString());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("quorum met for all 3 entries: alice "), ran.out());
    assertTrue(ran.out().contains("2 entries, 1 signature, 1 call replayed"), ran.out());
  }

  @Test
  void anAuditThatIsSharedMayHaveAPolicy() throws Exception {
    String key = temp.resolve("key").toString();
    assertEquals(0, glass.run("keygen", key).code());
    String[] demanding = {"--policy", policy};
    for (String[] demand : new String[][] {demanding, {}, demanding}) {
      List<String> reports = new ArrayList<>(List.of("verify", "--join"));
      for (int i = 1; i <= 2; i++) {
        String report = temp.resolve(i + ".json").toString();
        reports.add(report);
        List<String> line =
            new ArrayList<>(
                List.of("verify", out.toString(), "--segment", i + "/2", "--json", report));
        line.addAll(List.of("--identity", key));
        line.addAll(List.of(demand));
        glass.run(line.toArray(String[]::new));
      }
      Glass.Ran joined = glass.run(reports.toArray(String[]::new));
      boolean isMet = Files.readString(out.resolve("checkpoint")).contains(WITNESS);
      assertEquals(isMet || demand.length == 0 ? 0 : 3, joined.code(), joined.out() + joined.err());
      if (demand.length == 0) {
        cosign(now());
      }
    }
  }

  @Test
  void theReplSaysWhetherTheQuorumIsMet() throws Exception {
    Glass.Ran ran = glass.run("repl", host.at(), "--policy", policy, "-e", "client.a()");
    assertEquals(0, ran.code(), ran.err());
    assertEquals("2\n", ran.out());
    assertEquals("Witnesses: quorum not met for all 2 entries: no cosignatures\n", ran.err());

    Glass.Ran refused =
        glass.run("repl", host.at(), "--policy", policy, "--require-quorum", "-e", "client.a()");
    assertEquals(3, refused.code());
    assertEquals("", refused.out());
    assertTrue(refused.err().startsWith("quorum not met for all 3 entries"), refused.err());

    Files.writeString(Path.of(policy), "quorum none\n");
    Glass.Ran none =
        glass.run("repl", host.at(), "--policy", policy, "--require-quorum", "-e", "client.a()");
    assertEquals(0, none.code(), none.err());
    assertEquals("3\n", none.out());
    assertEquals(2, glass.run("repl", host.at(), "--require-quorum", "-e", "1").code());
  }
}
