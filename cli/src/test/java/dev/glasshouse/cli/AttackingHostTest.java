package dev.glasshouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TreeHead;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row 29 of docs/security.md: hosts that attack the machine of whoever verifies them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class AttackingHostTest {
  private static final String SCRIPT =
      "exports.put = (path, text) => System.files.writeFile(path, text)";

  private TestHost host;
  private Glass glass;
  private HttpServer server;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    Glass caller = Glass.of(dir.resolve("caller"));
    assertEquals(0, caller.run("repl", host.at(), "-e", "client.put('/a', 'b')").code());
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @BeforeEach
  void fresh(@TempDir Path home) {
    glass = Glass.of(home);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  private ForgedLog log() {
    return ForgedLog.of(host);
  }

  /** Verifies a host that answers as a log does, but for paths that begin so. */
  private Glass.Ran verify(ForgedLog log, String attacked, HttpHandler attack) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, log, attacked, attack));
    server.start();
    return glass.run("verify", "127.0.0.1:" + server.getAddress().getPort(), "--level", "hashes");
  }

  private void answer(HttpExchange exchange, ForgedLog log, String attacked, HttpHandler attack)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.startsWith(attacked)) {
        attack.handle(exchange);
        return;
      }
      byte[] blob =
          path.startsWith("/blob/")
              ? host.module().log().store().blob(Hash.parseHex(path.substring(6)))
              : null;
      byte[] body = log.of(path, blob);
      exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
      if (body != null) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  // Ends when whoever reads has had enough.
  private static void endless(OutputStream out) throws IOException {
    byte[] zeros = new byte[1 << 16];
    for (; ; ) {
      out.write(zeros);
    }
  }

  @ParameterizedTest
  @CsvSource({"/checkpoint, 3", "/tile/0, 1", "/tile/entries, 3", "/files, 1"})
  void anEndlessAnswerIsCut(String path, int code) throws IOException {
    Glass.Ran ran =
        verify(
            log(),
            path,
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              endless(exchange.getResponseBody());
            });
    assertEquals(code, ran.code(), ran.out());
    assertTrue(ran.out().contains("answers more than "), ran.out());
  }

  @Test
  void aBombIsNotInflated() throws IOException {
    HttpHandler bomb =
        exchange -> {
          exchange.getResponseHeaders().set("content-encoding", "gzip");
          exchange.sendResponseHeaders(200, 0);
          endless(new GZIPOutputStream(exchange.getResponseBody()));
        };
    Glass.Ran bundle = verify(log(), "/tile/entries", bomb);
    assertEquals(3, bundle.code(), bundle.out());
    assertTrue(bundle.out().contains("answers more than "), bundle.out());
    server.stop(0);
    Glass.Ran tile = verify(log(), "/tile/0", bomb);
    assertEquals(3, tile.code(), tile.out());
    assertTrue(tile.out().contains("an encoding that was not asked for"), tile.out());
  }

  @Test
  void aHugeSizeIsNotBelieved() throws IOException {
    ForgedLog huge = log().signed(new TreeHead(1L << 62, Hash.of("root")));
    Glass.Ran ran = verify(huge, "/nothing", exchange -> {});
    assertEquals(3, ran.code(), ran.out());
    assertTrue(ran.out().contains("does not have /tile/entries/000"), ran.out());
  }

  @Test
  void deepJsonIsRefused() throws IOException {
    byte[] deep = ("[".repeat(30_000) + "]".repeat(30_000)).getBytes(US_ASCII);
    Glass.Ran first = verify(log().with(0, deep), "/nothing", exchange -> {});
    assertEquals(1, first.code(), first.out());
    server.stop(0);
    // Under a genesis entry, which names the key, it is proved that the host has signed it.
    Glass.Ran later = verify(log().with(1, deep), "/nothing", exchange -> {});
    assertEquals(4, later.code(), later.out());
    assertTrue(later.out().contains("NOT VERIFIED: the entry is malformed."), later.out());
  }

  @Test
  void aCheckpointOfSignaturesIsRefused() throws IOException {
    String note = new String(log().of("/checkpoint", null), UTF_8);
    String signature = note.substring(note.indexOf('\u2014'));
    byte[] many = (note + signature.repeat(100_000)).getBytes(UTF_8);
    Glass.Ran ran =
        verify(
            log(),
            "/checkpoint",
            exchange -> {
              exchange.sendResponseHeaders(200, many.length);
              exchange.getResponseBody().write(many);
            });
    assertEquals(3, ran.code(), ran.out());
    assertTrue(ran.out().contains("publishes no call log"), ran.out());
  }

  @Test
  void aPathThatClimbsIsNoName() throws IOException {
    for (String name : List.of("../a", "/etc/passwd", "..", ".", "a/../../b", "")) {
      byte[] listing = ("{\"entries\":[{\"name\":\"" + name + "\"}]}").getBytes(UTF_8);
      Glass.Ran ran =
          verify(
              log(),
              "/files/",
              exchange -> {
                exchange.sendResponseHeaders(200, listing.length);
                exchange.getResponseBody().write(listing);
              });
      server.stop(0);
      assertEquals(1, ran.code(), ran.out());
      assertFalse(ran.out().contains("Hashes verified."), ran.out());
    }
  }

  /** The bundle is as long as its entries say, and no longer. */
  @Test
  void aBundleOfMoreThanItsEntriesIsRefused() throws IOException {
    byte[] more =
        EntryBundle.encode(
            List.of(new byte[EntryBundle.MAX_ENTRY_BYTES], new byte[1], new byte[1]));
    Glass.Ran ran =
        verify(
            log(),
            "/tile/entries",
            exchange -> {
              exchange.sendResponseHeaders(200, more.length);
              exchange.getResponseBody().write(more);
            });
    assertEquals(3, ran.code(), ran.out());
    assertTrue(ran.out().contains("publishes no call log"), ran.out());
  }
}
