package dev.glasshouse.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.rpc.client.HostAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Any service that takes unsigned JSON-RPC 2.0 over WebSocket. */
final class PlainTarget implements Target {
  private static final JsonFactory JSON = new JsonFactory();

  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<Long>> outstanding = new ConcurrentHashMap<>();
  private final String method;
  private final WebSocket socket;
  private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);

  PlainTarget(HostAddress address, String method) {
    this.method = method;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://" + address + "/"), new Listener())
            .join();
  }

  @Override
  public CompletableFuture<Long> increment() {
    long id = ids.incrementAndGet();
    String request =
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[]}";
    CompletableFuture<Long> response = new CompletableFuture<>();
    outstanding.put(id, response);
    synchronized (this) {
      // The socket takes one message at a time.
      lastSend = lastSend.thenCompose(sent -> socket.sendText(request, true));
    }
    return response;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private void received(String text) {
    long id = 0;
    Long result = null;
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("id")) {
          id = parser.getLongValue();
        } else if (name.equals("result") && value == JsonToken.VALUE_NUMBER_INT) {
          result = parser.getLongValue();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the service sent something that is not JSON: " + text, e);
    }
    CompletableFuture<Long> waiting = outstanding.remove(id);
    if (result == null) {
      waiting.completeExceptionally(new IllegalStateException("the call failed: " + text));
    } else {
      waiting.complete(result);
    }
  }

  private void fail(Throwable failure) {
    outstanding.values().forEach(waiting -> waiting.completeExceptionally(failure));
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        received(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      fail(new IOException("the service closed the connection: " + status + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      fail(error);
    }
  }
}
