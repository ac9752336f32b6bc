package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which calls share an entry, while answers are held back. */
class GatheredCallsTest {
  private static final int SECONDS = 30;
  private static final String SCRIPT =
      "exports.say = s => s;"
          + "exports.long = size => 'x'.repeat(size);"
          + "exports.dice = n => { while (n--) crypto.getRandomValues(new Uint8Array(1)) };"
          + "exports.hang = () => { Array(1000).fill(2n ** 1000000n).join() };";

  @TempDir static Path shared;
  @TempDir Path dir;
  private static RunningHost common;
  private static int identities;

  private final CountDownLatch released = new CountDownLatch(1);
  private RunningHost host;
  private long before;
  private Proxy proxy;
  private Client client;

  @BeforeAll
  static void start() throws Exception {
    common = HostSetup.of(shared, SCRIPT).start();
  }

  @AfterAll
  static void end() {
    common.close();
  }

  private void connect(RunningHost to) throws Exception {
    host = to;
    before = host.size();
    proxy = new Proxy(host.service().port());
    byte[] seed = new byte[Identity.SEED_BYTES];
    seed[0] = (byte) ++identities;
    KnownLogs known = new KnownLogs(dir.resolve("home"));
    client = Client.signed(proxy.address(), Identity.ofSeed(seed), null, known);
    proxy.toClient =
        piece -> {
          try {
            assertTrue(released.await(SECONDS, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return piece;
        };
  }

  @AfterEach
  void stop() {
    client.close();
    proxy.close();
  }

  private CompletableFuture<List<CallResult>> call(String method, String params) {
    return client.callAsync(List.of(new MethodCall(method, params)));
  }

  private static <T> T result(CompletableFuture<T> answer) throws Exception {
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  // Of the entry that came so many after those that were there.
  private int calls(int index) {
    return ((CallEntry) host.module().log().entry(before + index)).outcomes().size();
  }

  // Calls of the request that is signed upon the answer to the first, when many wait.
  private int gatheredAfter(String method, String params) throws Exception {
    CompletableFuture<?> first = call(method, params);
    List<CompletableFuture<List<CallResult>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(call("say", "[" + i + "]"));
    }
    released.countDown();
    result(first);
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(String.valueOf(i), result(answers.get(i)).get(0).value());
    }
    assertEquals(1, calls(1), "before anything was answered");
    return calls(2);
  }

  @ParameterizedTest
  @CsvSource({
    "say, 0, 32",
    "dice, 255, 32",
    "dice, 256, 8",
    "long, 1000000, 32",
    "long, 1048576, 8",
  })
  void moreShareARequestUntilOneWasHeavy(String method, int param, int gathered) throws Exception {
    connect(common);
    assertEquals(gathered, gatheredAfter(method, "[" + param + "]"));
  }

  @Test
  void oneThatWasAbortedIsHeavy() throws Exception {
    try (RunningHost impatient = HostSetup.of(dir.resolve("host"), SCRIPT).watchdog(400).start()) {
      connect(impatient);
      assertEquals(8, gatheredAfter("hang", "[]"));
    }
  }

  @Test
  void whoeverCallsAgainUponTheSameAnswerSharesTheNextRequest() throws Exception {
    connect(common);
    CompletableFuture<?> first = call("say", "[1]");
    CompletableFuture<?> second = call("say", "[2]");
    List<CompletableFuture<List<CallResult>>> again = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      again.add(call("say", "[3]").thenCompose(results -> call("say", "[4]")));
    }
    released.countDown();
    result(first);
    result(second);
    for (CompletableFuture<List<CallResult>> each : again) {
      assertEquals("4", result(each).get(0).value());
    }
    assertEquals(before + 4, host.size());
    assertEquals(List.of(1, 1, 3, 3), List.of(calls(0), calls(1), calls(2), calls(3)));
  }

  @Test
  void whatTheHostWouldRefuseIsNotSentWithOthers() throws Exception {
    connect(common);
    CompletableFuture<?> first = call("say", "[1]");
    CompletableFuture<?> second = call("say", "[2]");
    CompletableFuture<List<CallResult>> bad = call("say", "[3");
    CompletableFuture<List<CallResult>> good = call("say", "[4]");
    assertTrue(bad.isDone(), "nobody is asked");
    Throwable refused = assertThrows(ExecutionException.class, bad::get).getCause();
    assertEquals(-32602, assertInstanceOf(RefusedException.class, refused).code());
    released.countDown();
    result(first);
    result(second);
    assertEquals("4", result(good).get(0).value());
  }
}
