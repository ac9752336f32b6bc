package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.rpc.ModuleException;
import dev.glasshouse.rpc.ServedCertificate;
import dev.glasshouse.rpc.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A witness on a port: {@code POST /add-checkpoint} and {@code GET /<hash>/checkpoint} of C2SP
 * tlog-witness, both prefixes being the server's address.
 */
public final class WitnessServer implements AutoCloseable {
  /** Submissions that may be answered at the same time; a log has one on the way. */
  static final int MAX_SUBMISSIONS = 64;

  /** How long a body may take to come. */
  static final long BODY_MILLIS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
  private static final int THREADS = 16;
  private static final int IDLE_SECONDS = 600;
  private static final int CLOSE_SECONDS = 10;
  private static final long LONG_APPROVAL_HOURS = 24;
  private static final String ADD = "/add-checkpoint";
  private static final String CHECKPOINT = "/checkpoint";

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final Witness witness;
  private final Semaphore submissions = new Semaphore(MAX_SUBMISSIONS);
  private final AtomicBoolean closed = new AtomicBoolean();
  private HttpServer server;

  private WitnessServer(Vertx vertx, Witness witness) {
    this.vertx = vertx;
    this.witness = witness;
    this.workers =
        vertx.createSharedWorkerExecutor("witness", THREADS, LONG_APPROVAL_HOURS, TimeUnit.HOURS);
  }

  /** Starts to listen without TLS. */
  public static WitnessServer start(Witness witness, String bind, int port) {
    return start(witness, bind, port, Optional.empty());
  }

  /**
   * Starts to listen.
   *
   * @param port 0 for any free one
   * @param tls the files of the certificate, if it is to speak TLS alone
   * @throws ModuleException if the address cannot be had, or there is no certificate to serve with
   */
  public static WitnessServer start(
      Witness witness, String bind, int port, Optional<TlsFiles> tls) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    WitnessServer started = new WitnessServer(vertx, witness);
    HttpServerOptions options =
        new HttpServerOptions().setHost(bind).setPort(port).setIdleTimeout(IDLE_SECONDS);
    try {
      ServedCertificate certificate = null;
      if (tls.isPresent()) {
        certificate = new ServedCertificate(vertx, tls.get());
        options = certificate.secured(options);
      }
      started.server =
          vertx
              .createHttpServer(options)
              .requestHandler(started::answer)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      if (certificate != null) {
        certificate.renew(started.server);
      }
      return started;
    } catch (ModuleException e) {
      started.close();
      throw e;
    } catch (CompletionException e) {
      started.close();
      throw new ModuleException(
          "cannot listen on "
              + bind
              + ":"
              + port
              + ": "
              + e.getCause().getMessage()
              + ". Another program may use the port; choose one with --port",
          e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    boolean isGet =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (path.equals(ADD)) {
      if (!request.method().equals(HttpMethod.POST)) {
        refuse(request, 405, "submit a checkpoint with POST");
      } else {
        receive(request);
      }
    } else if (path.length() == 1 + 64 + CHECKPOINT.length() && path.endsWith(CHECKPOINT)) {
      if (isGet) {
        reply(request, witness.checkpoint(path.substring(1, 65)));
      } else {
        refuse(request, 405, "read a checkpoint with GET");
      }
    } else {
      refuse(request, 404, "a witness answers POST /add-checkpoint and GET /<hash>/checkpoint");
    }
  }

  private void receive(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    long timer =
        vertx.setTimer(BODY_MILLIS, late -> refuse(request, 408, "the body did not come in time"));
    request.exceptionHandler(
        e -> {
          vertx.cancelTimer(timer);
          LOG.debug("a submission broke off: {}", e.toString());
        });
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > AddCheckpoint.MAX_BYTES) {
            vertx.cancelTimer(timer);
            refuse(request, 413, "a submission has at most " + AddCheckpoint.MAX_BYTES + " bytes");
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          submit(request, body.getBytes());
        });
  }

  private void submit(HttpServerRequest request, byte[] body) {
    if (request.response().ended()) {
      return;
    }
    if (!submissions.tryAcquire()) {
      reply(request, WitnessReply.failed(503, "too many submissions at once; come again"));
      return;
    }
    workers
        .executeBlocking(() -> witness.add(body), false)
        .onComplete(
            done -> {
              submissions.release();
              if (done.succeeded()) {
                reply(request, done.result());
              } else {
                LOG.error("a submission failed", done.cause());
                reply(request, WitnessReply.failed(500, "the witness failed; its log says why"));
              }
            });
  }

  // What is left of the request is not read: the connection ends with the answer.
  private static void refuse(HttpServerRequest request, int status, String sentence) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    request.handler(rest -> {});
    response.putHeader("connection", "close");
    reply(request, WitnessReply.failed(status, sentence));
  }

  private static void reply(HttpServerRequest request, WitnessReply reply) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    response.putHeader("content-type", reply.type());
    response.putHeader("access-control-allow-origin", "*");
    response.putHeader("x-content-type-options", "nosniff");
    if (reply.status() == 503) {
      response.putHeader("retry-after", "1");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("content-length", String.valueOf(reply.body().length)).end();
    } else {
      response.end(Buffer.buffer(reply.body()));
    }
  }

  /**
   * Stops listening, and waits a while for what is being cosigned: it is kept, but nobody hears of
   * it.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    if (server != null) {
      await(server.close());
    }
    try {
      // Its threads are interrupted with their pool, be it in the middle of a write.
      boolean unused = submissions.tryAcquire(MAX_SUBMISSIONS, CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(vertx.close());
  }

  private static void await(Future<Void> closing) {
    try {
      closing.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the witness did not close in time: {}", e.toString());
    }
  }
}
