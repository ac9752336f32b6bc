package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web server that means ill, or only has files. */
@Timeout(60)
class HttpLogReaderTest {
  private static final Hash HASH = Hash.of("any");

  /** Answers one path. */
  interface Page {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Page page = pages.get(exchange.getRequestURI().toString());
          if (page == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            page.answer(exchange);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdown();
  }

  private String at() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private HttpLogReader reader(String prefix) {
    return new HttpLogReader(URI.create(at() + prefix));
  }

  private HttpLogReader hasty() {
    return new HttpLogReader(at(), new Download(Duration.ofMillis(300), 1 << 20));
  }

  private void serve(String path, byte[] bytes, String... headers) {
    pages.put(
        path,
        exchange -> {
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
          }
          exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static List<byte[]> entries(int count) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(("entry " + i).getBytes(StandardCharsets.UTF_8));
    }
    return entries;
  }

  @Test
  void logMayLieUnderAnyPrefix() {
    serve("/some/where/checkpoint", new byte[] {1, 2});
    for (String prefix : List.of("/some/where", "/some/where/", "/some/where//")) {
      assertArrayEquals(new byte[] {1, 2}, reader(prefix).checkpoint());
    }
    assertEquals(at() + "/some/where", reader("/some/where/").toString());
    assertThrows(UnreachableException.class, () -> reader("/some").checkpoint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/",
        "file:///etc",
        "http:///x",
        "http://a@host/",
        "http://host/?x",
        "https:host",
        "http://host/#x",
        "host:1"
      })
  void placesOfOtherKindsAreRefused(String url) {
    assertThrows(MalformedException.class, () -> new HttpLogReader(URI.create(url)));
  }

  @Test
  void bundlesAreAskedForCompressed() throws IOException {
    byte[] bundle = EntryBundle.encode(entries(3));
    byte[] compressed = gzip(bundle);
    pages.put(
        "/tile/entries/000.p/3",
        exchange -> {
          String accepted = exchange.getRequestHeaders().getFirst("accept-encoding");
          assertTrue(accepted.contains("gzip") && accepted.contains("identity"), accepted);
          exchange.getResponseHeaders().set("content-encoding", "gzip");
          exchange.sendResponseHeaders(200, compressed.length);
          exchange.getResponseBody().write(compressed);
        });
    assertEquals(3, reader("").entries(0, 3).size());
    assertArrayEquals("entry 2".getBytes(StandardCharsets.UTF_8), reader("").entries(2, 3).get(0));
  }

  @Test
  void bombsAreNotInflated() throws IOException {
    int most = EntryBundle.FULL_WIDTH * (EntryBundle.MAX_ENTRY_BYTES + 2);
    byte[] bomb = gzip(new byte[4 * most]);
    assertTrue(bomb.length < most / 100);
    serve("/tile/entries/000.p/3", bomb, "content-encoding", "gzip");
    assertThrows(MalformedException.class, () -> reader("").entries(0, 3));
    serve("/tile/entries/000.p/3", new byte[] {1, 2, 3}, "content-encoding", "gzip");
    assertThrows(RuntimeException.class, () -> reader("").entries(0, 3));
    serve("/blob/" + HASH.hex(), bomb, "content-encoding", "gzip");
    assertThrows(UnreachableException.class, () -> reader("").blob(HASH), "was not asked for");
    serve("/tile/0/000.p/1", bomb, "content-encoding", "br");
    assertThrows(UnreachableException.class, () -> reader("").tile(new Tile(0, 0, 1)));
  }

  @Test
  void damagedCompressionIsMalformed() throws IOException {
    byte[] compressed = gzip(EntryBundle.encode(entries(200)));
    compressed[compressed.length / 2] ^= 0x55;
    serve("/tile/entries/000.p/200", compressed, "content-encoding", "gzip");
    assertThrows(MalformedException.class, () -> reader("").entries(0, 200));
  }

  @Test
  void partialOnesMayBeCutFromFullOnes() {
    List<byte[]> all = entries(256);
    byte[] hashes = new byte[256 * Hash.BYTES];
    hashes[2 * Hash.BYTES] = 7;
    serve("/tile/entries/000", EntryBundle.encode(all));
    serve("/tile/0/000", hashes);
    List<byte[]> cut = reader("").entries(1, 3);
    assertEquals(2, cut.size());
    assertArrayEquals(all.get(1), cut.get(0));
    assertEquals(3, reader("").tile(new Tile(0, 0, 3)).size());
    assertEquals(7, reader("").tile(new Tile(0, 0, 3)).get(2).bytes()[0]);
    assertThrows(UnreachableException.class, () -> reader("").tile(new Tile(0, 1, 3)));
    assertThrows(UnreachableException.class, () -> reader("").entries(300, 301));
  }

  @Test
  void redirectsAreNotFollowed() {
    serve("/there", new byte[] {1});
    pages.put(
        "/checkpoint",
        exchange -> {
          exchange.getResponseHeaders().set("location", at() + "/there");
          exchange.sendResponseHeaders(302, -1);
        });
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> reader("").checkpoint());
    assertTrue(e.getMessage().contains("status 302"), e.getMessage());
  }

  @Test
  void answersThatAreTooLongAreCut() {
    pages.put(
        "/checkpoint",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] piece = new byte[1 << 16];
          OutputStream out = exchange.getResponseBody();
          // Without an end: the reader must hang up.
          while (over.getCount() > 0) {
            out.write(piece);
          }
        });
    MalformedException e = assertThrows(MalformedException.class, () -> reader("").checkpoint());
    assertTrue(e.getMessage().contains("answers more than"), e.getMessage());
  }

  @Test
  void silentServerHoldsNobody() {
    pages.put("/checkpoint", exchange -> pause());
    assertThrows(UnreachableException.class, () -> hasty().checkpoint());
  }

  @Test
  void drippingServerHoldsNobody() {
    pages.put(
        "/checkpoint",
        exchange -> {
          exchange.sendResponseHeaders(200, 100_000);
          OutputStream out = exchange.getResponseBody();
          for (int i = 0; i < 100_000 && over.getCount() > 0; i++) {
            out.write(1);
            out.flush();
            if (awaitOver(20)) {
              return;
            }
          }
        });
    UnreachableException e = assertThrows(UnreachableException.class, () -> hasty().checkpoint());
    assertTrue(e.getMessage().contains("too slowly"), e.getMessage());
  }

  private void pause() {
    awaitOver(60_000);
  }

  private boolean awaitOver(long millis) {
    try {
      return over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  void serverThatHangsUpIsUnreachable() {
    pages.put(
        "/checkpoint",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(1);
          throw new IOException("hangs up");
        });
    assertThrows(UnreachableException.class, () -> reader("").checkpoint());
  }

  @Test
  void blobsAreStreamed() throws IOException {
    byte[] bytes = new byte[3 << 20];
    bytes[bytes.length - 1] = 9;
    serve("/blob/" + HASH.hex(), bytes);
    try (InputStream in = reader("").openBlob(HASH)) {
      assertArrayEquals(bytes, in.readAllBytes());
      assertEquals(-1, in.read());
    }
    assertNull(reader("").openBlob(Hash.of("none")));
    assertNull(reader("").blob(Hash.of("none")));
  }
}
