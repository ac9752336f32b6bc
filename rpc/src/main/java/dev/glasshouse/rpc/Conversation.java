package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
  private static final short POLICY = (short) WebSocketCloseStatus.POLICY_VIOLATION.code();

  /** Characters of unanswered messages; one that is longer by itself is let in alone. */
  private static final long MAX_CHARACTERS = 32 << 20;

  /** Pings without an answer after which nobody is there. */
  private static final int MAX_SILENT = 4;

  private final ServerWebSocket socket;
  private final Session session;
  private final ServiceSettings settings;
  private final Context context = Vertx.currentContext();
  private int inFlight;
  private long characters;
  private int silent;
  private boolean paused;

  private Conversation(ServerWebSocket socket, Session session, ServiceSettings settings) {
    this.socket = socket;
    this.session = session;
    this.settings = settings;
  }

  /**
   * Answers what comes over a socket, until it closes.
   *
   * @param whenClosed is run then
   */
  static void begin(
      ServerWebSocket socket, Session session, ServiceSettings settings, Runnable whenClosed) {
    Conversation begun = new Conversation(socket, session, settings);
    socket.textMessageHandler(begun::received);
    socket.binaryMessageHandler(
        bytes ->
            begun.send(
                JsonRpc.error(
                    "null",
                    JsonRpc.Code.INVALID_REQUEST.number(),
                    "send JSON-RPC 2.0 as text messages",
                    null)));
    socket.exceptionHandler(begun::failed);
    socket.pongHandler(pong -> begun.silent = 0);
    Vertx vertx = begun.context.owner();
    long timer =
        vertx.setPeriodic(settings.connections().pingMillis(), tick -> begun.askWhetherAlive());
    socket.closeHandler(
        closed -> {
          vertx.cancelTimer(timer);
          whenClosed.run();
        });
  }

  private void received(String text) {
    silent = 0;
    int most = settings.connections().inFlight();
    boolean isTooMuch =
        inFlight >= most || (inFlight > 0 && characters + text.length() > MAX_CHARACTERS);
    if (isTooMuch) {
      CallRefused refusal =
          new CallRefused(
              CallRefused.Reason.OVERLOADED,
              inFlight + " messages of this connection wait for their answers; wait for some");
      CompletableFuture<Void> unused = session.refuse(text, refusal).thenAccept(this::send);
      return;
    }
    inFlight++;
    characters += text.length();
    // Never fails, says the session.
    CompletableFuture<Void> unused =
        session
            .answer(text)
            .thenAccept(response -> context.runOnContext(done -> answered(text, response)));
  }

  private void answered(String text, String response) {
    inFlight--;
    characters -= text.length();
    send(response);
  }

  private void askWhetherAlive() {
    if (paused || socket.isClosed()) {
      // Nothing is read from it, so that nothing can be heard. The service's idle timeout is left.
      return;
    }
    silent++;
    if (silent > MAX_SILENT) {
      socket.close(POLICY, "no answer to " + MAX_SILENT + " pings");
    } else {
      socket.writePing(Buffer.buffer());
    }
  }

  private void send(String response) {
    if (response == null || socket.isClosed()) {
      return;
    }
    socket.writeTextMessage(response);
    if (socket.writeQueueFull()) {
      // A client that does not read its answers is not read from either.
      paused = true;
      socket.pause();
      socket.drainHandler(
          drained -> {
            paused = false;
            silent = 0;
            socket.resume();
          });
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
      socket.close(TOO_BIG, "a message has at most " + settings.frameBytes() + " bytes");
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
