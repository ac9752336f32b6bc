package dev.glasshouse.rpc;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket and its {@link Session}: frames in, frames out. Confined to the socket's context. */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final short TOO_BIG = (short) WebSocketCloseStatus.MESSAGE_TOO_BIG.code();

  private final ServerWebSocket socket;
  private final Session session;
  private final int frameBytes;
  private final Context context = Vertx.currentContext();

  private Conversation(ServerWebSocket socket, Session session, int frameBytes) {
    this.socket = socket;
    this.session = session;
    this.frameBytes = frameBytes;
  }

  /** Answers what comes over a socket, until it closes. */
  static void begin(ServerWebSocket socket, Session session, int frameBytes) {
    Conversation begun = new Conversation(socket, session, frameBytes);
    socket.textMessageHandler(begun::answer);
    socket.binaryMessageHandler(
        bytes ->
            begun.send(
                JsonRpc.error(
                    "null",
                    JsonRpc.Code.INVALID_REQUEST.number(),
                    "send JSON-RPC 2.0 as text messages",
                    null)));
    socket.exceptionHandler(begun::failed);
  }

  // Never fails, says the session.
  private void answer(String text) {
    CompletableFuture<Void> unused =
        session.answer(text).thenAccept(response -> context.runOnContext(done -> send(response)));
  }

  private void send(String response) {
    if (response == null || socket.isClosed()) {
      return;
    }
    socket.writeTextMessage(response);
    if (socket.writeQueueFull()) {
      // A client that does not read its answers is not read from either.
      socket.pause();
      socket.drainHandler(drained -> socket.resume());
    }
  }

  // A frame over the limit or out of protocol: this connection ends, others do not notice.
  private void failed(Throwable e) {
    LOG.debug("a connection failed: {}", e.toString());
    if (e instanceof CorruptedWebSocketFrameException corrupted) {
      WebSocketCloseStatus status = corrupted.closeStatus();
      socket.close((short) status.code(), status.reasonText());
    } else if (e instanceof IllegalStateException && !socket.isClosed()) {
      // A message of several frames has outgrown the limit, and Vert.x would go on without the
      // frame that did not fit.
      socket.close(TOO_BIG, "a message has at most " + frameBytes + " bytes");
    }
  }

  /**
   * Whom a client of a debug host says it is: HTTP basic authentication, or NodeVMS's ?user=NAME.
   *
   * @return null if it does not
   * @throws IllegalArgumentException if the query is not in its form
   */
  static String user(HttpServerRequest upgrade) {
    String authorization = upgrade.getHeader("authorization");
    if (authorization != null && authorization.startsWith("Basic ")) {
      try {
        byte[] decoded = Base64.getDecoder().decode(authorization.substring("Basic ".length()));
        String pair = new String(decoded, StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return known(colon < 0 ? pair : pair.substring(0, colon));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    String query = upgrade.query();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        if (pair.startsWith("user=")) {
          return known(URLDecoder.decode(pair.substring("user=".length()), StandardCharsets.UTF_8));
        }
      }
    }
    return null;
  }

  private static String known(String user) {
    return user.isEmpty() || user.length() > Session.MAX_USER ? null : user;
  }
}
