package dev.glasshouse.rpc.witness;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The JDK's client. */
public final class JdkHttp implements WitnessHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public CompletableFuture<Response> get(URI address, int limit, long millis) {
    return send(HttpRequest.newBuilder(address).GET(), limit, millis);
  }

  @Override
  public CompletableFuture<Response> post(URI address, byte[] body, int limit, long millis) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    return send(request.POST(BodyPublishers.ofByteArray(body)), limit, millis);
  }

  // The request's own timeout ends with the headers; a body may drip for ever.
  private CompletableFuture<Response> send(HttpRequest.Builder request, int limit, long millis) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request.timeout(Duration.ofMillis(millis)).build(), LimitedBody.of(limit));
    return sent.thenApply(response -> new Response(response.statusCode(), response.body()))
        .orTimeout(millis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                sent.cancel(true);
              }
            });
  }
}
