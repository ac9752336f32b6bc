package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MlDsaKey;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TestCertificate;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.Quorum;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts and witnesses in processes of their own, started as people start them. */
@Timeout(180)
final class WitnessProcessTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path temp;
  private final List<GlassProcess> processes = new ArrayList<>();
  private Glass glass;

  @BeforeEach
  void prepare() throws IOException {
    glass = Glass.of(temp.resolve("home"));
    Files.writeString(temp.resolve("counter.js"), "let n = 0\nexports.a = () => ++n");
  }

  @AfterEach
  void end() {
    processes.forEach(GlassProcess::close);
  }

  /** A command that runs, and what it has said up to and with the line that starts so. */
  private record Started(GlassProcess process, List<String> said) {
    String after(String start) {
      return said.stream()
          .filter(line -> line.startsWith(start))
          .findFirst()
          .orElseThrow(() -> new AssertionError(said + " has no " + start))
          .substring(start.length());
    }

    void stop() throws InterruptedException {
      assertEquals(0, process.stop());
    }
  }

  private Started start(String lastLine, String... arguments) throws IOException {
    GlassProcess process = GlassProcess.start(temp, arguments);
    processes.add(process);
    return new Started(process, process.linesTo(lastLine));
  }

  private Started exec(String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("exec", "counter.js"));
    line.addAll(List.of(more));
    return start("Call log: ", line.toArray(String[]::new));
  }

  private Started witness(String dir, String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("witness", "list", "-p", "0", "--dir", dir));
    line.addAll(List.of(more));
    return start("Key: ", line.toArray(String[]::new));
  }

  /** Runs the host for a moment to learn the key of its log, and writes the witnesses' list. */
  private String learnKey(String url) throws Exception {
    Files.writeString(temp.resolve("empty"), "quorum none\n");
    Started host = exec("-p", "0", "--policy", "empty");
    host.stop();
    String vkey = host.after("Log key:  ");
    Files.writeString(temp.resolve("list"), "log " + vkey + " " + url + "\nquorum none\n");
    return vkey.substring(0, vkey.indexOf('+'));
  }

  private static Note served(Started host, String path) throws Exception {
    URI uri = URI.create("http://" + host.after("Serving at ") + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return Note.parse(HTTP.send(request, BodyHandlers.ofByteArray()).body(), Note.MAX_BYTES);
  }

  private static Note awaitQuorum(Started host, Policy policy, String origin, long size)
      throws Exception {
    long start = System.nanoTime();
    while (true) {
      Note note = served(host, "/checkpoint");
      boolean isLarge = Checkpoint.parse(note.text()).head().size() >= size;
      if (isLarge && policy.quorum(note, origin).isMet()) {
        return note;
      }
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60), note::toString);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static HttpResponse<String> submit(Started witness, AddCheckpoint body) throws Exception {
    URI uri = URI.create(witness.after("Witness at ") + "/add-checkpoint");
    return HTTP.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(body.format())).build(),
        BodyHandlers.ofString());
  }

  @Test
  void theQuorumOfTwoWitnessesIsPublishedAndAForkIsNot() throws Exception {
    String origin = learnKey("");
    Started one = witness("one", "--append-only", "--name", "witness.example/one");
    TestCertificate shown = TestCertificate.make(temp, "two");
    Files.writeString(
        temp.resolve("two.conf"),
        "append-only = true\nalgorithm = ml-dsa-44\ntls-cert = two.pem\ntls-key = two.key\n");
    Started two = witness("two", "--config", "two.conf");
    assertTrue(two.after("Witness at ").startsWith("https://localhost:"), two.said().toString());
    String text =
        "witness one "
            + one.after("Key: ")
            + " "
            + one.after("Witness at ")
            + "\nwitness two "
            + two.after("Key: ")
            + " "
            + two.after("Witness at ")
            + "\ngroup both all one two\nquorum both\n";
    Files.writeString(temp.resolve("policy"), text);
    Policy policy = Policy.parse(text.getBytes(StandardCharsets.UTF_8));
    assertEquals("witness.example/one", policy.witnesses().get(0).key().name());
    assertInstanceOf(MlDsaKey.class, policy.witnesses().get(1).key().key());

    String authority = shown.certificate().toString();
    Started host = exec("-p", "0", "--policy", "policy", "--require-quorum", "--cacert", authority);
    String at = host.after("Serving at ");
    for (int i = 1; i <= 3; i++) {
      Glass.Ran ran = glass.run("repl", at, "-e", "client.a()");
      assertEquals(i + "\n", ran.out(), ran.err());
    }
    Note note = awaitQuorum(host, policy, origin, 4);
    Quorum quorum = policy.quorum(note, origin);
    assertEquals(2, quorum.cosigned().size());
    assertTrue(quorum.oldest().orElseThrow() > 1_700_000_000);
    assertEquals(note.text(), served(host, "/cosigned").text());
    Glass.Ran verified = glass.run("verify", at);
    assertEquals(0, verified.code(), verified.out() + verified.err());
    String file = temp.resolve("policy").toString();
    verified = glass.run("verify", at, "--policy", file, "--max-age", "5m");
    assertEquals(0, verified.code(), verified.out() + verified.err());
    assertTrue(verified.out().contains("quorum met for all 4 entries: one "), verified.out());
    Glass.Ran told = glass.run("repl", at, "--policy", file, "--require-quorum", "-e", "1");
    assertEquals(0, told.code(), told.err());
    assertTrue(told.err().startsWith("Witnesses: quorum met for all 4 entries"), told.err());
    host.stop();

    // The host's key signs another history: no witness goes along.
    Identity key = Identity.load(temp.resolve("counter").resolve("host.key"));
    SignedCheckpoint last = SignedCheckpoint.verify(note, origin, key.publicKey());
    TreeHead other = new TreeHead(last.head().size(), Hash.of("another history"));
    Note fork = SignedCheckpoint.sign(origin, other, key).note();
    HttpResponse<String> asked = submit(one, new AddCheckpoint(0, List.of(), fork));
    assertEquals(409, asked.statusCode(), asked.body());
    long size = Long.parseLong(asked.body().strip());
    assertTrue(size >= last.head().size(), asked.body());
    TreeHead same = new TreeHead(size, Hash.of("another history"));
    Note sameSize = SignedCheckpoint.sign(origin, same, key).note();
    assertEquals(422, submit(one, new AddCheckpoint(size, List.of(), sameSize)).statusCode());
    TreeHead larger = new TreeHead(size + 1, Hash.of("another history"));
    Note grown = SignedCheckpoint.sign(origin, larger, key).note();
    assertEquals(
        422, submit(one, new AddCheckpoint(size, List.of(Hash.of("x")), grown)).statusCode());
    Path refused = temp.resolve("one").resolve("append-only").resolve("refused");
    try (Stream<Path> files = Files.list(refused)) {
      assertEquals(2, files.count(), "the two trees of one size are kept");
    }
    one.stop();
    Started again = witness("one", "--append-only", "--name", "witness.example/one");
    assertEquals(one.after("Key: "), again.after("Key: "));
    two.stop();
    Started still = witness("two", "--append-only");
    assertEquals(two.after("Key: "), still.after("Key: "), "the key in the directory counts");
    assertEquals(409, submit(again, new AddCheckpoint(0, List.of(), fork)).statusCode());
  }

  @Test
  void aReplayingWitnessCosignsWhatItExecuted() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String origin = learnKey("http://localhost:" + port);
    Started witness = witness("replayer");
    WitnessKey key = WitnessKey.parse(witness.after("Key: "));
    assertTrue(key.isReplayed(), key.name());
    String text = "witness w " + key.format() + " " + witness.after("Witness at ") + "\nquorum w\n";
    Files.writeString(temp.resolve("policy"), text);
    Started host = exec("-p", String.valueOf(port), "--policy", "policy");
    String at = host.after("Serving at ");
    Glass.Ran ran = glass.run("repl", at, "-e", "client.a()");
    assertEquals("1\n", ran.out(), ran.err());
    Policy policy = Policy.parse(text.getBytes(StandardCharsets.UTF_8));
    Note note = awaitQuorum(host, policy, origin, 2);
    assertEquals(1, policy.quorum(note, origin).cosigned().size());
  }

  @Test
  void whatCannotBeIsSaid() throws Exception {
    Files.writeString(temp.resolve("bad"), "quorum none\nquorum none\n");
    String bad = temp.resolve("bad").toString();
    Glass.Ran malformed = glass.run("witness", bad);
    assertEquals(2, malformed.code());
    assertTrue(malformed.err().contains("line 2: "), malformed.err());
    String script = temp.resolve("counter.js").toString();
    assertEquals(2, glass.run("exec", script, "--policy", bad).code());
    assertEquals(2, glass.run("exec", script, "--require-quorum").code());
    Path none = Files.writeString(temp.resolve("none"), "quorum none\n");
    Glass.Ran noQuorum = glass.run("exec", script, "--policy", none.toString(), "--require-quorum");
    assertEquals(2, noQuorum.code(), noQuorum.err());
    String dir = temp.resolve("w").toString();
    Glass.Ran name =
        glass.run(
            "witness", none.toString(), "--dir", dir, "--append-only", "--name", "a/replayed");
    assertEquals(2, name.code(), name.err());
    assertEquals(2, glass.run("witness", none.toString(), "--dir", dir, "--name", "a b").code());
    Glass.Ran algorithm = glass.run("witness", none.toString(), "--dir", dir, "--algorithm", "x");
    assertEquals(2, algorithm.code());
    assertTrue(algorithm.err().contains("ed25519 or ml-dsa-44"), algorithm.err());
    // The runs before have made a key.
    Glass.Ran other =
        glass.run("witness", none.toString(), "--dir", dir, "--algorithm", "ml-dsa-44");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("replayed.key is ed25519"), other.err());
  }
}
