package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that answers as each test says. */
@Timeout(60)
class WireTest {
  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private HostAddress address;

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Connects to a server that does this upon each message. */
  private Wire wire(Consumer<ServerWebSocket> answer) {
    HttpServer server =
        vertx
            .createHttpServer()
            .webSocketHandler(
                socket -> {
                  heard.add(String.valueOf(socket.headers().get("authorization")));
                  socket.textMessageHandler(
                      text -> {
                        heard.add(text);
                        answer.accept(socket);
                      });
                  socket.closeHandler(closed -> hungUp.countDown());
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    address = new HostAddress("127.0.0.1", server.actualPort());
    return Wire.connect(HttpClient.newHttpClient(), address, null);
  }

  private static void sendInTwo(ServerWebSocket socket, String text) {
    socket.writeFrame(WebSocketFrame.textFrame(text.substring(0, 7), false));
    socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(text.substring(7)), true));
  }

  private static Throwable failure(CompletableFuture<String> answer) {
    return assertThrows(CompletionException.class, answer::join).getCause();
  }

  @Test
  void answersGoToThoseWhoAsked() {
    String[] answers = {
      "{\"id\":9,\"result\":0}",
      "{\"id\":\"1\",\"result\":0}",
      "{\"id\":2,\"result\":\"second\"}",
      "{\"id\":3,\"error\":{\"code\":-32601,\"message\":\"no\",\"data\":{\"name\":\"N\"}}}",
      "{\"id\":1,\"result\":\"first\"}"
    };
    int[] messages = new int[1];
    try (Wire wire =
        wire(
            socket -> {
              if (++messages[0] == 3) {
                for (String answer : answers) {
                  sendInTwo(socket, answer);
                }
              }
            })) {
      CompletableFuture<String> first = wire.request("m", "[]");
      CompletableFuture<String> second = wire.request("m", "[]");
      CompletableFuture<String> third = wire.request("m", "[]");
      assertEquals("\"first\"", first.join());
      assertEquals("\"second\"", second.join());
      RefusedException refused = assertInstanceOf(RefusedException.class, failure(third));
      assertEquals(-32601, refused.code());
      assertEquals("no", refused.getMessage());
      assertEquals("N", refused.name());
      assertFalse(wire.isClosed());
    }
  }

  @Test
  void hostIsToldWhoAsksAndWhat() throws InterruptedException {
    try (Wire wire = wire(socket -> socket.writeTextMessage("{\"id\":1,\"result\":2}"));
        Wire named = Wire.connect(HttpClient.newHttpClient(), address, "bob")) {
      assertEquals("null", heard.take());
      assertEquals("Basic Ym9iOg==", heard.take());
      assertEquals("2", named.request("a\"", "[3]").join());
      assertEquals(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\\\"\",\"params\":[3]}", heard.take());
      assertFalse(wire.isClosed());
    }
  }

  @Test
  void realHostIsPingedWhileItIsWaitedFor() {
    try (Wire wire =
        wire(
            socket ->
                socket.frameHandler(
                    frame -> {
                      if (frame.isPing()) {
                        socket.writeTextMessage("{\"id\":1,\"result\":\"pinged\"}");
                      }
                    }))) {
      assertEquals("\"pinged\"", wire.request("m", "[]").join());
    }
  }

  @Test
  void whereNobodyListensThereIsNoHost() {
    wire(socket -> {}).close();
    stop();
    ClientException e =
        assertThrows(
            ClientException.class, () -> Wire.connect(HttpClient.newHttpClient(), address, null));
    assertTrue(e.getMessage().contains("is a host running there?"), e.getMessage());
  }

  @Test
  void whatIsNoJsonEndsTheConnection() throws InterruptedException {
    try (Wire wire = wire(socket -> socket.writeTextMessage("nonsense"))) {
      assertEquals(
          "the host sent something that is not JSON",
          failure(wire.request("m", "[]")).getMessage());
      assertTrue(wire.isClosed());
      assertTrue(hungUp.await(20, TimeUnit.SECONDS));
      assertEquals(wire.failure(), failure(wire.request("m", "[]")));
    }
  }

  @ParameterizedTest
  @CsvSource({"'', (4001)", "'why', '(4001, why)'"})
  void whyTheHostHasClosedIsSaid(String reason, String said) {
    try (Wire wire = wire(socket -> socket.close((short) 4001, reason))) {
      assertEquals(
          "the host closed the connection " + said, failure(wire.request("m", "[]")).getMessage());
      assertTrue(wire.isClosed());
    }
  }

  @Test
  void closingFailsWhatWaits() throws InterruptedException {
    Wire wire = wire(socket -> {});
    CompletableFuture<String> answer = wire.request("m", "[]");
    assertFalse(wire.isClosed());
    assertNull(wire.failure());
    wire.close();
    assertEquals("the connection was closed", failure(answer).getMessage());
    assertTrue(hungUp.await(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":1,"result":5}                           | 1  | 5
          {"jsonrpc":"2.0","result": "a\\u00e9" ,"id":2} | 2  | "a\\u00e9"
          {"id":3,"result":{"id":4,"result":[1,{}]}}    | 3  | {"id":4,"result":[1,{}]}
          {"other":{"id":6},"result":null,"id":5}       | 5  | null
          {"result":[ 1 , 2 ],"id":"7"}                 | -1 | [ 1 , 2 ]
          {"id":1.5,"result":true}                      | -1 | true
          """)
  void resultIsCutOut(String text, long id, String result) throws IOException {
    Wire.Response response = Wire.Response.parse(text);
    assertEquals(id, response.id);
    assertEquals(result, response.result);
    assertNull(response.error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"code":3,"message":"m","data":{"name":"n"}}     | 3 | m | n
          {"data":{"more":{},"name":"n"},"code":3}         | 3 | `` | n
          {"code":[1],"message":"m"}                       | 0 | m |
          {"message":["x"],"code":3,"data":{"name":"n"}}   | 3 | | n
          {"name":["x"],"code":3,"message":"m"}            | 3 | m |
          {"other":"name","another":"message","third":"n"} | 0 | `` |
          """)
  void errorIsReadToItsEnd(String error, int code, String message, String name) throws IOException {
    Wire.Response response = Wire.Response.parse("{\"error\":" + error + ",\"id\":8}");
    assertEquals(8, response.id);
    assertNull(response.result);
    assertEquals(code, response.error.code());
    assertEquals(message, response.error.getMessage());
    assertEquals(name, response.error.name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"code\":1",
        "{\"error\":{\"data\":{\"name\":\"n\"}",
        "{\"id\":1,\"result\":[",
        "{\"id\":1,\"result\":\"x",
        "nonsense"
      })
  void responsesThatEndEarlyAreNone(String text) {
    assertThrows(IOException.class, () -> Wire.Response.parse(text));
  }
}
