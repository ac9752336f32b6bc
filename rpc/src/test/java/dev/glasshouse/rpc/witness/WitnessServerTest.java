package dev.glasshouse.rpc.witness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TestCertificate;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.ModuleException;
import dev.glasshouse.rpc.TlsFiles;
import dev.glasshouse.rpc.client.Authorities;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The witness over HTTP. */
@Timeout(60)
final class WitnessServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String ORIGIN = "example.com/log";

  @TempDir private Path dir;
  private final SmallLog log = new SmallLog(ORIGIN, 10);
  private Witness witness;
  private WitnessServer server;

  @BeforeEach
  void start() throws IOException {
    witness = open(dir, () -> 1_700_000_000);
    server = WitnessServer.start(witness, "127.0.0.1", 0);
  }

  private Witness open(Path where, LongSupplier seconds) throws IOException {
    String policy = "log " + log.vkey() + "\nquorum none\n";
    return Witness.open(
        where,
        "witness.example/w",
        SmallLog.identity(1),
        Policy.parse(policy.getBytes(StandardCharsets.UTF_8)),
        Approval.APPEND_ONLY,
        seconds);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    witness.close();
  }

  private HttpResponse<byte[]> send(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofByteArray());
  }

  @Test
  void answersByTlsAlone() throws Exception {
    TestCertificate shown = TestCertificate.make(dir, "witness");
    Optional<TlsFiles> files = Optional.of(new TlsFiles(shown.certificate(), shown.key()));
    HttpClient trusting =
        HttpClient.newBuilder().sslContext(Authorities.with(shown.certificate())).build();
    try (WitnessServer secure = WitnessServer.start(witness, "127.0.0.1", 0, files)) {
      String at = "//127.0.0.1:" + secure.port() + "/add-checkpoint";
      HttpRequest get = HttpRequest.newBuilder(URI.create("https:" + at)).build();
      assertEquals(405, trusting.send(get, BodyHandlers.ofString()).statusCode());
      HttpRequest plain = HttpRequest.newBuilder(URI.create("http:" + at)).build();
      assertThrows(IOException.class, () -> HTTP.send(plain, BodyHandlers.ofString()));
    }
    Optional<TlsFiles> none = Optional.of(new TlsFiles(shown.key(), shown.certificate()));
    assertThrows(
        ModuleException.class, () -> WitnessServer.start(witness, "127.0.0.1", 0, none).close());
  }

  private static String type(HttpResponse<byte[]> response) {
    return response.headers().firstValue("content-type").orElse("");
  }

  @Test
  void answersAsTheSpecificationSays() throws Exception {
    String address = "/" + Hash.of(ORIGIN).hex() + "/checkpoint";
    assertEquals(404, send("GET", address, new byte[0]).statusCode());
    HttpResponse<byte[]> ok = send("POST", "/add-checkpoint", log.submission(0, 4));
    assertEquals(200, ok.statusCode());
    assertTrue(
        new String(ok.body(), StandardCharsets.UTF_8).startsWith("\u2014 witness.example/w "));
    HttpResponse<byte[]> conflict = send("POST", "/add-checkpoint", log.submission(0, 6));
    assertEquals(409, conflict.statusCode());
    assertEquals("text/x.tlog.size", type(conflict));
    assertArrayEquals(new byte[] {'4', '\n'}, conflict.body());
    HttpResponse<byte[]> monitored = send("GET", address, new byte[0]);
    assertEquals(200, monitored.statusCode());
    assertEquals("text/plain; charset=utf-8", type(monitored));
    assertArrayEquals(witness.checkpoint(Hash.of(ORIGIN).hex()).body(), monitored.body());
    assertEquals(0, send("HEAD", address, new byte[0]).body().length);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /add-checkpoint, 405",
    "POST, /HASH/checkpoint, 405",
    "GET, /, 404",
    "GET, /checkpoint, 404",
    "POST, /add-entries, 404",
    "GET, /../HASH/checkpoint, 404",
    "POST, /add-checkpoint, 400"
  })
  void everythingElseIsRefused(String method, String path, int status) throws Exception {
    String filled = path.replace("HASH", Hash.of(ORIGIN).hex());
    assertEquals(status, send(method, filled, new byte[0]).statusCode());
  }

  @Test
  void bodiesAreCutAtTheirLimitHoweverTheyCome() throws Exception {
    byte[] large = new byte[AddCheckpoint.MAX_BYTES + 1];
    assertEquals(413, send("POST", "/add-checkpoint", large).statusCode());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk = new byte[65536];
      String answer = "";
      try {
        for (int i = 0; i < 1000 && socket.getInputStream().available() == 0; i++) {
          out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
          out.write(chunk);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        }
      } catch (IOException e) {
        answer = "closed";
      }
      if (answer.isEmpty()) {
        byte[] first = socket.getInputStream().readNBytes(12);
        answer = new String(first, StandardCharsets.US_ASCII);
      }
      assertTrue(answer.equals("closed") || answer.equals("HTTP/1.1 413"), answer);
    }
    assertEquals(200, send("POST", "/add-checkpoint", log.submission(0, 4)).statusCode());
  }

  @Test
  void aBodyThatDoesNotComeHoldsNobodyUp() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nold "
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      assertEquals(200, send("POST", "/add-checkpoint", log.submission(0, 4)).statusCode());
    }
    assertEquals(200, send("POST", "/add-checkpoint", log.submission(4, 6)).statusCode());
  }

  @Test
  void whatIsBeingCosignedWhenItStopsIsKept() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    LongSupplier slow =
        () -> {
          begun.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
          return 1_700_000_000;
        };
    try (Witness busy = open(dir.resolve("busy"), slow)) {
      WitnessServer stopped = WitnessServer.start(busy, "127.0.0.1", 0);
      String at = "http://127.0.0.1:" + stopped.port() + "/add-checkpoint";
      CompletableFuture<HttpResponse<byte[]>> unheard =
          HTTP.sendAsync(
              HttpRequest.newBuilder(URI.create(at))
                  .POST(BodyPublishers.ofByteArray(log.submission(0, 4)))
                  .build(),
              BodyHandlers.ofByteArray());
      begun.await();
      Thread stopping = new Thread(stopped::close);
      stopping.start();
      assertThrows(ExecutionException.class, unheard::get);
      // Long enough to interrupt it, if it did not wait.
      stopping.join(300);
      assertTrue(stopping.isAlive(), "it waits");
      goOn.countDown();
      stopping.join();
      assertFalse(interrupted.get());
      assertEquals(200, busy.checkpoint(Hash.of(ORIGIN).hex()).status());
      stopped.close();
    }
  }
}
