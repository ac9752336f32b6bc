package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.rpc.ServiceSettings;
import dev.glasshouse.rpc.access.AllowList;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host refuses for now is sent again, by a clock that a test turns. */
@Timeout(60)
class RetryTest {
  private static final String LATER =
      "\"error\":{\"code\":-32005,\"message\":\"overloaded\",\"data\":{\"retryMillis\":100}}";
  private static final String TAKEN = "\"error\":{\"code\":-32004,\"message\":\"used\"}";

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService reconnecting = Executors.newSingleThreadExecutor();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Pause> pauses = new LinkedBlockingQueue<>();
  private Connection connection;

  /** A message that has come to the host. */
  private record Heard(ServerWebSocket socket, String text) {
    String request() {
      return text.substring(text.indexOf("\"params\":"));
    }

    void answer(String answer) {
      String id = text.substring(text.indexOf("\"id\":"), text.indexOf(",\"method\""));
      socket.writeTextMessage("{\"jsonrpc\":\"2.0\"," + id + "," + answer + "}");
    }
  }

  private record Pause(long millis, CompletableFuture<Void> end) {}

  @BeforeEach
  void connect() {
    int port =
        vertx
            .createHttpServer()
            .webSocketHandler(
                socket -> socket.textMessageHandler(text -> heard.add(new Heard(socket, text))))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    Backoff backoff =
        new Backoff(
            new SplittableRandom(3),
            millis -> {
              Pause pause = new Pause(millis, new CompletableFuture<>());
              pauses.add(pause);
              return pause.end;
            });
    connection = new Connection(new HostAddress("127.0.0.1", port), null, reconnecting, backoff);
  }

