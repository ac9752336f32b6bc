package dev.glasshouse.rpc;

import dev.glasshouse.calllog.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.PemKeyCertOptions;

/**
 * A server as operators put it before others: it speaks TLS, and passes on what is below a path.
 */
final class PrefixProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = vertx.createHttpClient();
  private final WebSocketClient webSockets = vertx.createWebSocketClient();
  private final String prefix;
  private final int target;
  private final HttpServer server;

  PrefixProxy(String prefix, int target, TestCertificate shown) {
    this.prefix = prefix;
    this.target = target;
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(shown.certificate().toString())
                            .setKeyPath(shown.key().toString())))
            .requestHandler(this::pass)
            .webSocketHandler(this::pass)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  int port() {
    return server.actualPort();
  }

  private void pass(HttpServerRequest request) {
    if (!request.path().startsWith(prefix + "/")) {
      request.response().setStatusCode(404).end();
      return;
    }
    String below = request.uri().substring(prefix.length());
    Future<Void> passed =
        http.request(request.method(), target, "127.0.0.1", below)
            .compose(
                asked -> {
                  asked.headers().setAll(request.headers());
                  return asked.send();
                })
            .compose(
                answer -> {
                  request.response().setStatusCode(answer.statusCode());
                  request.response().headers().setAll(answer.headers());
                  return answer.body();
                })
            .compose(body -> request.response().end(body));
    passed.onFailure(e -> request.response().setStatusCode(502).end());
  }

  private void pass(ServerWebSocket client) {
    client.pause();
    webSockets
        .connect(target, "127.0.0.1", client.uri().substring(prefix.length()))
        .onSuccess(
            (WebSocket host) -> {
              join(client, host);
              join(host, client);
              client.resume();
            })
        .onFailure(e -> client.close());
  }

  private static void join(WebSocketBase from, WebSocketBase to) {
    from.textMessageHandler(to::writeTextMessage);
    from.closeHandler(closed -> to.close());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
