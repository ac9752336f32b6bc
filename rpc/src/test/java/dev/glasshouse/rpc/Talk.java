package dev.glasshouse.rpc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket connection that says what a test wants to be said, and nothing else. */
final class Talk implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int SECONDS = 20;

  /** Completes with the status with which the host closes, or with the error. */
  final CompletableFuture<Integer> closed = new CompletableFuture<>();

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private Talk(URI uri, String authorization) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (authorization != null) {
      builder.header("Authorization", authorization);
    }
    socket = builder.buildAsync(uri, new Listener()).join();
  }

  static Talk to(RunningHost host) {
    return to(host, "", null);
  }

  static Talk to(RunningHost host, String query, String authorization) {
    return new Talk(URI.create("ws://" + host.address() + "/" + query), authorization);
  }

  static Talk to(URI uri) {
    return new Talk(uri, null);
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  /** Sends without caring whether the host still listens. */
  void trySend(String text) {
    socket.sendText(text, true).exceptionally(e -> null).join();
  }

  void sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  String next() {
    try {
      String text = received.poll(SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("no answer in " + SECONDS + " s");
      }
      return text;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String ask(String text) {
    send(text);
    return next();
  }

  /** Calls a method of JSON-RPC with id 1. */
  String call(String method, String params) {
    return ask(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  int closeStatus() throws Exception {
    return closed.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        received.add(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
