package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.HostEnvironment;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.client.CallResult;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.RefusedException;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.rpc.witness.Witness;
import dev.glasshouse.rpc.witness.WitnessServer;
import dev.glasshouse.rpc.witness.WitnessSettings;
import dev.glasshouse.verifier.AuditSettings;
import dev.glasshouse.verifier.Audited;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.ProgressListener;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.verifier.Verifier;
import dev.glasshouse.verifier.Watcher;
import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Honest hosts that have trouble, and every form of audit: none of them is accused. {@link
 * HonestHostProcessTest} has those that are killed.
 */
@Timeout(300)
final class HonestHostTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.add = (by) => n += by
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.now = () => Date.now()
      exports.nap = async (ms) => { await new Promise((done) => setTimeout(done, ms)); return n }
      exports.later = (ms) => { setTimeout(() => n++, ms) }
      exports.ask = () => System.oracle(async () => (await fetch('http://slow/')).text())
      """;

  private static final long HOUR = 3_600_000;
  private static final int OVERLOADED = -32005;

  @TempDir private Path temp;

  /** What is added to the host's clock, in milliseconds. */
  private final AtomicLong offset = new AtomicLong();

  private final SlowWeb web = new SlowWeb();
  private final List<Client> clients = new ArrayList<>();
  private Glass regular;
  private int audits;

  /** An outside whose one server answers when it is told to. */
  private final class SlowWeb implements Outside {
    private final SecureRandom random = new SecureRandom();
    private volatile CountDownLatch asked = new CountDownLatch(0);
    private volatile CountDownLatch answers = new CountDownLatch(0);

    void hold() {
      asked = new CountDownLatch(1);
      answers = new CountDownLatch(1);
    }

    @Override
    public byte[] entropy(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    @Override
    public long waitUntil(long due) {
      return Math.max(due, time());
    }

    @Override
    public byte[] fetch(String request, byte[] body) {
      asked.countDown();
      try {
        assertTrue(answers.await(60, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      byte[] head =
          "{\"headers\":{},\"status\":200,\"statusText\":\"OK\",\"url\":\"http://slow/\"}"
              .getBytes(StandardCharsets.US_ASCII);
      return ByteBuffer.allocate(Integer.BYTES + head.length + 2)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(head.length)
          .put(head)
          .put((byte) 'o')
          .put((byte) 'k')
          .array();
    }
  }

  /** Sets the host's clock and calls it, whenever an audit waits. */
  private final class ChangingClock implements Watcher {
    private final Client client;
    private final long[] changes;
    private int next;
    private int verified;

    ChangingClock(Client client, long[] changes) {
      this.client = client;
      this.changes = changes;
    }

    @Override
    public void audited(Audited audited) {
      assertEquals(Verdict.VERIFIED, audited.report().verdict(), audited::toString);
      verified++;
    }

    @Override
    public boolean waits(String obstacle) {
      if (next == changes.length) {
        return false;
      }
      offset.set(changes[next++]);
      callEverything(client);
      return true;
    }
  }

  private long time() {
    return System.currentTimeMillis() + offset.get();
  }

  @BeforeEach
  void prepare() {
    regular = Glass.of(temp.resolve("regular"));
  }

  @AfterEach
  void end() {
    web.answers.countDown();
    clients.forEach(Client::close);
  }

  private TestHost start(int queue, WitnessSettings witnesses) throws Exception {
    ExecutorService verifiers = ExecCommand.verifiers();
    HostedModule module =
        HostedModule.start(
            temp.resolve("host"),
            Identity.ofSeed(new byte[Identity.SEED_BYTES]),
            List.of(new Script("test.js", Script.Kind.COMMONJS, SCRIPT)),
            // An image after some entries, and at each stop.
            new ModuleSettings("Test", false, UnaryOperator.identity(), queue, 4, 0, witnesses),
            new HostEnvironment(
                V8Engine.instance(), web, Console.NONE, this::time, new SecureRandom()),
            verifiers);
    ServiceSettings settings =
        new ServiceSettings("127.0.0.1", 0, ServiceSettings.DEFAULT_FRAME_BYTES);
    return new TestHost(module, Service.start(module, settings), verifiers);
  }

  private TestHost start() throws Exception {
    return start(ModuleSettings.DEFAULT_QUEUE, WitnessSettings.NONE);
  }

  private Client client(TestHost host, int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[0] = (byte) number;
    Client client =
        Client.signed(
            host.address(),
            Identity.ofSeed(seed),
            host.module().log().id(),
            new Home(temp.resolve("caller" + number)).knownLogs());
    clients.add(client);
    return client;
  }

  private static void callEverything(Client client) {
    List<CallResult> results =
        client.call(
            List.of(
                new MethodCall("add", "[1]"),
                new MethodCall("put", "[\"/a\",\"" + System.nanoTime() + "\"]"),
                new MethodCall("now", "[]")));
    results.forEach(
        each -> assertTrue(each.failure() == null && !each.isAborted(), each::toString));
    client.call("later", "[5]");
    client.call("nap", "[10]");
    client.call("add", "[2]");
  }

  private Glass.Ran verify(Glass glass, TestHost host, String... more) {
    List<String> line = new ArrayList<>(List.of("verify", host.at()));
    line.addAll(List.of(more));
    return glass.run(line.toArray(String[]::new));
  }

  private void requireVerified(String what, Glass.Ran ran) {
    assertEquals(0, ran.code(), () -> what + ": " + ran.out() + ran.err());
    assertFalse(ran.out().contains("Evidence:"), ran.out());
  }

  private Glass fresh() {
    return Glass.of(temp.resolve("auditor" + audits++));
  }

  /** By one who has audited the log before, whatever has happened since. */
  private void requireStillVerified(String what, TestHost host) {
    requireVerified(what + ", the regular auditor", verify(regular, host));
  }

  /** Every form of audit, by people who see the log first and by one who has seen it before. */
  private void requireNoFinding(String what, TestHost host) throws IOException {
    requireStillVerified(what, host);
    requireVerified(what + ", serial", verify(fresh(), host, "--jobs", "1"));
    requireVerified(what + ", at once", verify(fresh(), host, "--jobs", "3"));
    requireVerified(what + ", signatures", verify(fresh(), host, "--level", "signatures"));
    Glass keeper = fresh();
    Path key = keeper.home().resolve("key");
    assertEquals(0, keeper.run("keygen", key.toString()).code());
    List<String> join = new ArrayList<>(List.of("verify", "--join"));
    // All up to one checkpoint, though a timer may come meanwhile.
    Path checkpoint = keeper.home().resolve("checkpoint");
    Files.write(checkpoint, host.module().checkpoint().format());
    for (int i = 1; i <= 2; i++) {
      String report = keeper.home().resolve(i + ".json").toString();
      Glass.Ran part =
          verify(
              fresh(),
              host,
              "--segment",
              i + "/2",
              "--checkpoint",
              checkpoint.toString(),
              "--json",
              report,
              "--identity",
              key.toString());
      requireVerified(what + ", segment " + i, part);
      join.add(report);
    }
    requireVerified(what + ", joined", keeper.run(join.toArray(String[]::new)));
  }

  @Test
  void restartsAreNoFinding() throws Exception {
    for (int i = 1; i <= 3; i++) {
      try (TestHost host = start()) {
        callEverything(client(host, 1));
        requireStillVerified("after start " + i, host);
      }
    }
    try (TestHost host = start()) {
      requireNoFinding("after a last start", host);
    }
  }

  @Test
  void overloadIsNoFinding() throws Exception {
    try (TestHost host = start(1, WitnessSettings.NONE)) {
      Client first = client(host, 1);
      callEverything(first);
      web.hold();
      CompletableFuture<List<CallResult>> slow =
          first.callAsync(List.of(new MethodCall("ask", "[]")));
      assertTrue(web.asked.await(60, TimeUnit.SECONDS));
      CompletableFuture<List<CallResult>> waits =
          client(host, 2).callAsync(List.of(new MethodCall("add", "[1]")));
      while (host.module().waiting() == 0) {
        Thread.onSpinWait();
      }
      Client third = client(host, 3);
      // At the same time, because each is tried a few times before its caller is told.
      List<CompletableFuture<List<CallResult>>> refused = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        refused.add(third.callAsync(List.of(new MethodCall("add", "[1]"))));
      }
      for (CompletableFuture<List<CallResult>> each : refused) {
        Throwable why =
            assertThrows(ExecutionException.class, () -> each.get(60, TimeUnit.SECONDS)).getCause();
        assertEquals(OVERLOADED, assertInstanceOf(RefusedException.class, why).code());
      }
      requireNoFinding("while calls are refused", host);
      web.answers.countDown();
      assertEquals("\"ok\"", slow.get(60, TimeUnit.SECONDS).get(0).value());
      assertEquals(null, waits.get(60, TimeUnit.SECONDS).get(0).failure());
      assertEquals(null, third.call("add", "[1]").failure());
      requireStillVerified("after that", host);
    }
    try (TestHost host = start()) {
      callEverything(client(host, 4));
      requireStillVerified("after a restart", host);
    }
  }

  @Test
  void clockChangesAreNoFinding() throws Exception {
    long[] changes = {-HOUR, 24 * HOUR, 0, -365 * 24 * HOUR};
    try (TestHost host = start()) {
      Client client = client(host, 1);
      callEverything(client);
      // Who watches sees each change as it comes; it is made when there is nothing new to see.
      ChangingClock watcher = new ChangingClock(client, changes);
      Report watched =
          new Verifier(V8Engine.instance(), AuditSettings.FULL)
              .watch(
                  new HttpLogReader(host.address()),
                  Expectations.NONE,
                  ProgressListener.NONE,
                  watcher)
              .report();
      assertEquals(Verdict.VERIFIED, watched.verdict(), watched::toString);
      assertTrue(watcher.verified > changes.length, () -> watcher.verified + " times");
      requireNoFinding("all these clocks", host);
    }
    for (long change : changes) {
      offset.set(change);
      // The log's newest entry is later than what the clock shows.
      try (TestHost host = start()) {
        callEverything(client(host, 1));
        requireStillVerified("a start with the clock at " + change, host);
      }
    }
  }

  private String policy(Witness witness, int port) throws Exception {
    String text =
        "witness w " + witness.key().format() + " http://127.0.0.1:" + port + "\nquorum w\n";
    return Files.writeString(temp.resolve("policy"), text).toString();
  }

  @Test
  void witnessesDoNotAccuseAnHonestClock() throws Exception {
    String list;
    try (TestHost host = start()) {
      String origin = host.module().log().genesis().origin();
      list = "log " + new NoteKey(origin, host.module().log().genesis().host()).format();
    }
    Policy logs = Policy.parse((list + "\nquorum none\n").getBytes(StandardCharsets.UTF_8));
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[31] = 1;
    try (Witness witness =
            Witness.open(
                temp.resolve("witness"),
                "witness.example/w",
                Identity.ofSeed(seed),
                logs,
                Approval.APPEND_ONLY,
                () -> System.currentTimeMillis() / 1000);
        WitnessServer server = WitnessServer.start(witness, "127.0.0.1", 0)) {
      String policy = policy(witness, server.port());
      WitnessSettings witnesses =
          new WitnessSettings(
              Policy.parse(Files.readAllBytes(Path.of(policy))),
              true,
              WitnessSettings.Patience.DEFAULT);
      // Half a minute ahead, then behind by an hour: the log's own time waits until it is reached.
      for (long change : new long[] {0, 30_000, 0, -HOUR}) {
        offset.set(change);
        try (TestHost host = start(1, witnesses)) {
          callEverything(client(host, 1));
          String what = "the clock at " + change;
          requireVerified(what, verify(fresh(), host, "--policy", policy));
          requireVerified(what, verify(fresh(), host, "--policy", policy, "--jobs", "2"));
          requireVerified(what, verify(regular, host, "--policy", policy));
        }
      }
      // A clock that is a day ahead writes times that witnesses contradict. Without them nobody
      // knows; with them it is said, and called no proof.
      offset.set(24 * HOUR);
      try (TestHost host = start(1, witnesses)) {
        client(host, 1).call("add", "[1]");
        requireVerified("a day ahead", verify(fresh(), host));
        Glass.Ran ran = verify(fresh(), host, "--policy", policy);
        assertEquals(1, ran.code(), ran.out() + ran.err());
        assertTrue(ran.out().contains("an entry's time contradicts the witnesses"), ran.out());
        assertFalse(ran.out().contains("proved"), ran.out());
        assertFalse(ran.out().contains("Evidence:"), ran.out());
      }
    }
  }
}
