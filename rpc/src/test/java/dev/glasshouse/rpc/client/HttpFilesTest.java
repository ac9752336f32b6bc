package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom files are asked of: a host, which lists them, or a web server, which has them only. */
@Timeout(60)
class HttpFilesTest {
  private static final Optional<Hash> NOW = Optional.empty();
  private static final Hash ROOT = Hash.of("a root");
  private static final byte[] LISTING = "{\"entries\":[{\"name\":\"a\"}]}".getBytes(UTF_8);
  private static final byte[] BYTES = "bytes".getBytes(UTF_8);

  private WebPages web;
  private HttpLogReader reader;

  @BeforeEach
  void start() throws IOException {
    web = new WebPages();
    reader = new HttpLogReader(URI.create(web.at()));
  }

  @AfterEach
  void stop() {
    web.close();
  }

  private void serveAsHost() {
    web.serve("/files/", LISTING, "content-type", "application/json");
    web.serve("/files/a", BYTES);
    web.serve("/files/a?root=" + ROOT.hex(), BYTES);
  }

  @Test
  void hostShowsByItsListingThatItIsOne() {
    serveAsHost();
    assertFalse(reader.isCopy());
    assertEquals(List.of("a"), reader.directory("/", NOW));
    assertArrayEquals(BYTES, reader.file("/a", NOW));
    assertArrayEquals(BYTES, reader.file("/a", Optional.of(ROOT)));
    assertEquals("/files/a?root=" + ROOT.hex(), web.asked.get(web.asked.size() - 1));
  }

  @Test
  void hostMayLackWhatIsAskedFor() {
    serveAsHost();
    UnreachableException none =
        assertThrows(UnreachableException.class, () -> reader.directory("/d/", NOW));
    assertTrue(none.getMessage().endsWith("has no directory /d/"), none.getMessage());
    assertThrows(UnreachableException.class, () -> reader.file("/d/x", NOW));
  }

  @Test
  void whereNothingIsListedFilesAreReadByHash() {
    web.serve("/files/a?root=" + ROOT.hex(), BYTES);
    assertIsCopy();
  }

  @Test
  void pageThatPeopleReadIsNoListing() {
    web.serve("/files/", LISTING, "content-type", "text/html");
    assertIsCopy();
  }

  @Test
  void errorInJsonIsNoListing() {
    web.pages.put(
        "/files/",
        exchange -> {
          exchange.getResponseHeaders().set("content-type", "application/json");
          exchange.sendResponseHeaders(403, -1);
        });
    assertIsCopy();
  }

  @Test
  void exportSaysWhichFilesItHasWhateverItsServerLists() {
    serveAsHost();
    web.serve("/" + StaticFiles.ROOT_FILE, (ROOT.hex() + "\n").getBytes(UTF_8));
    assertIsCopy();
  }

  private void assertIsCopy() {
    assertTrue(reader.isCopy());
    Optional<Hash> root = Optional.of(ROOT);
    assertThrows(UnreachableException.class, () -> reader.file("/a", root));
    assertEquals("/blob/" + ROOT.hex(), web.asked.get(web.asked.size() - 1));
    assertThrows(UnreachableException.class, () -> reader.directory("/", root));
    assertEquals("/blob/" + ROOT.hex(), web.asked.get(web.asked.size() - 1));
  }

  @Test
  void itIsFoundOutOnce() {
    serveAsHost();
    reader.file("/a", NOW);
    reader.file("/a", NOW);
    assertEquals(
        List.of("/" + StaticFiles.ROOT_FILE, "/files/", "/files/a", "/files/a"), web.asked);
  }

  @Test
  void whatIsNamedAsAHostIsOne() {
    HttpLogReader host = new HttpLogReader(new HostAddress("127.0.0.1", web.port()));
    assertFalse(host.isCopy());
    web.serve("/files/a", BYTES);
    assertArrayEquals(BYTES, host.file("/a", NOW));
    assertEquals(List.of("/files/a"), web.asked);
  }

  @Test
  void pathsAreEncoded() {
    serveAsHost();
    String encoded = "/files/d-._~/Az09%20%2B%3F%25%C3%A9";
    web.serve(encoded, BYTES);
    assertArrayEquals(BYTES, reader.file("/d-._~/Az09 +?%\u00e9", NOW));
  }
}
