package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that believes a host only what it proves, and finds its calls again. */
class ClientTest {
  private static final String SCRIPT =
      "let n = 0;"
          + "exports.add = k => n += k;"
          + "exports.say = s => s;"
          + "exports.long = size => 'x'.repeat(size);"
          + "exports.fail = () => { throw new TypeError('never') };"
          + "exports.spin = () => { for (;;) {} };";

  @TempDir static Path shared;
  @TempDir Path home;
  private static RunningHost host;
  private static int identities;

  private final Identity identity = identity(++identities);
  private KnownLogs known;

  private static Identity identity(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[0] = (byte) number;
    return Identity.ofSeed(seed);
  }

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(shared, SCRIPT).start();
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  @BeforeEach
  void remember() {
    known = new KnownLogs(home);
  }

  @Test
  void whatItHasSeenIsKeptThoughAnotherProgramKeptLess() {
    GenesisEntry genesis = host.module().log().genesis();
    Hash log = host.module().log().id();
    SignedCheckpoint others;
    SignedCheckpoint seen;
    try (Client client = client(host.address())) {
      // It keeps a checkpoint now and then only: until there are two that it has not kept.
      do {
        client.call("add", "[1]");
        others = host.module().checkpoint();
        client.call("add", "[1]");
        seen = host.module().checkpoint();
      } while (kept(log, genesis).head().size() >= others.head().size());
      new KnownLogs(home).keep(log, others);
    }
    assertEquals(seen.head(), kept(log, genesis).head(), "its host could still be asked");
  }

  private SignedCheckpoint kept(Hash log, GenesisEntry genesis) {
    return new KnownLogs(home).checkpoint(log, genesis.origin(), genesis.host()).orElseThrow();
  }

  private Client client(HostAddress address) {
    return Client.signed(address, identity, null, known);
  }

  private long add(Client client, int k) {
    return Long.parseLong(client.call("add", "[" + k + "]").value());
  }

  @Test
  void resultsComeWithReceiptsThatVerify() {
    SignedCheckpoint last;
    HostDescription described;
    try (Client client = client(host.address())) {
      assertEquals("\"\u00e9\"", client.call("say", "[\"\u00e9\"]").value());
      assertEquals(
          List.of("add", "fail", "long", "say", "spin"),
          client.methods().stream().sorted().toList());
      CallResult failed = client.call("fail", "[]");
      assertNull(failed.value());
      assertEquals("TypeError: never", failed.failureLine());
      Receipt receipt = client.callForReceipt(List.of(new MethodCall("say", "[1]")));
      SignedCheckpoint signed =
          receipt.verify(client.host().genesis().origin(), client.host().genesis().host());
      assertEquals(host.module().log().head(), signed.head());
      last = signed;
      described = client.host();
    }
    assertEquals(
        Optional.of(last),
        known.checkpoint(
            described.log(), described.genesis().origin(), described.genesis().host()));
  }

  @Test
  void refusedCallsSayWhy() {
    try (Client client = client(host.address())) {
      RefusedException e = assertThrows(RefusedException.class, () -> client.call("say", "[1"));
      assertEquals(-32602, e.code());
      assertEquals("1", client.call("say", "[1]").value());
    }
  }

  @Test
  void longResultsAndManyOutcomesVerify() {
    try (Client client = client(host.address())) {
      assertEquals(200_002, client.call("long", "[200000]").value().length());
      List<CallResult> results =
          client.call(Collections.nCopies(256, new MethodCall("long", "[300]")));
      assertEquals(256, results.size());
      for (CallResult result : results) {
        assertEquals(302, result.value().length());
      }
    }
  }

  @Test
  void trapIsAFailureOfTheCall() throws Exception {
    try (RunningHost debug = HostSetup.of(home.resolve("host"), SCRIPT).debug().start();
        Client unsigned = Client.debug(debug.address(), "bob", null, known);
        Client signed = client(debug.address())) {
      assertEquals("2", unsigned.call("add", "[2]").value());
      assertEquals("TypeError: never", unsigned.call("fail", "[]").failureLine());
      assertEquals(
          "MethodNotFoundError", ((Outcome.Thrown) unsigned.call("absent", "[]").failure()).name());
      assertEquals("5", signed.call("add", "[3]").value());
      CallResult trapped = signed.call("spin", "[]");
      assertTrue(trapped.failureLine().contains("fuel"), trapped.failureLine());
      assertThrows(RefusedException.class, () -> unsigned.call("spin", "[]"));
    }
  }

