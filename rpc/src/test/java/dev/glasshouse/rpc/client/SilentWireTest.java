package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Connections that are lost without a word, or in the middle of one. */
class SilentWireTest {
  private static final String LOST = "the connection to the host was lost";
  private static final String SILENT = "the host has not been heard of for 30 s";

  private final HeldSocket socket = new HeldSocket();

  private static Throwable failure(CompletableFuture<String> answer) {
    assertTrue(answer.isDone(), "nobody is told");
    return assertThrows(CompletionException.class, answer::join).getCause();
  }

  private void pong() {
    socket.listener.onPong(socket, ByteBuffer.allocate(0));
  }

  @Test
  void hostIsPingedWhileAnAnswerIsWaitedFor() {
    Wire wire = socket.wire();
    socket.pass(10 * Wire.PING_MILLIS);
    assertEquals(0, socket.pings, "nobody waits");

    CompletableFuture<String> answer = wire.request("m", "[]");
    socket.pass(Wire.PING_MILLIS);
    assertEquals(1, socket.pings);
    socket.pinging = new CompletableFuture<>();
    socket.pass(Wire.PING_MILLIS);
    assertEquals(2, socket.pings);
    socket.pass(2 * Wire.PING_MILLIS);
    assertEquals(2, socket.pings, "the last is still on its way");
    socket.pinging.complete(socket);
    socket.pass(Wire.PING_MILLIS);
    assertEquals(3, socket.pings);

    socket.listener.onText(socket, "{\"id\":1,\"result\":2}", true);
    assertEquals("2", answer.getNow(null));
    socket.pass(2 * Wire.PING_MILLIS);
    assertEquals(3, socket.pings, "nobody waits any more");
  }

  @Test
  void silentHostIsWaitedForThirtySeconds() {
    Wire wire = socket.wire();
    socket.pass(100_000);
    CompletableFuture<String> answer = wire.request("m", "[]");
    socket.pass(30_000);
    assertFalse(answer.isDone());
    assertFalse(wire.isClosed());
    assertFalse(socket.aborted);

    socket.pass(Wire.PING_MILLIS);
    assertEquals(SILENT, failure(answer).getMessage());
    assertTrue(socket.aborted);
    assertFalse(socket.isWaiting(), "it is looked after no more");
  }

  @Test
  void hostIsHeardOfByEachPongAndEachPiece() {
    Wire wire = socket.wire();
    CompletableFuture<String> answer = wire.request("m", "[]");
    socket.pass(20_000);
    pong();
    assertEquals(1, socket.wanted, "and the next one is heard, too");
    socket.pass(20_000);
    socket.listener.onText(socket, "{\"id\":1,", false);
    assertEquals(2, socket.wanted);
    socket.pass(20_000);
    assertFalse(wire.isClosed());

    socket.listener.onText(socket, "\"result\":2}", true);
    assertEquals("2", answer.getNow(null));
    assertEquals(3, socket.wanted);
  }

  @Test
  void closedConnectionIsNotLookedAfter() {
    Wire wire = socket.wire();
    CompletableFuture<String> unanswered = wire.request("m", "[]");
    wire.close();
    assertEquals("the connection was closed", failure(unanswered).getMessage());
    assertTrue(socket.aborted);
    socket.pass(60_000);
    assertEquals(0, socket.pings);
    assertFalse(socket.isWaiting());
    assertEquals("the connection was closed", wire.failure().getMessage());
  }

  @Test
  void pingThatCannotBeSentIsTheEnd() {
    Wire wire = socket.wire();
    CompletableFuture<String> answer = wire.request("m", "[]");
    IOException reset = new IOException("reset");
    socket.pinging = CompletableFuture.failedFuture(reset);
    socket.pass(Wire.PING_MILLIS);
    assertEquals(LOST, failure(answer).getMessage());
    assertSame(reset, failure(answer).getCause());
  }

