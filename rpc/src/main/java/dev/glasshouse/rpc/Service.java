package dev.glasshouse.rpc;

import dev.glasshouse.rpc.access.AllowList;
import dev.glasshouse.rpc.access.BrowserRule;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one port, for one or more modules: WebSocket for calls, HTTP for what is published. Or
 * for a copy of a log, of which there is only the latter.
 */
public final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);
  private static final int CLOSE_SECONDS = 10;

  // For what is the host's own: the certificate, the list of callers, the meters.
  private static final int WORKERS = 2;

  /** After so long without a byte in either direction; WebSockets are kept awake by pings. */
  private static final int IDLE_SECONDS = 120;

  private static final String BAD_ESCAPE = "a % in the address begins no escape";

  private final Vertx vertx;
  private final ServiceSettings settings;
  private final Mounts mounts;
  private final Meters meters;
  private final Operations operations;
  private final BrowserRule browsers;
  private final ConnectionCount connections;
  private final HttpServer server;
  private final AtomicBoolean closed = new AtomicBoolean();
  private ServedCertificate certificate;
  private JvmGcMetrics collections;

  /** Starts to listen for one module, which has the service for itself. */
  public static Service start(HostedModule module, ServiceSettings settings) {
    return start(List.of(Mount.atRoot(module)), settings);
  }

  /**
   * Starts to listen.
   *
   * @param mounts one at the root, or some at different names, which share their meters
   * @throws ModuleException if the address cannot be had, or there is no certificate to serve with
   */
  public static Service start(List<Mount> mounts, ServiceSettings settings) {
    Meters meters = mounts.get(0).module().meters().all();
    boolean isDebug = mounts.stream().anyMatch(each -> each.module().isDebug());
    return start(
        vertx -> {
          Mounts all = new Mounts(mounts, settings.access(), vertx);
          return new Service(vertx, all, meters, isDebug, settings);
        });
  }

  /**
   * Starts to listen for those who read a copy of a log; who makes a call is told that it is one.
   *
   * @param copy is not closed with the service
   * @throws ModuleException as above
   */
  public static Service start(CopiedLog copy, ServiceSettings settings) {
    return start(
        vertx -> new Service(vertx, new Mounts(copy, vertx), new Meters(), false, settings));
  }

  private static Service start(Function<Vertx, Service> making) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(WORKERS)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    try {
      Service service = making.apply(vertx);
      service.listen();
      return service;
    } catch (ModuleException e) {
      close(vertx::close);
      throw e;
    }
  }

  private Service(
      Vertx vertx, Mounts mounts, Meters meters, boolean isDebug, ServiceSettings settings) {
    ServiceSettings.Access access = settings.access();
    this.vertx = vertx;
    this.settings = settings;
    this.mounts = mounts;
    this.meters = meters;
    this.operations = new Operations(mounts, meters);
    this.browsers = new BrowserRule(isDebug, settings.bind(), access.origins(), access.names());
    this.connections = new ConnectionCount(vertx, settings.connections().most());
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setHost(settings.bind())
            .setPort(settings.port())
            // One protocol for calls and for what is published: a limit on connections is then one
            // on requests.
            .setUseAlpn(false)
            .setHttp2ClearTextEnabled(false)
            // A compressed frame within the limit may hold a message a thousand times as long.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(settings.frameBytes())
            .setMaxWebSocketMessageSize(settings.frameBytes());
    if (settings.tls().isPresent()) {
      certificate = new ServedCertificate(vertx, settings.tls().get());
      options = certificate.secured(options);
    }
    this.server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::enter)
            .requestHandler(this::answer);
    if (certificate != null) {
      certificate.renew(server);
    }
    if (access.callers().hasFiles()) {
      vertx.setPeriodic(AllowList.LOOK_MILLIS, timer -> lookAtCallers());
    }
  }

  /** Takes up who may call, as the files have it by now. */
  Future<Boolean> lookAtCallers() {
    return vertx.executeBlocking(settings.access().callers()::look);
  }

  private void listen() {
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
      collections = meters.watchProcess(connections::open);
    } catch (CompletionException e) {
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
  }

  /** Takes up the certificate that is in the files, if it is another and is one. */
  Future<Boolean> lookAtCertificate() {
    return certificate.look(server);
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** The number of open connections. */
  public int connections() {
    return connections.open();
  }

  /** Whether it speaks TLS, and nothing else. */
  public boolean isSecure() {
    return settings.tls().isPresent();
  }

  /** Stops listening and closes all connections. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    collections.close();
    // First who asks, then who would answer: nobody asks a pool of threads that is gone.
    close(server::close);
    close(vertx::close);
  }

  private static void close(Supplier<Future<Void>> closing) {
    try {
      closing.get().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      LOG.warn("the service did not close in time: {}", e.toString());
    }
  }

  private void answer(HttpServerRequest request) {
    AccessLog.follow(request);
    if (connections.isRefused(request.connection())) {
      refuse(
          request,
          503,
          "this host has " + settings.connections().most() + " connections; come again");
      return;
    }
    String host = request.getHeader("host");
    String refusal = browsers.refusal(host);
    boolean isCall = request.canUpgradeToWebSocket();
    if (refusal == null && isCall) {
      refusal = browsers.refusal(host, request.getHeader("origin"));
    }
    if (refusal != null) {
      refuse(request, 403, refusal);
    } else if (isCall) {
      upgrade(request);
    } else {
      publish(request);
    }
  }

  private void upgrade(HttpServerRequest request) {
    Session session;
    try {
      String path = Asked.path(request);
      Mounts.Place place = mounts.find(path);
      if (place == null) {
        refuse(request, 404, mounts.nothingAt(path));
        return;
      }
      if (place.module().log().isCopy()) {
        refuse(request, 403, CopiedLog.NO_CALLS);
        return;
      }
      String own = (isSecure() ? "https://" : "http://") + request.authority();
      String base = settings.publicUrl().orElse(own);
      String user = Conversation.user(request);
      session = place.module().session(user, base, AccessLog.remote(request));
    } catch (IllegalArgumentException e) {
      reply(request, HttpAnswer.badRequest(BAD_ESCAPE), false);
      return;
    }
    HttpConnection connection = request.connection();
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              AccessLog.upgraded(request);
              Conversation.begin(socket, session, settings, () -> connections.leave(connection));
            })
        .onFailure(e -> LOG.debug("a connection was not upgraded: {}", e.toString()));
  }

  private void publish(HttpServerRequest request) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      reply(request, HttpAnswer.failed(405, "only GET and HEAD").with("allow", "GET, HEAD"), head);
      return;
    }
    Asked asked;
    try {
      asked = Asked.of(request);
    } catch (IllegalArgumentException e) {
      reply(request, HttpAnswer.badRequest(BAD_ESCAPE), head);
      return;
    }
    String path = asked.path();
    Future<HttpAnswer> answered =
        Operations.covers(path)
            ? vertx.executeBlocking(() -> operations.get(path), false)
            : mounts.get(asked);
    answered
        .onSuccess(answer -> reply(request, answer, head))
        .onFailure(
            e -> {
              LOG.error("GET {} failed", request.path(), e);
              reply(request, HttpAnswer.failed(500, "the host failed; its log says why"), head);
            });
  }

  // What else the client has sent is not read: the connection ends with the answer.
  private void refuse(HttpServerRequest request, int status, String sentence) {
    request.response().endHandler(sent -> request.connection().close());
    reply(request, HttpAnswer.failed(status, sentence).with("connection", "close"), false);
  }

  private void reply(HttpServerRequest request, HttpAnswer answer, boolean head) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    String tag = answer.headers().get("etag");
    boolean unchanged = Conditions.names(request.getHeader("if-none-match"), tag);
    response.setStatusCode(unchanged ? 304 : answer.status());
    answer.headers().forEach(response::putHeader);
    // Everything here is public, and proofs are what makes it true: any page may read it, but for
    // what is only being tried out.
    String readers = browsers.readers(request.getHeader("host"), request.getHeader("origin"));
    if (readers != null) {
      response.putHeader("access-control-allow-origin", readers);
    }
    if (!BrowserRule.ANY.equals(readers)) {
      response.headers().add("vary", "origin");
    }
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