  @Test
  void callsOfSeveralThreadsAreEachExecutedOnce() throws Exception {
    try (Client client = client(host.address())) {
      long before = add(client, 0);
      Set<Long> sums = Collections.synchronizedSet(new HashSet<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            new Thread(
                () -> {
                  for (int k = 0; k < 25; k++) {
                    sums.add(add(client, 1));
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(100, sums.size());
      assertEquals(before + 100, add(client, 0));
    }
  }

  @Test
  void answerThatWasLostIsAskedForAgain() throws Exception {
    try (Proxy proxy = new Proxy(host.service().port());
        Client client = client(proxy.address())) {
      long before = add(client, 0);
      long size = host.size();
      proxy.toClient = Proxy.cutting("\"receipt\"", 2);
      assertEquals(before + 1, add(client, 1));
      assertEquals(size + 1, host.size(), "asked three times, executed once");
      assertEquals(3, proxy.connections.get());
      proxy.toHost = Proxy.cuttingNext();
      assertEquals(before + 2, add(client, 1));
      assertEquals(size + 2, host.size(), "lost on the way, executed once");
    }
  }

  @Test
  void manyLostAnswersAreAskedForInTheirOrder() throws Exception {
    for (int cuts = 1; cuts <= 3; cuts++) {
      try (Proxy proxy = new Proxy(host.service().port());
          Client client = client(proxy.address())) {
        long before = add(client, 0);
        AtomicLong pieces = new AtomicLong();
        int most = cuts;
        AtomicLong done = new AtomicLong();
        // Each connection dies after some calls have reached the host and before all have.
        proxy.toHost =
            piece ->
                piece.length > 300
                        && pieces.incrementAndGet() % 2 == 0
                        && done.incrementAndGet() <= most
                    ? null
                    : piece;
        List<CompletableFuture<List<CallResult>>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          answers.add(client.callAsync(List.of(new MethodCall("add", "[1]"))));
        }
        for (int i = 0; i < answers.size(); i++) {
          assertEquals(
              String.valueOf(before + i + 1),
              answers.get(i).join().get(0).value(),
              "call " + i + " with " + cuts + " cuts");
        }
        assertTrue(done.get() > 0, "nothing was cut");
      }
    }
  }

  @Test
  void hostThatStaysAwayIsAnError() throws Exception {
    Path dir = home.resolve("host");
    RunningHost mortal = HostSetup.of(dir, SCRIPT).start();
    try (Proxy proxy = new Proxy(mortal.service().port());
        Client client = client(proxy.address())) {
      assertEquals(1, add(client, 1));
      mortal.close();
      proxy.toHost = piece -> null;
      ClientException e = assertThrows(ClientException.class, () -> add(client, 1));
      assertFalse(e instanceof CaughtHostException);
      ClientException nobody = assertThrows(ClientException.class, () -> client(proxy.address()));
      assertTrue(nobody.getMessage().contains("is a host running there"), nobody.getMessage());
      try (RunningHost again = HostSetup.of(dir, SCRIPT).start()) {
        proxy.target = again.service().port();
        proxy.toHost = Proxy.Rule.PASS;
        assertEquals(3, add(client, 2), "the connection is made again when there is a host");
      }
    }
  }

  @Test
  void debugClientConnectsAgainToo() throws Exception {
    try (RunningHost debug = HostSetup.of(home.resolve("host"), SCRIPT).debug().start();
        Proxy proxy = new Proxy(debug.service().port());
        Client client = Client.debug(proxy.address(), "bob", null, known)) {
      proxy.toClient = Proxy.cutting("\"result\":1", 1);
      assertThrows(ClientException.class, () -> client.call("add", "[1]"));
      // Nobody knows whether an unsigned call was executed: it is not sent again by itself.
      assertEquals("1", client.call("add", "[0]").value());
    }
  }

  @Test
  void closedClientFailsItsCalls() {
    Client client = client(host.address());
    client.close();
    assertThrows(ClientException.class, () -> client.call("add", "[1]"));
    client.close();
  }

  @Test
  void forgedResultIsCaught() throws Exception {
    try (Proxy proxy = new Proxy(host.service().port());
        Client client = client(proxy.address())) {
      proxy.toClient = Proxy.replacing("\"ok\":\"\\\"yes", "\"ok\":\"\\\"no!");
      CaughtHostException e =
          assertThrows(CaughtHostException.class, () -> client.call("say", "[\"yes\"]"));
      assertTrue(e.getMessage().contains("does not verify"), e.getMessage());
      proxy.toClient = Proxy.replacing("\"receipt\"", "\"recipes\"");
      assertThrows(CaughtHostException.class, () -> client.call("say", "[1]"));
      proxy.toClient = Proxy.Rule.PASS;
      assertEquals("1", client.call("say", "[1]").value());
    }
  }

  @Test
  void forgedBlobIsCaught() throws Exception {
    try (Proxy proxy = new Proxy(host.service().port());
        Client client = client(proxy.address())) {
      // The outcomes are over 16 KiB: the client reads them as a blob.
      List<MethodCall> calls = Collections.nCopies(100, new MethodCall("long", "[300]"));
      proxy.toClient = Proxy.replacing("[{\"fuel\":", "[{\"fool\":");
      assertThrows(CaughtHostException.class, () -> client.call(calls));
      proxy.toClient = Proxy.replacing("HTTP/1.1 200 OK", "HTTP/1.1 404 OK");
      ClientException e = assertThrows(ClientException.class, () -> client.call(calls));
      assertFalse(e instanceof CaughtHostException, "withholding is no proof of a lie");
    }
  }

  @Test
  void pinnedLogMustBeServed() {
    Hash other = Hash.of("another log");
    CaughtHostException e =
        assertThrows(
            CaughtHostException.class, () -> Client.signed(host.address(), identity, other, known));
    assertTrue(e.getMessage().contains(other.hex()), e.getMessage());
    Client.signed(host.address(), identity, host.module().log().id(), known).close();
  }

  @Test
  void addressThatServesAnotherLogIsRefusedUntilTheLogIsNamed() throws Exception {
    try (Proxy proxy = new Proxy(host.service().port())) {
      client(proxy.address()).close();
      client(proxy.address()).close();
      try (RunningHost other = HostSetup.of(home.resolve("host"), SCRIPT).start()) {
        proxy.target = other.service().port();
        Hash before = host.module().log().id();
        Hash now = other.module().log().id();
        for (int i = 0; i < 2; i++) {
          ClientException e =
              assertThrows(ClientException.class, () -> client(proxy.address()).close());
          assertFalse(e instanceof CaughtHostException, "a host may well have a new log");
          assertTrue(e.getMessage().contains("served log " + before), e.getMessage());
          assertTrue(e.getMessage().endsWith("name it with --log " + now), e.getMessage());
          HttpLogReader reader = new HttpLogReader(proxy.address());
          String place = proxy.address().toString();
          assertThrows(ClientException.class, () -> RemoteLog.open(reader, place, null, known));
          assertFalse(Files.exists(home.resolve("logs").resolve(now.hex())), "nothing is kept");
        }
        Client.signed(proxy.address(), identity, now, known).close();
        client(proxy.address()).close();
        proxy.target = host.service().port();
        assertThrows(ClientException.class, () -> client(proxy.address()).close());
        Path hosts = home.resolve("hosts");
        Path remembered = hosts.resolve(proxy.address().toString().replace(':', '_'));
        Files.writeString(remembered, "?");
        ClientException e =
            assertThrows(ClientException.class, () -> client(proxy.address()).close());
        assertTrue(e.getMessage().contains("is damaged"), e.getMessage());
        Client.signed(proxy.address(), identity, before, known).close();
        client(proxy.address()).close();
      }
    }
  }

  @Test
  void everySignedCallSaysWhatItsCallerHasSeen() {
    try (Client client = client(host.address())) {
      TreeHead before = client.host().checkpoint().head();
      for (int i = 0; i < 5; i++) {
        Receipt receipt = client.callForReceipt(List.of(new MethodCall("say", "[1]")));
        CallEntry entry = (CallEntry) Entry.parse(receipt.entry(), hash -> null);
        SignedCall call = SignedCall.parse(entry.request().read(hash -> null));
        assertEquals(before, call.seen());
        before = Checkpoint.parse(receipt.checkpoint().text()).head();
      }
    }
  }

  @Test
  void descriptionMustHoldTogether() throws Exception {
    try (Proxy proxy = new Proxy(host.service().port())) {
      String[][] forgeries = {
        {"\\\"title\\\":\\\"Test\\\"", "\\\"title\\\":\\\"Best\\\""},
        {"\\\"auth\\\":\\\"signed\\\"", "\\\"auth\\\":\\\"debugg\\\""},
        {"\"checkpoint\"", "\"checkpaint\""},
        {"\"genesis\"", "\"genosis\""},
        {"\\n\\n\u00e2\u0080\u0094 ", "\\n\\n\u00e2\u0080\u0095 "},
      };
      for (String[] forgery : forgeries) {
        proxy.toClient = Proxy.replacing(forgery[0], forgery[1]);
        assertThrows(CaughtHostException.class, () -> client(proxy.address()).close(), forgery[1]);
      }
    }
  }

  @Test
  void damagedKeptCheckpointIsNotForgotten() throws Exception {
    try (Client client = client(host.address())) {
      add(client, 1);
    }
    Path kept = home.resolve("logs").resolve(host.module().log().id().hex()).resolve("checkpoint");
    String text = Files.readString(kept);
    for (String damaged : List.of("", "x", text.substring(1), text.replace("\n\n", "\n"))) {
      Files.write(kept, damaged.getBytes(StandardCharsets.UTF_8));
      ClientException e = assertThrows(ClientException.class, () -> client(host.address()));
      assertFalse(e instanceof CaughtHostException, "it is no fault of the host");
      assertTrue(e.getMessage().contains(kept.toString()), e.getMessage());
    }
    Files.writeString(kept, text);
    client(host.address()).close();
  }
}
