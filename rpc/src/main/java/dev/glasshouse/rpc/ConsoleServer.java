package dev.glasshouse.rpc;

import dev.glasshouse.rpc.access.BrowserRule;
import dev.glasshouse.rpc.client.HostAddress;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page for people, served on their own machine, of a host elsewhere: a host that lies could
 * serve a page that lies. All else that the page asks for is asked of that host and passed on,
 * under one origin: so the page needs no leave of the host to read it, and runs under the same
 * policy as always.
 *
 * <p>What the host answers must not become a page or a script of this origin, which has the
 * person's key: whatever it says that it is, it is passed on as bytes, in a sandbox. Pages of other
 * origins are not answered.
 */
public final class ConsoleServer implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CLOSE_SECONDS = 10;

  /** What a host publishes, below its own path or that of one of its modules. */
  private static final Pattern PUBLISHED =
      Pattern.compile("/((tile|blob|page|files)/.*|checkpoint|cosigned|images)");

  private static final Pattern BELOW_NAME = Pattern.compile("/([^/]+)(/.*)?");

  /** Which headers of an answer are passed on. */
  private static final List<String> PASSED =
      List.of("cache-control", "content-encoding", "content-length", "etag", "location", "vary");

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  // As a debug host is on its guard: another page must not get here under a name of its own.
  private final BrowserRule browsers = new BrowserRule(true, ADDRESS, List.of(), List.of());
  private final HostAddress host;
  private final ConsolePage page;
  private final HttpServer server;

  /**
   * Starts to serve.
   *
   * @param port 0 for any
   * @throws ModuleException if the port cannot be had
   */
  public ConsoleServer(HostAddress host, int port) {
    this.host = host;
    this.page = ConsolePage.ofUser(host.toString());
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(ADDRESS)
                    .setPort(port)
                    .setMaxWebSocketFrameSize(ConsoleCalls.MAX_MESSAGE)
                    .setMaxWebSocketMessageSize(ConsoleCalls.MAX_MESSAGE))
            .requestHandler(this::answer);
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      close();
      throw new ModuleException(
          "cannot listen on " + ADDRESS + ":" + port + ": " + e.getCause().getMessage(), e);
    }
  }

  /** The address of the page. */
  public String url() {
    return "http://" + ADDRESS + ":" + server.actualPort() + "/";
  }

  /** Stops, and closes all connections. */
  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpServerRequest request) {
    try {
      answerIfAllowed(request);
    } catch (IllegalArgumentException e) {
      // Of the address, from which another is made.
      reply(request, HttpAnswer.badRequest("the address is not in its form"));
    }
  }

  private void answerIfAllowed(HttpServerRequest request) {
    String refusal = browsers.refusal(request.getHeader("host"));
    boolean isCall = request.canUpgradeToWebSocket();
    if (refusal == null && (isCall || request.getHeader("origin") != null)) {
      refusal = browsers.refusal(request.getHeader("host"), request.getHeader("origin"));
    }
    if (refusal != null) {
      reply(request, HttpAnswer.failed(403, "this page is not for others"));
    } else if (isCall) {
      ConsoleCalls.begin(http, URI.create(host.webSocket() + tail(request)), request);
    } else if (!request.method().equals(HttpMethod.GET)) {
      reply(request, HttpAnswer.failed(405, "only GET").with("allow", "GET"));
    } else {
      get(request);
    }
  }

  // The slash is that of the host's own address.
  private static String tail(HttpServerRequest request) {
    return request.uri().substring(1);
  }

  private void get(HttpServerRequest request) {
    Asked asked = Asked.of(request);
    String path = asked.path();
    boolean isList = path.equals("/") && asked.wantsJson();
    if (page.covers(asked)) {
      reply(request, page.get(asked));
    } else if (isList || PUBLISHED.matcher(path).matches()) {
      pass(request);
    } else {
      module(request, asked);
    }
  }

  // A host with several modules: each has its page here too.
  private void module(HttpServerRequest request, Asked asked) {
    Matcher named = BELOW_NAME.matcher(asked.path());
    boolean isModule = named.matches() && Mount.isName(named.group(1));
    String below = isModule ? named.group(2) : "";
    if (below == null) {
      reply(request, HttpAnswer.moved("./" + named.group(1) + "/"));
    } else if (isModule && page.covers(asked.at(below))) {
      reply(request, page.get(asked.at(below)));
    } else if (PUBLISHED.matcher(below).matches()) {
      pass(request);
    } else {
      reply(request, HttpAnswer.notFound("there is nothing at " + asked.path()));
    }
  }

  private void pass(HttpServerRequest request) {
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(host.http(request.uri())).timeout(PATIENCE).GET();
    for (String name : List.of("accept", "accept-encoding", "if-none-match")) {
      String value = request.getHeader(name);
      if (value != null) {
        asked.header(name, value);
      }
    }
    CompletableFuture<Void> unused =
        http.sendAsync(asked.build(), HttpResponse.BodyHandlers.ofPublisher())
            .handle(
                (answer, failure) -> {
                  vertx.runOnContext(
                      go -> {
                        if (failure == null) {
                          pass(answer, request.response());
                        } else {
                          reply(request, HttpAnswer.failed(502, host + " does not answer"));
                        }
                      });
                  return null;
                });
  }

  private static void pass(
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer, HttpServerResponse response) {
    response.setStatusCode(answer.statusCode());
    for (String name : PASSED) {
      answer.headers().firstValue(name).ifPresent(value -> response.putHeader(name, value));
    }
    response.putHeader("content-type", "application/octet-stream");
    response.putHeader("content-security-policy", "sandbox; default-src 'none'");
    response.putHeader("x-content-type-options", "nosniff");
    if (answer.headers().firstValue("content-length").isEmpty()) {
      response.setChunked(answer.statusCode() != 304);
    }
    answer.body().subscribe(new PassedBody(response));
  }

  private static void reply(HttpServerRequest request, HttpAnswer answer) {
    HttpServerResponse response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.putHeader("x-content-type-options", "nosniff");
    response.end(Buffer.buffer(answer.body()));
  }
}
