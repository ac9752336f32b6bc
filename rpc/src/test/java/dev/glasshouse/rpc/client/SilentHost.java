package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host that says what it serves and proves it, and answers no call. */
final class SilentHost implements AutoCloseable {
  private static final Pattern SIZES = Pattern.compile("\"(?:new|old)\":([0-9]+)");

  final LyingLog log = new LyingLog(false).grow(40, "words");

  /** What it answers when it is asked what it serves. */
  String info = describing(log.checkpoint(3));

  /** What {@code /cosigned} has, or null. */
  byte[] cosigned;

  /** Connections that were made. */
  final AtomicInteger connections = new AtomicInteger();

  /** Whether a client has hung up. */
  final CountDownLatch hungUp = new CountDownLatch(1);

  /** The calls that came. */
  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

  private final Vertx vertx = Vertx.vertx();
  private HttpServer server = serve(0);

  private HttpServer serve(int port) {
    return done(
        vertx
            .createHttpServer()
            .requestHandler(this::show)
            .webSocketHandler(
                socket -> {
                  connections.incrementAndGet();
                  socket.closeHandler(closed -> hungUp.countDown());
                  socket.textMessageHandler(text -> answer(socket, text));
                })
            .listen(port, "127.0.0.1"));
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /** Hangs up on all, and is away. */
  int leave() {
    int port = server.actualPort();
    done(server.close());
    return port;
  }

  /** Is there again. */
  void comeBack(int port) {
    server = serve(port);
  }

  HostAddress address() {
    return new HostAddress("127.0.0.1", server.actualPort());
  }

  /** The answer of a host whose newest checkpoint is this one. */
  String describing(SignedCheckpoint checkpoint) {
    return result(
        Map.of(
            "checkpoint",
            new String(checkpoint.format(), UTF_8),
            "genesis",
            new String(log.at(0), UTF_8)));
  }

  private static String result(Map<String, Object> value) {
    return "\"result\":" + new String(CanonicalJson.format(new TreeMap<>(value)), UTF_8);
  }

  private void show(HttpServerRequest request) {
    boolean isShown = cosigned != null && request.path().equals("/cosigned");
    request.response().setStatusCode(isShown ? 200 : 404);
    request.response().end(Buffer.buffer(isShown ? cosigned : new byte[0]));
  }

  private void answer(ServerWebSocket socket, String text) {
    String answer;
    if (text.contains("\"rpc.info\"")) {
      answer = info;
    } else if (text.contains("\"rpc.consistency\"")) {
      Matcher asked = SIZES.matcher(text);
      long newer = asked.find() ? Long.parseLong(asked.group(1)) : 0;
      long older = asked.find() ? Long.parseLong(asked.group(1)) : 0;
      List<Hash> proof = Proofs.consistency(older, newer, log);
      answer = result(Map.of("proof", proof.stream().map(Hash::base64).toList()));
    } else {
      calls.add(text);
      return;
    }
    String id = text.substring(text.indexOf("\"id\":"), text.indexOf(",\"method\""));
    socket.writeTextMessage("{" + id + "," + answer + "}");
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
