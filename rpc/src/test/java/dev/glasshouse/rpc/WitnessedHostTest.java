package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.rpc.witness.Witness;
import dev.glasshouse.rpc.witness.WitnessServer;
import dev.glasshouse.rpc.witness.WitnessSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host and its witnesses, honest, slow, down and lying. */
@Timeout(120)
final class WitnessedHostTest {
  private static final String SOURCE = "let n = 0\nexports.a = () => ++n";
  private static final WitnessSettings.Patience SHORT =
      new WitnessSettings.Patience(2_000, 1_000, 1_000, 500, 50, 200, 60_000);

  private static final int FIRST_LIAR = 10;
  private static final List<String> KINDS =
      List.of(
          "garbage",
          "nothing",
          "forged",
          "stranger",
          "same size",
          "no size",
          "other history",
          "error",
          "redirect",
          "endless",
          "drip",
          "silent");

  @TempDir private Path temp;
  private HostSetup setup;
  private String vkey;
  private String origin;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);

  /** The witness {@code number}, with a memory of its own, on some port. */
  private final class Running implements AutoCloseable {
    private final Witness witness;
    private final WitnessServer server;

    Running(int number, int port) throws IOException {
      Policy list = policy("log " + vkey + "\nquorum none\n");
      witness =
          Witness.open(
              temp.resolve("w" + number),
              "witness.example/" + number,
              identity(number),
              list,
              Approval.APPEND_ONLY,
              () -> System.currentTimeMillis() / 1000);
      server = WitnessServer.start(witness, "127.0.0.1", port);
    }

    @Override
    public void close() throws IOException {
      server.close();
      witness.close();
    }
  }

  @BeforeEach
  void learnTheLog() throws Exception {
    setup = HostSetup.of(temp.resolve("host"), SOURCE);
    try (RunningHost host = setup.start()) {
      origin = host.module().log().genesis().origin();
      vkey = new NoteKey(origin, host.module().log().genesis().host()).format();
    }
  }

  @AfterEach
  void end() {
    over.countDown();
    threads.shutdownNow();
  }

  private static Identity identity(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) (50 + number));
    return Identity.ofSeed(seed);
  }

  private static Policy policy(String text) {
    return Policy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(int number, int port) {
    WitnessKey key = new WitnessKey("witness.example/" + number, identity(number).publicKey());
    return "witness w" + number + " " + key.format() + " http://127.0.0.1:" + port + "/\n";
  }

  private RunningHost start(String policy, boolean isRequired) throws Exception {
    return setup.witnesses(new WitnessSettings(policy(policy), isRequired, SHORT)).start();
  }

  private static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
        throw new AssertionError("not in 20 s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private Note served(RunningHost host, String path) throws Exception {
    return Note.parse(host.get(path).body(), Note.MAX_BYTES);
  }

  private boolean isMet(RunningHost host, String policy) {
    SignedCheckpoint published = host.module().checkpoint();
    return published.head().equals(host.module().log().head())
        && policy(policy).quorum(published.note(), origin).isMet();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void theQuorumIsPublishedAndKept() throws Exception {
    Signer signer = new Signer(1);
    String policy;
    SignedCheckpoint before;
    try (Running one = new Running(1, 0);
        Running two = new Running(2, 0)) {
      policy =
          line(1, one.server.port()) + line(2, two.server.port()) + "group g all w1 w2\nquorum g\n";
      try (RunningHost host = start(policy, false)) {
        await("a quorum for the genesis entry", () -> isMet(host, policy));
        for (int n = 1; n <= 5; n++) {
          assertEquals(String.valueOf(n), Calls.call(host, signer, n, "a", "[]"));
        }
        await("a quorum for the newest entry", () -> isMet(host, policy));
        Note note = served(host, "/checkpoint");
        assertEquals(3, note.signatures().size());
        assertTrue(policy(policy).quorum(note, origin).isMet());
        assertEquals(note, served(host, "/cosigned"));
        try (Talk talk = Talk.to(host)) {
          String given = (String) Json.at(talk.call("rpc.info", "[]"), "result", "checkpoint");
          assertEquals(new String(note.format(), StandardCharsets.UTF_8), given);
        }
        before = host.module().checkpoint();
      }
    }
    try (RunningHost host = start(policy, false)) {
      assertEquals(before, host.module().checkpoint(), "kept while no witness runs");
      assertEquals(before.note(), served(host, "/cosigned"));
      assertEquals("6", Calls.call(host, signer, 6, "a", "[]"));
      assertEquals(1, served(host, "/checkpoint").signatures().size(), "newest, and not cosigned");
      assertEquals(before.note(), served(host, "/cosigned"));
    }
  }

  @Test
  void callersWaitForTheQuorumIfTheyAreToldTo() throws Exception {
    int port = freePort();
    String policy = line(1, port) + "quorum w1\n";
    Signer signer = new Signer(1);
    try (RunningHost host = start(policy, true)) {
      String request = signer.request(host.module().log().id(), 1, "a", "[]");
      Calls.assertRefused(Reason.UNWITNESSED, Calls.submit(host, signer, request));
      assertEquals(2, host.size(), "the entry is logged");
      assertEquals(404, host.get("/cosigned").statusCode());
      long shown = host.module().checkpoint().head().size();
      try (Running one = new Running(1, port)) {
        await("the witness is found again", () -> host.module().cosigned().isPresent());
        Answer answer = Calls.submit(host, signer, request).join();
        assertEquals("1", Calls.value(answer));
        for (int n = 2; n < 6; n++) {
          assertEquals(String.valueOf(n), Calls.call(host, signer, n, "a", "[]"));
          long size = 1L + n;
          assertTrue(host.module().cosigned().orElseThrow().head().size() >= size);
          assertTrue(host.module().checkpoint().head().size() >= shown, "it never shrinks");
          shown = host.module().checkpoint().head().size();
          assertTrue(policy(policy).quorum(served(host, "/checkpoint"), origin).isMet());
        }
        assertEquals("witness.example/1", one.witness.key().name());
      }
      Calls.assertRefused(Reason.UNWITNESSED, Calls.submit(host, signer, 6, "a", "[]"));
      assertEquals(6, host.module().checkpoint().head().size(), "readers are given what has it");
    }
  }

  @Test
  void anUnchangedCheckpointIsCosignedAgain() throws Exception {
    try (Running one = new Running(1, 0)) {
      String policy = line(1, one.server.port()) + "quorum w1\n";
      WitnessSettings.Patience often =
          new WitnessSettings.Patience(2_000, 1_000, 1_000, 500, 50, 200, 300);
      WitnessSettings settings = new WitnessSettings(policy(policy), false, often);
      try (RunningHost host = setup.witnesses(settings).start()) {
        await("a quorum", () -> isMet(host, policy));
        long first = time(host, policy);
        await("a newer time", () -> time(host, policy) > first);
      }
    }
  }

  private long time(RunningHost host, String policy) {
    return policy(policy).quorum(host.module().checkpoint().note(), origin).newest().orElseThrow();
  }

  /** A witness that answers a submission as it likes. */
  private HttpServer liar(String kind, int number) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> lie(kind, number, exchange));
    server.start();
    return server;
  }

  private void lie(String kind, int number, HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 404, "");
      return;
    }
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String note = body.substring(body.indexOf("\n\n") + 2);
    String text = note.substring(0, note.indexOf("\n\n") + 1);
    switch (kind) {
      case "garbage" -> answer(exchange, 200, "\u0000\u2014 garbage\n");
      case "nothing" -> answer(exchange, 200, "");
      case "forged" ->
          answer(
              exchange,
              200,
              Cosignature.sign("witness.example/" + number, identity(number), "x" + text, 5)
                  + "\n");
      case "stranger" ->
          answer(exchange, 200, Cosignature.sign("stranger", identity(9), text, 5) + "\n");
      case "same size" -> answer(exchange, 409, "0\n");
      case "no size" -> answer(exchange, 409, "many\n");
      case "other history" -> answer(exchange, 422, "no\u001b[2J".repeat(1000));
      case "error" -> answer(exchange, 500, "x");
      case "redirect" -> {
        exchange.getResponseHeaders().add("location", "http://127.0.0.1:1/");
        answer(exchange, 307, "");
      }
      case "endless" -> drip(exchange, 0);
      case "drip" -> drip(exchange, 20);
      case "silent" -> {
        try {
          assertTrue(over.await(100, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      default -> throw new AssertionError(kind);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void drip(HttpExchange exchange, long millis) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (!over.await(millis, TimeUnit.MILLISECONDS)) {
        out.write(new byte[millis == 0 ? 4096 : 1]);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void lyingWitnessesHarmNobody() throws Exception {
    List<HttpServer> liars = new ArrayList<>();
    try (Running one = new Running(1, 0)) {
      StringBuilder policy = new StringBuilder(line(1, one.server.port()));
      StringBuilder group = new StringBuilder("group g any w1");
      for (String kind : KINDS) {
        int number = FIRST_LIAR + liars.size();
        HttpServer liar = liar(kind, number);
        liars.add(liar);
        policy.append(line(number, liar.getAddress().getPort()));
        group.append(" w").append(number);
      }
      policy.append(group).append("\nquorum g\n");
      try (RunningHost host = start(policy.toString(), true)) {
        Signer signer = new Signer(1);
        for (int n = 1; n <= 20; n++) {
          assertEquals(String.valueOf(n), Calls.call(host, signer, n, "a", "[]"));
        }
        await("a quorum", () -> isMet(host, policy.toString()));
        assertEquals(2, host.module().checkpoint().note().signatures().size());
        assertNull(host.module().stopped());
      }
    } finally {
      over.countDown();
      liars.forEach(liar -> liar.stop(0));
    }
  }

  @Test
  void aRestoredBackupDoesNotSignOn() throws Exception {
    Path dir = temp.resolve("host");
    Path backup = temp.resolve("backup");
    Signer signer = new Signer(1);
    try (RunningHost host = setup.start()) {
      assertEquals("1", Calls.call(host, signer, 1, "a", "[]"));
    }
    copy(dir, backup);
    try (Running one = new Running(1, 0)) {
      String policy = line(1, one.server.port()) + "quorum w1\n";
      try (RunningHost host = start(policy, true)) {
        assertEquals("2", Calls.call(host, signer, 2, "a", "[]"));
      }
      setup = setup.in(backup);
      String why = assertThrows(ModuleException.class, () -> start(policy, false)).getMessage();
      assertTrue(why.contains("restored backup"), why);
      try (RunningHost host = setup.start()) {
        assertEquals(2, host.size(), "without the policy nobody told it");
        assertEquals("2", Calls.call(host, signer, 3, "a", "[]"));
        assertEquals("3", Calls.call(host, signer, 4, "a", "[]"));
      }
      String fork = assertThrows(ModuleException.class, () -> start(policy, false)).getMessage();
      assertTrue(fork.contains("another history"), fork);
    }
  }

  @Test
  void aBackupWithANewerCosignedFileDoesNotSignOn() throws Exception {
    Path dir = temp.resolve("host");
    Path backup = temp.resolve("backup");
    copy(dir, backup);
    try (Running one = new Running(1, 0)) {
      String policy = line(1, one.server.port()) + "quorum w1\n";
      try (RunningHost host = start(policy, true)) {
        assertEquals("1", Calls.call(host, new Signer(1), 1, "a", "[]"));
      }
    }
    Files.copy(dir.resolve("cosigned"), backup.resolve("cosigned"));
    setup = setup.in(backup);
    String policy = line(1, freePort()) + "quorum w1\n";
    String why = assertThrows(ModuleException.class, () -> start(policy, false)).getMessage();
    assertTrue(why.contains("restored backup"), why);
    Files.writeString(backup.resolve("cosigned"), "garbage");
    try (RunningHost host = start(policy, false)) {
      assertEquals(1, host.size());
    }
  }

  /** Answers each submission with a conflict at a size, and shows a checkpoint to monitors. */
  private HttpServer ahead(long size, byte[] shown) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          boolean isGet = exchange.getRequestMethod().equals("GET");
          String body = isGet ? new String(shown, StandardCharsets.UTF_8) : size + "\n";
          answer(exchange, isGet ? 200 : 409, body);
        });
    server.start();
    return server;
  }

  @Test
  void aWitnessThatClaimsMoreStopsAStartButNoRunningHostWithoutProof() throws Exception {
    HttpServer claims = ahead(1000, new byte[0]);
    String policy = line(9, claims.getAddress().getPort()) + "quorum w9\n";
    String why = assertThrows(ModuleException.class, () -> start(policy, false)).getMessage();
    assertTrue(why.contains("w9") && why.contains("1000") && why.contains("policy"), why);
    int port = claims.getAddress().getPort();
    claims.stop(0);
    Signer signer = new Signer(1);
    try (RunningHost host = start(policy, false)) {
      HttpServer later =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      CountDownLatch asked = new CountDownLatch(3);
      later.createContext(
          "/",
          exchange -> {
            asked.countDown();
            answer(exchange, 409, "1000\n");
          });
      later.start();
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      assertEquals("1", Calls.call(host, signer, 1, "a", "[]"));
      assertNull(host.module().stopped());
      later.stop(0);
    }
  }

  @Test
  void aWitnessThatProvesMoreStopsARunningHost() throws Exception {
    int port = freePort();
    String policy = line(9, port) + "quorum w9\n";
    Identity host7 = hostIdentity();
    try (RunningHost host = start(policy, false)) {
      CallLog log = host.module().log();
      TreeHead other = new TreeHead(50, Hash.of("another history"));
      byte[] proof = SignedCheckpoint.sign(log.genesis().origin(), other, host7).format();
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.createContext(
          "/",
          exchange -> {
            boolean isGet = exchange.getRequestMethod().equals("GET");
            answer(
                exchange,
                isGet ? 200 : 409,
                isGet ? new String(proof, StandardCharsets.UTF_8) : "50\n");
          });
      server.start();
      await("the module stops", () -> host.module().stopped() != null);
      String why = host.module().stopped();
      assertTrue(why.contains("50 entries") && why.contains("fork"), why);
      assertFalse(host.get("/health").statusCode() == 200);
      server.stop(0);
    }
  }

  private static Identity hostIdentity() {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    return Identity.ofSeed(seed);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
