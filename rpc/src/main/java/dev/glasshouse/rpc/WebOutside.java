package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.OutsideException;
import dev.glasshouse.vm.sandbox.AbortedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The outside of a host: the operating system's random source, and the web. */
public final class WebOutside implements Outside, AutoCloseable {
  /** Bytes of a response's body. */
  public static final int MAX_RESPONSE = 4 << 20;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonFactory JSON = new JsonFactory();

  private final SecureRandom random;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private HttpClient http;

  public WebOutside(SecureRandom random) {
    this.random = random;
  }

  @Override
  public byte[] entropy(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public long waitUntil(long due) {
    try {
      for (long now = System.currentTimeMillis(); ; now = System.currentTimeMillis()) {
        if (now >= due || stopped.await(due - now, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AbortedException();
    }
    if (stopped.getCount() == 0) {
      throw new AbortedException();
    }
    return System.currentTimeMillis();
  }

  /**
   * Ends what waits, so that its module can be closed: it was never logged, and will be asked
   * again.
   */
  @Override
  public void close() {
    stopped.countDown();
  }

  @Override
  public byte[] fetch(String request, byte[] body) {
    try {
      HttpResponse<InputStream> response =
          client().send(parse(request, body), BodyHandlers.ofInputStream());
      byte[] content = read(response.body());
      if (content.length > MAX_RESPONSE) {
        throw new OutsideException("the response is over the limit of " + MAX_RESPONSE + " bytes");
      }
      return frame(head(response), content);
    } catch (OutsideException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Whatever a module asks for is not the host's failure.
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new OutsideException("fetch failed: " + why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutsideException("fetch was interrupted");
    }
  }

  // The request's own timeout ends with the head of the response; a body that trickles would hold
  // the
  // module forever.
  private static byte[] read(InputStream body) throws IOException {
    CompletableFuture<Void> late =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    try (body) {
      CompletableFuture<Void> cut = late.thenRun(() -> cut(body));
      byte[] content = body.readNBytes(MAX_RESPONSE + 1);
      cut.cancel(false);
      return content;
    } finally {
      late.cancel(false);
    }
  }

  private static void cut(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Made on first use: most modules never fetch.
  private synchronized HttpClient client() {
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .connectTimeout(TIMEOUT)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build();
    }
    return http;
  }

  private static HttpRequest parse(String text, byte[] body) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder().timeout(TIMEOUT);
    String method = "GET";
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("url")) {
          request.uri(URI.create(parser.getText()));
        } else if (name.equals("method")) {
          method = parser.getText();
        } else {
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String header = parser.currentName();
            request.header(header, parser.nextTextValue());
          }
        }
      }
    }
    return request
        .method(
            method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
        .build();
  }

  private static byte[] head(HttpResponse<?> response) {
    Map<String, Object> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name, String.join(", ", values)));
    Map<String, Object> head = new TreeMap<>();
    head.put("headers", headers);
    head.put("status", (long) response.statusCode());
    head.put("statusText", "");
    head.put("url", response.uri().toString());
    return ascii(new String(CanonicalJson.format(head), StandardCharsets.UTF_8));
  }

  // The guest reads the head byte by byte: anything beyond ASCII is escaped.
  private static byte[] ascii(String json) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      out.append(c < 0x80 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] frame(byte[] head, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] length =
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(head.length).array();
    out.writeBytes(length);
    out.writeBytes(head);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