  @AfterEach
  void stop() {
    connection.close();
    reconnecting.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private CompletableFuture<String> call() {
    return connection.call(number -> "{\"n\":" + number + "}");
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(20, TimeUnit.SECONDS);
    assertNotNull(found, "nothing comes");
    return found;
  }

  private Heard heard(int number) throws InterruptedException {
    Heard next = next(heard);
    assertEquals("\"params\":{\"n\":" + number + "}}", next.request());
    return next;
  }

  private static RefusedException refused(CompletableFuture<String> answer) {
    return assertInstanceOf(
        RefusedException.class, assertThrows(CompletionException.class, answer::join).getCause());
  }

  @Test
  void theSameBytesAreSentAgainWhenTheTimeIsOver() throws Exception {
    CompletableFuture<String> answer = call();
    heard(1).answer(LATER);
    Pause pause = next(pauses);
    assertTrue(pause.millis >= 100 && pause.millis <= 150, "waits " + pause.millis);
    assertNull(heard.poll(), "before the time is over");
    pause.end.complete(null);
    heard(1).answer("\"result\":5");
    assertEquals("5", answer.join());
  }

  @Test
  void theCallerIsToldInTheEnd() throws Exception {
    CompletableFuture<String> answer = call();
    for (int i = 0; i < Backoff.MAX_REFUSALS; i++) {
      heard(1).answer(LATER);
      Pause pause = next(pauses);
      assertTrue(pause.millis >= 100L << i, "waits " + pause.millis);
      pause.end.complete(null);
    }
    heard(1).answer(LATER);
    assertEquals(-32005, refused(answer).code());
    assertEquals(100, refused(answer).retryMillis());
    assertTrue(pauses.isEmpty());
    heardNothingMoreThan(2);
  }

  // Whatever comes next is the request with this number.
  private void heardNothingMoreThan(int number) throws InterruptedException {
    CompletableFuture<String> answer = call();
    heard(number).answer("\"result\":7");
    assertEquals("7", answer.join());
  }

  @Test
  void whatDoesNotPassIsToldAtOnce() throws Exception {
    for (String error :
        List.of(
            "\"error\":{\"code\":-32005,\"message\":\"overloaded\"}",
            "\"error\":{\"code\":-32008,\"message\":\"not listed\",\"data\":{}}",
            "\"error\":{\"code\":-32009,\"message\":\"\",\"data\":{\"retryMillis\":99999}}",
            "\"error\":{\"code\":-32009,\"message\":\"\",\"data\":{\"retryMillis\":\"1\"}}",
            TAKEN)) {
      CompletableFuture<String> answer = call();
      next(heard).answer(error);
      assertTrue(error.contains(String.valueOf(refused(answer).code())), error);
    }
    assertTrue(pauses.isEmpty());
  }

  @Test
  void laterRequestsWaitAndAllAreSentInTheirOrder() throws Exception {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    Heard one = heard(1);
    Heard two = heard(2);
    two.answer(LATER);
    Pause pause = next(pauses);
    one.answer(LATER);
    CompletableFuture<String> third = call();
    // What is answered over the same connection after the refusals comes after them.
    CompletableFuture<String> other = connection.request("rpc.info", "{}");
    next(heard).answer("\"result\":0");
    other.join();
    assertTrue(heard.isEmpty(), "a number above would make those below unusable");
    assertTrue(pauses.isEmpty(), "one pause for all");
    pause.end.complete(null);
    heard(1).answer("\"result\":1");
    heard(2).answer("\"result\":2");
    heard(3).answer("\"result\":3");
    assertEquals(List.of("1", "2", "3"), List.of(first.join(), second.join(), third.join()));
  }

  @Test
  void whatWasOvertakenWasRefusedForTheReasonItHad() throws Exception {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    Heard one = heard(1);
    Heard two = heard(2);
    one.answer(LATER);
    two.answer("\"result\":2");
    assertEquals("2", second.join());
    next(pauses).end.complete(null);
    heard(1).answer(TAKEN);
    assertEquals(-32005, refused(first).code());
  }

  @Test
  void whoClosesDoesNotWait() throws Exception {
    CompletableFuture<String> answer = call();
    heard(1).answer(LATER);
    Pause pause = next(pauses);
    connection.close();
    assertTrue(pause.end.isCancelled());
    Throwable failure = assertThrows(CompletionException.class, answer::join).getCause();
    assertEquals("the connection was closed", failure.getMessage());
    assertFalse(failure instanceof RefusedException);
  }

  @Test
  void aConnectionThatIsLostMeanwhileIsOpenedAgain() throws Exception {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    Heard one = heard(1);
    Heard two = heard(2);
    one.answer(LATER);
    Pause pause = next(pauses);
    two.socket().close();
    // It is opened for whoever asks something else, and the second one waits for the first.
    String info = null;
    while (info == null) {
      CompletableFuture<String> other = connection.request("rpc.info", "{}");
      Heard asked = heard.poll(100, TimeUnit.MILLISECONDS);
      if (asked != null) {
        assertTrue(asked.text().contains("rpc.info"), asked.text());
        asked.answer("\"result\":0");
        info = other.exceptionally(lost -> null).join();
      }
    }
    assertTrue(heard.isEmpty());
    pause.end.complete(null);
    heard(1).answer("\"result\":1");
    heard(2).answer("\"result\":2");
    assertEquals(List.of("1", "2"), List.of(first.join(), second.join()));
  }

  @Test
  void aConnectionThatWasLostWhileAllWaitedIsOpenedAgain() throws Exception {
    CompletableFuture<String> answer = call();
    Heard one = heard(1);
    one.answer(LATER);
    Pause pause = next(pauses);
    one.socket().close().toCompletionStage().toCompletableFuture().join();
    pause.end.complete(null);
    heard(1).answer("\"result\":1");
    assertEquals("1", answer.join());
  }

  @Test
  void aHostThatLetsInSomeCallsASecondHasEachOnce(@TempDir Path dir) throws Exception {
    ServiceSettings.Access some =
        new ServiceSettings.Access(AllowList.EVERYBODY, 50, List.of(), List.of());
    try (RunningHost host =
            HostSetup.of(dir.resolve("log"), "let n = 0; exports.add = k => n += k;")
                .access(some)
                .start();
        Client client =
            Client.signed(
                host.address(),
                Identity.ofSeed(new byte[Identity.SEED_BYTES]),
                null,
                new KnownLogs(dir.resolve("home")))) {
      List<MethodCall> burst = Collections.nCopies(250, new MethodCall("add", "[1]"));
      assertEquals("250", client.call(burst).get(249).value());
      for (int i = 251; i <= 255; i++) {
        assertEquals(String.valueOf(i), client.call("add", "[1]").value());
      }
      assertEquals(7, host.size());
    }
  }
}