  @Test
  void requestThatCannotBeSentIsTheEnd() {
    Wire wire = socket.wire();
    socket.sending = new CompletableFuture<>();
    CompletableFuture<String> first = wire.request("m", "[]");
    CompletableFuture<String> second = wire.request("m", "[]");
    assertEquals(1, socket.sent.size(), "one message at a time");
    socket.sending.completeExceptionally(new IOException("reset"));
    assertEquals(LOST, failure(first).getMessage());
    assertEquals(LOST, failure(second).getMessage());
    assertEquals(1, socket.sent.size());
  }

  @Test
  void requestAfterTheEndFailsAtOnce() {
    Wire wire = socket.wire();
    socket.sending = new CompletableFuture<>();
    CompletableFuture<String> before = wire.request("m", "[]");
    IOException broken = new IOException("broken");
    socket.listener.onError(socket, broken);
    assertEquals(LOST, failure(before).getMessage());
    assertSame(broken, failure(before).getCause());
    assertSame(wire.failure(), failure(wire.request("m", "[]")));
    socket.listener.onError(socket, new IOException("broken again"));
    assertSame(broken, wire.failure().getCause(), "what comes later comes of it");
  }

  @Test
  void eachMessageIsReadByItself() {
    Wire wire = socket.wire();
    CompletableFuture<String> first = wire.request("m", "[]");
    CompletableFuture<String> second = wire.request("m", "[]");
    socket.listener.onText(socket, "{\"id\":7,\"result\":0}", true);
    socket.listener.onText(socket, "{\"id\":2,", false);
    socket.listener.onText(socket, "\"error\":{\"code\":3,\"data\":{\"retryMillis\":70}}}", true);
    socket.listener.onText(socket, "{\"id\":1,\"result\":4}", true);
    assertEquals("4", first.getNow(null));
    RefusedException refused = assertInstanceOf(RefusedException.class, failure(second));
    assertEquals(3, refused.code());
    assertEquals(70, refused.retryMillis());
    assertFalse(wire.isClosed());
  }

  @Test
  void whatIsNoJsonIsTheEnd() {
    Wire wire = socket.wire();
    CompletableFuture<String> answer = wire.request("m", "[]");
    socket.listener.onText(socket, "nonsense", true);
    assertEquals("the host sent something that is not JSON", failure(answer).getMessage());
    assertTrue(socket.aborted);
  }

  @Test
  void hostThatSaysTooMuchIsNotListenedTo() {
    Wire wire = socket.wire();
    CompletableFuture<String> answer = wire.request("m", "[]");
    socket.listener.onText(socket, "{", false);
    socket.listener.onText(socket, new Spaces(Wire.MAX_RESPONSE), false);
    assertEquals("the host sent more than 67108864 characters", failure(answer).getMessage());
    assertTrue(socket.aborted);
    assertEquals(1, socket.wanted);
  }

  @Test
  void whyThereIsNoConnectionIsSaid() {
    socket.connecting = CompletableFuture.failedFuture(new ConnectException());
    ClientException nobody = assertThrows(ClientException.class, socket::wire);
    assertEquals(
        "cannot connect to 127.0.0.1:1: is a host running there? Start one with glass exec",
        nobody.getMessage());
    socket.connecting = CompletableFuture.failedFuture(new ProtocolException("?"));
    ClientException other = assertThrows(ClientException.class, socket::wire);
    assertTrue(
        other.getMessage().startsWith("cannot connect to 127.0.0.1:1: it does not answer"),
        other.getMessage());
  }

  /** So many characters, none of which may be looked at: nobody is to keep them. */
  private record Spaces(int length) implements CharSequence {
    @Override
    public char charAt(int index) {
      throw new AssertionError("it was listened to");
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      throw new AssertionError("it was listened to");
    }

    @Override
    public String toString() {
      throw new AssertionError("it was listened to");
    }
  }
}
