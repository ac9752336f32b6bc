package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private WebPages web;

  @BeforeEach
  void start() throws IOException {
    web = new WebPages();
  }

  @AfterEach
  void stop() {
    web.close();
  }

  private HttpLogReader reader(String prefix) {
    return new HttpLogReader(URI.create(web.at() + prefix));
  }

  private HttpLogReader hasty() {
    return new HttpLogReader(web.at(), new Download(Duration.ofMillis(300), 1 << 20));
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
    web.serve("/some/where/checkpoint", new byte[] {1, 2});
    for (String prefix : List.of("/some/where", "/some/where/", "/some/where//")) {
      assertArrayEquals(new byte[] {1, 2}, reader(prefix).checkpoint());
    }
    assertEquals(web.at() + "/some/where", reader("/some/where/").toString());
    assertThrows(UnreachableException.class, () -> reader("/some").checkpoint());
  }

  @Test
  void whereTheLogsAreIsShownIfItIsPlainText() {
    for (String[] page :
        new String[][] {
          {"text/plain;charset=utf-8", "look at /one\u0007", ": look at /one\ufffd"},
          {"text/html", "<p>look at /one", ""},
          {"text/plain", " ", ""}
        }) {
      web.pages.put(
          "/checkpoint",
          exchange -> {
            exchange.getResponseHeaders().set("content-type", page[0]);
            byte[] said = page[1].getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, said.length);
            exchange.getResponseBody().write(said);
          });
      UnreachableException e =
          assertThrows(UnreachableException.class, () -> reader("").checkpoint());
      assertEquals(web.at() + " does not have /checkpoint" + page[2], e.getMessage());
    }
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
    web.pages.put(
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
    web.serve("/tile/entries/000.p/3", bomb, "content-encoding", "gzip");
    assertThrows(MalformedException.class, () -> reader("").entries(0, 3));
    web.serve("/tile/entries/000.p/3", new byte[] {1, 2, 3}, "content-encoding", "gzip");
    assertThrows(RuntimeException.class, () -> reader("").entries(0, 3));
    web.serve("/blob/" + HASH.hex(), bomb, "content-encoding", "gzip");
    assertThrows(UnreachableException.class, () -> reader("").blob(HASH), "was not asked for");
    web.serve("/tile/0/000.p/1", bomb, "content-encoding", "br");
    assertThrows(UnreachableException.class, () -> reader("").tile(new Tile(0, 0, 1)));
  }

  @Test
  void damagedCompressionIsMalformed() throws IOException {
    byte[] compressed = gzip(EntryBundle.encode(entries(200)));
    compressed[compressed.length / 2] ^= 0x55;
    web.serve("/tile/entries/000.p/200", compressed, "content-encoding", "gzip");
    assertThrows(MalformedException.class, () -> reader("").entries(0, 200));
  }

  @Test
  void partialOnesMayBeCutFromFullOnes() {
    List<byte[]> all = entries(256);
    byte[] hashes = new byte[256 * Hash.BYTES];
    hashes[2 * Hash.BYTES] = 7;
    web.serve("/tile/entries/000", EntryBundle.encode(all));
    web.serve("/tile/0/000", hashes);
    List<byte[]> cut = reader("").entries(1, 3);
    assertEquals(2, cut.size());
    assertArrayEquals(all.get(1), cut.get(0));
    assertEquals(3, reader("").tile(new Tile(0, 0, 3)).size());
    assertEquals(7, reader("").tile(new Tile(0, 0, 3)).get(2).bytes()[0]);
    web.serve("/tile/0/001.p/1", new byte[Hash.BYTES]);
    assertEquals(1, reader("").tile(new Tile(0, 1, 1)).size());
    assertThrows(UnreachableException.class, () -> reader("").tile(new Tile(0, 1, 3)));
    assertThrows(UnreachableException.class, () -> reader("").entries(300, 301));
  }

  @Test
  void fullOnesAreAskedForOnce() {
    assertThrows(UnreachableException.class, () -> reader("").entries(0, 256));
    assertThrows(UnreachableException.class, () -> reader("").tile(new Tile(0, 0, 256)));
    assertEquals(List.of("/tile/entries/000", "/tile/0/000"), web.asked);
  }

  @Test
  void redirectsAreNotFollowed() {
    web.serve("/there", new byte[] {1});
    web.pages.put(
        "/checkpoint",
        exchange -> {
          exchange.getResponseHeaders().set("location", web.at() + "/there");
          exchange.sendResponseHeaders(302, -1);
        });
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> reader("").checkpoint());
    assertTrue(e.getMessage().contains("status 302"), e.getMessage());
  }

  @Test
  void answersThatAreTooLongAreCut() throws InterruptedException {
    web.serveEndlessly("/checkpoint", 200);
    MalformedException e = assertThrows(MalformedException.class, () -> reader("").checkpoint());
    assertTrue(e.getMessage().contains("answers more than"), e.getMessage());
    assertTrue(web.isHungUp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "deflate", "gzip"})
  void whatIsOfNoUseIsNotWaitedFor(String encoding) throws InterruptedException {
    int status = encoding.equals("identity") ? 500 : 200;
    web.serveEndlessly("/tile/entries/000.p/3", status, "content-encoding", encoding);
    RuntimeException e = assertThrows(RuntimeException.class, () -> reader("").entries(0, 3));
    assertEquals(encoding.equals("gzip"), e instanceof MalformedException, e.toString());
    assertTrue(web.isHungUp());
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500})
  void noBlobIsNotWaitedFor(int status) throws InterruptedException {
    web.serveEndlessly("/blob/" + HASH.hex(), status);
    if (status == 404) {
      assertNull(reader("").openBlob(HASH));
    } else {
      assertThrows(UnreachableException.class, () -> reader("").openBlob(HASH));
    }
    assertTrue(web.isHungUp());
  }

  @Test
  void whatIsNotReachedSaysWhatToDo() throws Exception {
    web.close();
    assertSaid("127.0.0.1:" + web.port() + ": no connection. Is the host running?", web.port());
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answerNonsense(other));
      answering.start();
      assertSaid("If it speaks TLS, write https:// before it", other.getLocalPort());
      answering.join();
    }
  }

  private static void answerNonsense(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSaid(String said, int port) {
    HttpLogReader reader = new HttpLogReader(URI.create("http://127.0.0.1:" + port));
    UnreachableException e = assertThrows(UnreachableException.class, reader::checkpoint);
    assertTrue(e.getMessage().endsWith(said), e.getMessage());
  }

  @Test
  void nothingElseIsAskedForCompressed() {
    List<String> accepted = new ArrayList<>();
    web.pages.put(
        "/checkpoint",
        exchange -> {
          accepted.add(exchange.getRequestHeaders().getFirst("accept-encoding"));
          exchange.sendResponseHeaders(200, -1);
        });
    reader("").checkpoint();
    assertEquals(List.of("identity"), accepted);
  }

  @Test
  void whoeverReadsMayBeInterrupted() {
    web.pages.put("/checkpoint", exchange -> web.awaitEnd(60_000));
    Thread.currentThread().interrupt();
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> reader("").checkpoint());
    assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    assertTrue(Thread.interrupted());
  }

  @Test
  void silentServerHoldsNobody() {
    web.pages.put("/checkpoint", exchange -> web.awaitEnd(60_000));
    assertThrows(UnreachableException.class, () -> hasty().checkpoint());
  }

  @Test
  void drippingServerHoldsNobody() {
    web.pages.put(
        "/checkpoint",
        exchange -> {
          exchange.sendResponseHeaders(200, 100_000);
          OutputStream out = exchange.getResponseBody();
          for (int i = 0; i < 100_000; i++) {
            out.write(1);
            out.flush();
            if (web.awaitEnd(20)) {
              return;
            }
          }
        });
    UnreachableException e = assertThrows(UnreachableException.class, () -> hasty().checkpoint());
    assertTrue(e.getMessage().contains("too slowly"), e.getMessage());
  }

  @Test
  void serverThatHangsUpIsUnreachable() {
    web.pages.put(
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
    web.serve("/blob/" + HASH.hex(), bytes);
    try (InputStream in = reader("").openBlob(HASH)) {
      assertArrayEquals(bytes, in.readAllBytes());
      assertEquals(-1, in.read());
    }
    assertNull(reader("").openBlob(Hash.of("none")));
    assertNull(reader("").blob(Hash.of("none")));
  }
}
