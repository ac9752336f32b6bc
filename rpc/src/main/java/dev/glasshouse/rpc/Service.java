package dev.glasshouse.rpc;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one port: WebSocket for calls, HTTP for what is published. */
public final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);
  private static final int CLOSE_SECONDS = 10;
  private static final int WORKERS = 4;

  private static final short TOO_BIG = (short) WebSocketCloseStatus.MESSAGE_TOO_BIG.code();

  private final Vertx vertx;
  private final HttpServer server;

  /**
   * Starts to listen.
   *
   * @throws ModuleException if the address cannot be had
   */
  public static Service start(HostedModule module, ServiceSettings settings) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(WORKERS)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.bind())
            .setPort(settings.port())
            // A compressed frame within the limit may hold a message a thousand times as long.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(settings.frameBytes())
            .setMaxWebSocketMessageSize(settings.frameBytes());
    Publication publication = new Publication(module);
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> publish(vertx, publication, request))
            .webSocketHandler(socket -> converse(module, settings.frameBytes(), socket));
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      close(vertx);
      throw new ModuleException(
          "cannot listen on "
              + settings.bind()
              + ":"
              + settings.port()
              + ": "
              + e.getCause().getMessage()
              + ". Another program may use the port; choose one with --port",
          e);
    }
    return new Service(vertx, server);
  }

  private Service(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Stops listening and closes all connections. */
  @Override
  public void close() {
    close(vertx);
  }

  private static void close(Vertx vertx) {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      LOG.warn("the service did not close in time: {}", e.toString());
    }
  }

  private static void converse(HostedModule module, int frameBytes, ServerWebSocket socket) {
    Session session = new Session(module, user(socket), socket.authority().toString());
    var context = Vertx.currentContext();
    socket.textMessageHandler(
        text ->
            answer(
                session, text, response -> context.runOnContext(done -> send(socket, response))));
    socket.binaryMessageHandler(
        bytes ->
            send(
                socket,
                JsonRpc.error(
                    "null",
                    JsonRpc.Code.INVALID_REQUEST.number(),
                    "send JSON-RPC 2.0 as text messages",
                    null)));
    // A frame over the limit or out of protocol: this connection ends, others do not notice.
    socket.exceptionHandler(
        e -> {
          LOG.debug("a connection failed: {}", e.toString());
          if (e instanceof CorruptedWebSocketFrameException corrupted) {
            WebSocketCloseStatus status = corrupted.closeStatus();
            socket.close((short) status.code(), status.reasonText());
          } else if (e instanceof IllegalStateException && !socket.isClosed()) {
            // A message of several frames has outgrown the limit, and Vert.x would go on without
            // the frame that did not fit.
            socket.close(TOO_BIG, "a message has at most " + frameBytes + " bytes");
          }
        });
  }

  // Never fails, says the session.
  private static void answer(Session session, String text, Consumer<String> to) {
    CompletableFuture<Void> unused = session.answer(text).thenAccept(to);
  }

  private static void send(ServerWebSocket socket, String response) {
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

  // Whom a client of a debug host says it is: HTTP basic authentication, or NodeVMS's ?user=NAME.
  private static String user(ServerWebSocket socket) {
    String authorization = socket.headers().get("authorization");
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
    String query = socket.query();
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

  private static void publish(Vertx vertx, Publication publication, HttpServerRequest request) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      reply(request, HttpAnswer.failed(405, "only GET and HEAD").with("allow", "GET, HEAD"), head);
      return;
    }
    String accept = String.valueOf(request.getHeader("accept"));
    boolean wantsJson =
        accept.contains("application/json")
            || String.valueOf(request.query()).contains("format=json");
    boolean takesGzip = Conditions.takesGzip(request.getHeader("accept-encoding"));
    String path;
    String root;
    boolean wantsProof;
    try {
      path = decode(request.path());
      root = request.getParam("root");
      wantsProof = FileProofs.covers(path) && request.getParam("proof") != null;
    } catch (IllegalArgumentException e) {
      reply(request, HttpAnswer.badRequest("a % in the address begins no escape"), head);
      return;
    }
    vertx
        .executeBlocking(
            () ->
                wantsProof
                    ? publication.proof(path, root)
                    : publication.get(path, root, wantsJson, takesGzip),
            false)
        .onSuccess(answer -> reply(request, answer, head))
        .onFailure(
            e -> {
              LOG.error("GET {} failed", request.path(), e);
              reply(request, HttpAnswer.failed(500, "the host failed; its log says why"), head);
            });
  }

  private static String decode(String path) {
    // A plus sign is itself in a path.
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void reply(HttpServerRequest request, HttpAnswer answer, boolean head) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    String tag = answer.headers().get("etag");
    boolean unchanged = Conditions.names(request.getHeader("if-none-match"), tag);
    response.setStatusCode(unchanged ? 304 : answer.status());
    answer.headers().forEach(response::putHeader);
    // Everything here is public, and proofs are what makes it true: any page may read it.
    response.putHeader("access-control-allow-origin", "*");
    response.putHeader("x-content-type-options", "nosniff");
    if (unchanged) {
      response.end();
    } else if (head) {
      response.putHeader("content-length", String.valueOf(answer.body().length)).end();
    } else {
      response.end(Buffer.buffer(answer.body()));
    }
  }
}
