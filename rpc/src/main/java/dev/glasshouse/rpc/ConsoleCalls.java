package dev.glasshouse.rpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A WebSocket for calls, passed on between a browser and a host: text in both directions. */
final class ConsoleCalls implements WebSocket.Listener {
  /** Bytes of a message, as those of a host's longest result. */
  static final int MAX_MESSAGE = 96 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** 1011 of RFC 6455: what is behind this server has failed. */
  private static final short FAILED = 1011;

  private final ServerWebSocket browser;
  private final Context context = Vertx.currentContext();
  private final StringBuilder message = new StringBuilder();
  private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);

  private ConsoleCalls(ServerWebSocket browser) {
    this.browser = browser;
  }

  /** Takes a browser's request for a WebSocket, and opens one to the host. */
  static void begin(HttpClient http, URI host, HttpServerRequest request) {
    request.toWebSocket().onSuccess(browser -> new ConsoleCalls(browser).open(http, host));
  }

  private void open(HttpClient http, URI host) {
    browser.pause();
    CompletableFuture<Void> unused =
        http.newWebSocketBuilder()
            .connectTimeout(CONNECT)
            .buildAsync(host, this)
            .handle(
                (socket, failure) -> {
                  context.runOnContext(go -> opened(socket, failure));
                  return null;
                });
  }

  private void opened(WebSocket socket, Throwable failure) {
    if (failure != null) {
      browser.close(FAILED, "the host does not answer");
      return;
    }
    browser.textMessageHandler(text -> send(socket, text));
    browser.closeHandler(closed -> socket.abort());
    browser.exceptionHandler(lost -> socket.abort());
    if (browser.isClosed()) {
      socket.abort();
    }
    browser.resume();
  }

  // The socket takes one message at a time.
  private void send(WebSocket socket, String text) {
    lastSend =
        lastSend
            .thenCompose(sent -> socket.sendText(text, true))
            .whenComplete((sent, failure) -> closeIf(failure));
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    message.append(part);
    if (message.length() > MAX_MESSAGE) {
      closeIf(new IllegalStateException("the host sent more than " + MAX_MESSAGE + " characters"));
      from.abort();
      return null;
    }
    if (!last) {
      from.request(1);
      return null;
    }
    String text = message.toString();
    message.setLength(0);
    context.runOnContext(
        go -> {
          if (!browser.isClosed()) {
            browser.writeTextMessage(text).onComplete(written -> from.request(1));
          }
        });
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closeIf(new IllegalStateException(reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closeIf(failure);
  }

  private void closeIf(Throwable failure) {
    if (failure != null) {
      context.runOnContext(
          go -> {
            if (!browser.isClosed()) {
              browser.close(FAILED, "the connection to the host was lost");
            }
          });
    }
  }
}
