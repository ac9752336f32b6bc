package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that are lost; another is opened when a test says so. */
class ConnectionTest {
  private static final int SECONDS = 10;
  private static final String LATER =
      "\"error\":{\"code\":-32005,\"message\":\"\",\"data\":{\"retryMillis\":1}}";

  private static Vertx vertx;

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> reconnecting = new LinkedBlockingQueue<>();
  private final BlockingQueue<CompletableFuture<Void>> pauses = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private HttpServer server;
  private Connection connection;

  /** A message that has come to the host. */
  private record Heard(ServerWebSocket socket, String text) {
    String request() {
      return text.substring(text.indexOf("\"method\""));
    }

    void answer(String answer) {
      String id = text.substring(text.indexOf("\"id\":"), text.indexOf(",\"method\""));
      socket.writeTextMessage("{\"jsonrpc\":\"2.0\"," + id + "," + answer + "}");
    }

    void hangUp() throws Exception {
      done(socket.close((short) 4001, "why"));
    }
  }

  private static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
  }

  private int serve(int port) throws Exception {
    server =
        done(
            vertx
                .createHttpServer()
                .webSocketHandler(
                    socket -> {
                      connections.incrementAndGet();
                      socket.closeHandler(closed -> hungUp.countDown());
                      socket.textMessageHandler(text -> heard.add(new Heard(socket, text)));
                    })
                .listen(port, "127.0.0.1"));
    return server.actualPort();
  }

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() throws Exception {
    done(vertx.close());
  }

  @BeforeEach
  void connect() throws Exception {
    Backoff backoff =
        new Backoff(
            new SplittableRandom(5),
            millis -> {
              CompletableFuture<Void> pause = new CompletableFuture<>();
              pauses.add(pause);
              return pause;
            });
    HostAddress address = new HostAddress("127.0.0.1", serve(0));
    connection = new Connection(address, null, reconnecting::add, backoff);
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    done(server.close());
  }

  private CompletableFuture<String> call() {
    return connection.call(number -> "{\"n\":" + number + "}");
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(found, "nothing comes");
    return found;
  }

  private Heard heard(int number) throws InterruptedException {
    Heard next = next(heard);
    assertEquals("\"method\":\"rpc.call\",\"params\":{\"n\":" + number + "}}", next.request());
    return next;
  }

  private static String result(CompletableFuture<String> answer) throws Exception {
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  private static Throwable failure(CompletableFuture<String> answer) {
    return assertThrows(ExecutionException.class, () -> answer.get(SECONDS, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void whatWasNotAnsweredIsSentAgainInItsOrder() throws Exception {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    CompletableFuture<String> third = call();
    Heard one = heard(1);
    heard(2).answer("\"result\":2");
    heard(3);
    assertEquals("2", result(second));
    one.hangUp();
    Runnable once = next(reconnecting);
    Runnable twice = next(reconnecting);
    once.run();
    twice.run();
    assertEquals(2, connections.get(), "one for both");
    heard(1).answer("\"result\":1");
    heard(3).answer("\"result\":3");
    assertEquals("1", result(first));
    assertEquals("3", result(third));
    assertTrue(heard.isEmpty());
  }

  @Test
  void whatWasRefusedIsNotSentAgain() throws Exception {
    CompletableFuture<String> first = call();
    heard(1).answer("\"error\":{\"code\":-32602,\"message\":\"no\"}");
    assertEquals(-32602, assertInstanceOf(RefusedException.class, failure(first)).code());
    CompletableFuture<String> second = call();
    heard(2).hangUp();
    next(reconnecting).run();
    heard(2).answer("\"result\":2");
    assertEquals("2", result(second));
  }

  @Test
  void afterFourConnectionsItIsGivenUp() throws Exception {
    CompletableFuture<String> first = call();
    for (int i = 0; i < 4; i++) {
      assertFalse(first.isDone(), "after " + i);
      heard(1).hangUp();
      next(reconnecting).run();
    }
    Throwable lost = failure(first);
    assertEquals(
        "the connection was lost 4 times, at last because the host closed the connection (4001,"
            + " why)",
        lost.getMessage());
    assertInstanceOf(ClientException.class, lost.getCause());
    CompletableFuture<String> second = call();
    heard(2).hangUp();
    next(reconnecting).run();
    heard(2).answer("\"result\":2");
    assertEquals("2", result(second));
  }

  @Test
  void whoeverWaitsHearsThatTheHostIsAway() throws Exception {
    CompletableFuture<String> first = call();
    heard(1);
    int port = server.actualPort();
    done(server.close());
    assertTrue(hungUp.await(SECONDS, TimeUnit.SECONDS));
    next(reconnecting).run();
    assertTrue(failure(first).getMessage().startsWith("cannot connect to "));
    CompletableFuture<String> other = connection.request("rpc.info", "{}");
    assertTrue(failure(other).getMessage().startsWith("cannot connect to "));

    serve(port);
    CompletableFuture<String> info = connection.request("rpc.info", "{}");
    Heard asked = next(heard);
    assertEquals("\"method\":\"rpc.info\",\"params\":{}}", asked.request(), "1 is forgotten");
    asked.answer("\"result\":0");
    assertEquals("0", result(info));
    CompletableFuture<String> second = call();
    heard(2).answer("\"result\":2");
    assertEquals("2", result(second));
  }

  @Test
  void otherRequestsAreLostWithTheirConnection() throws Exception {
    CompletableFuture<String> info = connection.request("rpc.info", "{}");
    Heard asked = next(heard);
    assertEquals(1, connections.get());
    asked.hangUp();
    assertEquals("the host closed the connection (4001, why)", failure(info).getMessage());
    CompletableFuture<String> again = connection.request("rpc.info", "{}");
    next(heard).answer("\"result\":0");
    assertEquals("0", result(again));
    assertEquals(2, connections.get());
    assertTrue(reconnecting.isEmpty());
  }

  @Test
  void closingIsTheEnd() throws Exception {
    CompletableFuture<String> first = call();
    heard(1);
    connection.close();
    assertTrue(first.isDone(), "nobody is told");
    assertEquals("the connection was closed", failure(first).getMessage());
    assertTrue(hungUp.await(SECONDS, TimeUnit.SECONDS));
    next(reconnecting).run();

    CompletableFuture<String> second =
        connection.call(
            number -> {
              throw new AssertionError("signed for nothing");
            });
    assertEquals("the connection was closed", failure(second).getMessage());
    CompletableFuture<String> other = connection.request("rpc.info", "{}");
    assertEquals("the connection was closed", failure(other).getMessage());
    assertEquals(1, connections.get());
    assertTrue(heard.isEmpty());
    connection.close();
  }

  @Test
  void retiredOneStaysLost() throws Exception {
    CompletableFuture<String> first = call();
    Heard one = heard(1);
    connection.retire();
    CompletableFuture<String> info = connection.request("rpc.info", "{}");
    next(heard).answer("\"result\":0");
    assertEquals("0", result(info), "it is used as long as it is there");
    one.hangUp();
    next(reconnecting).run();
    CompletableFuture<String> other = connection.request("rpc.info", "{}");
    assertEquals("the connection was closed", failure(other).getMessage());
    assertEquals(1, connections.get());
    assertFalse(first.isDone());
    connection.close();
    assertEquals("the connection was closed", failure(first).getMessage());
  }

  @Test
  void retiredOneDoesNotWait() throws Exception {
    CompletableFuture<String> first = call();
    Heard one = heard(1);
    connection.retire();
    one.answer(LATER);
    assertInstanceOf(RefusedException.class, failure(first));
  }

  // Whoever asks something else hears of the end of the connection that is lost now.
  private void lose() throws Exception {
    CompletableFuture<String> info = connection.request("rpc.info", "{}");
    next(heard).hangUp();
    assertEquals("the host closed the connection (4001, why)", failure(info).getMessage());
  }

  @Test
  void whatIsOnItsWayIsNotSentWithWhatHasWaited() throws Exception {
    CompletableFuture<String> first = call();
    CompletableFuture<String> second = call();
    heard(1).answer(LATER);
    Heard two = heard(2);
    next(pauses).complete(null);
    next(reconnecting).run();
    heard(1).answer("\"result\":1");
    assertEquals("1", result(first));
    assertEquals(1, connections.get(), "it was there all the time");
    CompletableFuture<String> info = connection.request("rpc.info", "{}");
    Heard last = next(heard);
    assertTrue(last.text().contains("rpc.info"), last.text());
    last.answer("\"result\":0");
    assertEquals("0", result(info));
    two.answer("\"result\":2");
    assertEquals("2", result(second));
  }

  @Test
  void whatWaitsIsNotLost() throws Exception {
    CompletableFuture<String> first = call();
    heard(1).answer(LATER);
    CompletableFuture<Void> pause = next(pauses);
    for (int i = 0; i < 5; i++) {
      lose();
    }
    assertFalse(first.isDone());
    pause.complete(null);
    next(reconnecting).run();
    // Now it can be, but for the fourth time.
    for (int i = 0; i < 3; i++) {
      heard(1).hangUp();
      next(reconnecting).run();
    }
    heard(1).answer("\"result\":1");
    assertEquals("1", result(first));
  }

  @Test
  void lastReasonIsTold() throws Exception {
    CompletableFuture<String> first = call();
    heard(1).answer(LATER);
    next(pauses).complete(null);
    next(reconnecting).run();
    heard(1).answer("\"error\":{\"code\":-32602,\"message\":\"no\"}");
    assertEquals(-32602, assertInstanceOf(RefusedException.class, failure(first)).code());
  }

  @Test
  void whatCannotBeSignedTakesNoNumber() throws Exception {
    IllegalStateException broken = new IllegalStateException("no key");
    assertSame(
        broken,
        assertThrows(
            IllegalStateException.class,
            () ->
                connection.call(
                    number -> {
                      throw broken;
                    })));
    CompletableFuture<String> first = call();
    heard(1).answer("\"result\":1");
    assertEquals("1", result(first));
  }
}
