package dev.glasshouse.rpc.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.glasshouse.calllog.CanonicalJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One WebSocket connection that carries JSON-RPC requests and their responses. While a response is
 * waited for, it is looked after: a connection that was lost without a word is closed.
 */
final class Wire implements AutoCloseable {
  /** Characters of a response; a host that sends more is not listened to. */
  static final int MAX_RESPONSE = 64 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(10);

  // Java's client never reports an end of the connection that comes while it delivers a message,
  // and nobody is told of a host that has lost its power. A ping finds out.
  static final long PING_MILLIS = 500;
  static final long SILENCE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(2000)
                  .build())
          .build();

  /** What it takes to look after a connection. */
  interface Clock {
    /** This machine's. */
    Clock REAL =
        new Clock() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void later(long millis, Runnable task) {
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
          }
        };

    /** A clock for durations, as {@link System#nanoTime}. */
    long nanoTime();

    /** Runs this once so many milliseconds are over. */
    void later(long millis, Runnable task);
  }

  private final Clock clock;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<String>> outstanding = new ConcurrentHashMap<>();
  private final WebSocket socket;
  private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);
  private CompletableFuture<?> lastPing = CompletableFuture.completedFuture(null);
  private volatile long heard;
  private volatile ClientException closed;

  private Wire(WebSocket.Builder builder, HostAddress address, String user, Clock clock) {
    this.clock = clock;
    this.heard = clock.nanoTime();
    builder.connectTimeout(CONNECT);
    if (user != null) {
      String pair =
          Base64.getEncoder().encodeToString((user + ":").getBytes(StandardCharsets.UTF_8));
      builder.header("Authorization", "Basic " + pair);
    }
    try {
      socket = builder.buildAsync(address.webSocket(), new Listener()).join();
    } catch (CompletionException e) {
      String reason = Connecting.reason(address.secure(), e.getCause());
      throw new ClientException(
          "cannot connect to "
              + address
              + ": "
              + (reason != null ? reason : "is a host running there? Start one with glass exec"),
          e.getCause());
    }
  }

  static Wire connect(HttpClient http, HostAddress address, String user) {
    return connect(http.newWebSocketBuilder(), address, user, Clock.REAL);
  }

  static Wire connect(WebSocket.Builder builder, HostAddress address, String user, Clock clock) {
    Wire wire = new Wire(builder, address, user, clock);
    wire.lookLater();
    return wire;
  }

  private void lookLater() {
    clock.later(PING_MILLIS, this::look);
  }

  private void look() {
    if (closed != null) {
      return;
    }
    if (outstanding.isEmpty()) {
      heard = clock.nanoTime();
    } else if (clock.nanoTime() - heard > SILENCE_NANOS) {
      fail(new ClientException("the host has not been heard of for 30 s"));
      socket.abort();
      return;
    } else if (lastPing.isDone()) {
      lastPing =
          socket.sendPing(ByteBuffer.allocate(0)).whenComplete((sent, failure) -> failIf(failure));
    }
    lookLater();
  }

  /**
   * Sends a request.
   *
   * @param params JSON text
   * @return completes with the result's JSON text; exceptionally with {@link RefusedException} for
   *     an error response, {@link ClientException} when the connection is lost first
   */
  CompletableFuture<String> request(String method, String params) {
    long id = ids.incrementAndGet();
    StringBuilder out = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":").append(id);
    out.append(",\"method\":");
    CanonicalJson.write(method, out);
    out.append(",\"params\":").append(params).append('}');
    CompletableFuture<String> response = new CompletableFuture<>();
    outstanding.put(id, response);
    synchronized (this) {
      // The socket takes one message at a time.
      lastSend =
          lastSend
              .thenCompose(sent -> socket.sendText(out, true))
              .whenComplete((sent, failure) -> failIf(failure));
    }
    if (closed != null) {
      response.completeExceptionally(closed);
    }
    return response;
  }

  boolean isClosed() {
    return closed != null;
  }

  /** Why it was closed, or null if it is open. */
  ClientException failure() {
    return closed;
  }

  @Override
  public void close() {
    fail(new ClientException("the connection was closed"));
    socket.abort();
  }

  private void failIf(Throwable failure) {
    if (failure != null) {
      fail(new ClientException("the connection to the host was lost", failure));
    }
  }

  private void fail(ClientException failure) {
    synchronized (this) {
      // What comes later comes of it.
      if (closed == null) {
        closed = failure;
      }
    }
    for (CompletableFuture<String> response : outstanding.values()) {
      response.completeExceptionally(closed);
    }
  }

  private void received(String text, WebSocket from) {
    try {
      Response response = Response.parse(text);
      CompletableFuture<String> waiting = outstanding.remove(response.id);
      if (waiting == null) {
        return;
      }
      if (response.error != null) {
        waiting.completeExceptionally(response.error);
      } else {
        waiting.complete(response.result);
      }
    } catch (IOException e) {
      fail(new ClientException("the host sent something that is not JSON", e));
      from.abort();
    }
  }

  /** What a host answers a request with, as far as a caller looks at it. */
  static final class Response {
    /** Of the request; -1 if it is not a number. */
    long id = -1;

    /** JSON text, or null. */
    String result;

    /** The error, or null. */
    RefusedException error;

    /** Parses a whole response; {@link IOException} if it is not JSON. */
    static Response parse(String text) throws IOException {
      try (JsonParser parser = JSON.createParser(text)) {
        return read(parser, text);
      }
    }

    private static Response read(JsonParser parser, String text) throws IOException {
      Response response = new Response();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        if (name.equals("error")) {
          response.error = readError(parser);
          continue;
        }
        if (name.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          response.id = parser.getLongValue();
        }
        // Scalars are read to their end before their text is cut out.
        parser.finishToken();
        parser.skipChildren();
        if (name.equals("result")) {
          response.result = text.substring(from, (int) parser.currentLocation().getCharOffset());
        }
      }
      return response;
    }

    private static RefusedException readError(JsonParser parser) throws IOException {
      int code = 0;
      String message = "";
      String name = null;
      long retryMillis = 0;
      int depth = 1;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
          depth++;
        } else if (token == JsonToken.END_OBJECT) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME && parser.currentName().equals("code")) {
          code = parser.nextIntValue(0);
        } else if (token == JsonToken.FIELD_NAME && parser.currentName().equals("message")) {
          message = parser.nextTextValue();
        } else if (token == JsonToken.FIELD_NAME && parser.currentName().equals("name")) {
          name = parser.nextTextValue();
        } else if (token == JsonToken.FIELD_NAME && parser.currentName().equals("retryMillis")) {
          retryMillis = parser.nextLongValue(0);
        }
      }
      return new RefusedException(code, message, name, retryMillis);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      heard = clock.nanoTime();
      if (part.length() > MAX_RESPONSE - message.length()) {
        fail(new ClientException("the host sent more than " + MAX_RESPONSE + " characters"));
        from.abort();
        return null;
      }
      message.append(part);
      if (last) {
        received(message.toString(), from);
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      heard = clock.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      fail(
          new ClientException(
              "the host closed the connection ("
                  + status
                  + (reason.isEmpty() ? "" : ", " + reason)
                  + ")"));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      fail(new ClientException("the connection to the host was lost", error));
    }
  }
}
