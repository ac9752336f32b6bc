package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody reads over HTTP. */
class PublicationTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>&\\\"' \u00fc%2f+?#";
  private static final String SCRIPT =
      "const fs = System.files;"
          + "exports.write = (p, s) => fs.writeFile(p, s);"
          + "exports.mkdir = p => fs.mkdir(p);"
          + "exports.tick = () => 1;";

  @TempDir static Path dir;
  private static RunningHost host;
  private static String earlierRoot;

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir, SCRIPT).debug().start();
    try (Talk talk = Talk.to(host)) {
      talk.call("write", "[\"/page.html\",\"<script>1</script>\"]");
      talk.call("mkdir", "[\"/d\"]");
      talk.call("write", "[\"/d/a.json\",\"[1]\"]");
      earlierRoot = (String) Json.at(talk.call("rpc.info", "[]"), "result", "files");
      talk.call("write", "[\"/d/a.json\",\"[2]\"]");
      talk.call("write", "[\"/d/b\",\"\"]");
      talk.call("mkdir", "[\"/evil\"]");
      talk.call("write", "[\"/evil/" + HOSTILE + "\",\"hostile\"]");
      String tick = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tick\"}";
      // More than one full tile of 256.
      talk.ask("[" + (tick + ",").repeat(255) + tick + "]");
    }
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @Test
  void checkpointIsTheSignedOne() throws Exception {
    HttpResponse<byte[]> response = host.get("/checkpoint");
    assertEquals(200, response.statusCode());
    CallLog log = host.module().log();
    SignedCheckpoint signed =
        SignedCheckpoint.verify(response.body(), log.genesis().origin(), log.genesis().host());
    assertEquals(log.head(), signed.head());
    assertEquals("text/plain; charset=utf-8", header(response, "content-type"));
    assertEquals("max-age=1", header(response, "cache-control"));
    String tag = header(response, "etag");
    assertEquals("\"" + Hash.of(response.body()).hex() + "\"", tag);
    assertEquals(304, host.get("/checkpoint", "if-none-match", "\"a\", W/" + tag).statusCode());
    assertEquals(304, host.request("HEAD", "/checkpoint", "if-none-match", tag).statusCode());
    assertEquals(200, host.get("/checkpoint", "if-none-match", "\"a\"").statusCode());
  }

  @Test
  void entriesAreCompressedForWhoeverTakesIt() throws Exception {
    String path = "/" + new EntryBundle(0, 256).path();
    HttpResponse<byte[]> plain = host.get(path);
    HttpResponse<byte[]> compressed = host.get(path, "accept-encoding", "gzip, identity");
    assertNull(header(plain, "content-encoding"));
    assertEquals("gzip", header(compressed, "content-encoding"));
    assertTrue(compressed.body().length < plain.body().length / 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertArrayEquals(plain.body(), in.readAllBytes());
    }
    for (HttpResponse<byte[]> response : List.of(plain, compressed)) {
      assertEquals("accept-encoding", header(response, "vary"));
    }
    HttpResponse<byte[]> head = host.request("HEAD", path, "accept-encoding", "gzip");
    assertEquals(String.valueOf(compressed.body().length), header(head, "content-length"));
    HttpResponse<byte[]> tile = host.get("/tile/0/000", "accept-encoding", "gzip");
    assertNull(header(tile, "content-encoding"), "hashes do not become smaller");
  }

  private static Asked asked(String path) {
    return new Asked("/" + path, null, false, false, false, false);
  }

  @Test
  void everyPartialTileAndBundleOfThisAndEarlierSizesIsServed() {
    CallLog log = host.module().log();
    // Without HTTP in between, for speed.
    Publication publication = new Publication(new ModuleLog(host.module()));
    List<byte[]> all = log.store().entries(0, (int) log.head().size(), Long.MAX_VALUE);
    List<Hash> leaves = all.stream().map(Merkle::leafHash).toList();
    for (int size = 1; size <= all.size(); size++) {
      Tile tile = Tile.holding(0, size - 1, size);
      EntryBundle bundle = new EntryBundle(tile.index(), tile.width());
      int first = (int) tile.index() * 256;
      HttpAnswer hashes = publication.get(asked(tile.path()));
      HttpAnswer entries = publication.get(asked(bundle.path()));
      assertEquals(leaves.subList(first, size), tile.decode(hashes.body()), tile.path());
      assertArrayEquals(EntryBundle.encode(all.subList(first, size)), entries.body(), tile.path());
      for (HttpAnswer answer : List.of(hashes, entries)) {
        assertEquals(200, answer.status());
        assertEquals("application/octet-stream", answer.headers().get("content-type"));
        assertEquals("public, max-age=31536000, immutable", answer.headers().get("cache-control"));
      }
    }
  }

  @Test
  void fullTilesAreTheTree() throws Exception {
    CallLog log = host.module().log();
    assertTrue(log.head().size() > 256);
    Tile full = new Tile(0, 0, 256);
    assertEquals(256, full.decode(host.get("/" + full.path()).body()).size());
    Tile above = new Tile(1, 0, 1);
    assertEquals(List.of(log.rootAt(256)), above.decode(host.get("/" + above.path()).body()));
    EntryBundle bundle = new EntryBundle(0, 256);
    assertEquals(256, bundle.decode(host.get("/" + bundle.path()).body()).size());
    int rest = (int) (log.head().size() - 256);
    EntryBundle last = new EntryBundle(1, rest);
    assertArrayEquals(
        log.store().entry(256), last.decode(host.get("/" + last.path()).body()).get(0));
    assertEquals(404, host.get("/" + new EntryBundle(1, rest + 1).path()).statusCode());
    assertEquals(404, host.get("/" + new Tile(0, 1, rest + 1).path()).statusCode());
    assertEquals(404, host.get("/" + new Tile(2, 0, 1).path()).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "/nothing, 404",
    "/checkpoint/, 404",
    "/tile/0/001, 404",
    "/tile/0/x000/000, 400",
    "/tile/00/000, 400",
    "/tile/0/000/, 400",
    "/tile/0/000.p/01, 400",
    "/tile/0/000.p/, 400",
    "/tile/0/x001/x234/067, 404",
    "/tile/0/x001/234/067, 400",
    "/tile/0/1234067, 400",
    "/tile/9/000, 404",
    "/tile/63/000, 404",
    "/tile/64/000, 400",
    "/tile/data/000, 400",
    "/tile/entries/x001/000, 404",
    "/tile/entries/000.p/0, 400",
    "/tile/0/000.p/0, 400",
    "/tile/0/000.p/256, 400",
    "/tile/0/-01, 400",
    "/tile/, 400",
    "/tile/entries/, 400",
    "/tile/entries/1, 400",
    "/blob/, 400",
    "/blob/xyz, 400",
    "/blob/AB, 400",
    "/blob/0000000000000000000000000000000000000000000000000000000000000000, 404",
    "/files/absent, 404",
    "/files/absent/, 404",
    "/files/page.html/, 404",
    "/files//, 404",
    "/files/d/../page.html, 404",
    "/files/%2e%2e/page.html, 404",
    "/files/d%00, 404",
    "/files/%ff, 404",
    "/filesystem, 404",
    "/files/?root=xyz, 400",
    "/files/?root=, 400",
    "/files/?root=0000000000000000000000000000000000000000000000000000000000000001, 404",
  })
  void whatIsNotThereHasItsStatus(String path, int status) throws Exception {
    HttpResponse<byte[]> response = host.get(path);
    assertEquals(status, response.statusCode(), text(response));
    assertTrue(text(response).endsWith("\n"));
    assertEquals("text/plain; charset=utf-8", header(response, "content-type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void onlyReadingIsAllowed(String method) throws Exception {
    HttpResponse<byte[]> response = host.request(method, "/checkpoint");
    assertEquals(405, response.statusCode());
    assertEquals("GET, HEAD", header(response, "allow"));
  }

  @Test
  void blobIsServedByItsHash() throws Exception {
    Hash hash = host.module().log().genesis().script().files().get(0).source().sha256();
    HttpResponse<byte[]> response = host.get("/blob/" + hash.hex());
    assertEquals(SCRIPT, text(response));
    assertEquals("application/octet-stream", header(response, "content-type"));
    assertEquals("nosniff", header(response, "x-content-type-options"));
    assertEquals(
        304,
        host.get("/blob/" + hash.hex(), "if-none-match", "\"" + hash.hex() + "\"").statusCode());
  }

  @Test
  void fileIsServedWithItsTypeInASandbox() throws Exception {
    HttpResponse<byte[]> page = host.get("/files/page.html");
    assertEquals("<script>1</script>", text(page));
    assertEquals("text/html; charset=utf-8", header(page, "content-type"));
    assertTrue(header(page, "content-security-policy").startsWith("sandbox;"));
    assertEquals("nosniff", header(page, "x-content-type-options"));
    String tag = header(page, "etag");
    assertEquals("\"" + Hash.of(page.body()).hex() + "\"", tag);
    HttpResponse<byte[]> unchanged = host.get("/files/page.html", "if-none-match", tag);
    assertEquals(304, unchanged.statusCode());
    assertEquals(0, unchanged.body().length);
    assertEquals(200, host.get("/files/page.html", "if-none-match", "\"x\"").statusCode());
    assertEquals(
        "application/json; charset=utf-8", header(host.get("/files/d/a.json"), "content-type"));
    HttpResponse<byte[]> empty = host.get("/files/d/b");
    assertEquals(200, empty.statusCode());
    assertEquals(0, empty.body().length);
    assertEquals("application/octet-stream", header(empty, "content-type"));
  }

  @Test
  void headAnswersAsGetWithoutTheBody() throws Exception {
    for (String path : List.of("/files/page.html", "/checkpoint", "/", "/nothing")) {
      HttpResponse<byte[]> get = host.get(path);
      HttpResponse<byte[]> head = host.request("HEAD", path);
      assertEquals(get.statusCode(), head.statusCode(), path);
      assertEquals(0, head.body().length, path);
      assertEquals(String.valueOf(get.body().length), header(head, "content-length"), path);
      assertEquals(header(get, "content-type"), header(head, "content-type"), path);
    }
  }

  @Test
  void directoryWithoutItsSlashIsElsewhere() throws Exception {
    HttpResponse<byte[]> moved = host.get("/files/d");
    assertEquals(301, moved.statusCode());
    assertEquals("./d/", header(moved, "location"));
    HttpResponse<byte[]> earlier = host.get("/files/d?root=" + earlierRoot);
    assertEquals("./d/?root=" + earlierRoot, header(earlier, "location"));
    HttpResponse<byte[]> top = host.get("/files?root=" + earlierRoot);
    assertEquals("./files/?root=" + earlierRoot, header(top, "location"));
    assertEquals(400, host.get("/files?root=x").statusCode());
  }

  @Test
  void listingIsHtmlOrJson() throws Exception {
    String html = text(host.get("/files/d/"));
    assertTrue(html.contains("href=\"./a.json\""), html);
    assertTrue(html.contains("href=\"../\""), html);
    assertTrue(html.contains(Hash.of("[2]").hex()), html);
    String json = text(host.get("/files/d/", "accept", "application/json"));
    assertEquals(json, text(host.get("/files/d/?format=json")));
    assertEquals("a.json", Json.at(json, "entries", 0, "name"));
    assertEquals(3L, Json.at(json, "entries", 0, "size"));
    assertEquals(Hash.of("[2]").hex(), Json.at(json, "entries", 0, "sha256"));
    assertEquals("b", Json.at(json, "entries", 1, "name"));
    assertEquals(host.module().files().rootHash().hex(), Json.at(json, "root"));
    String top = text(host.get("/files", "accept", "application/json"));
    assertEquals("d/", Json.at(top, "entries", 0, "name"));
  }

  @Test
  void listingOfHostileNamesIsOnlyText() throws Exception {
    String html = text(host.get("/files/evil/"));
    assertFalse(html.contains("<img"), html);
    assertTrue(html.contains("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;"), html);
    int from = html.indexOf("href=\"./") + "href=\"./".length();
    String link = html.substring(from, html.indexOf('"', from));
    assertEquals("hostile", text(host.get("/files/evil/" + link)));
  }

  @Test
  void earlierArchivesStayReadable() throws Exception {
    assertEquals("[1]", text(host.get("/files/d/a.json?root=" + earlierRoot)));
    assertEquals("[2]", text(host.get("/files/d/a.json")));
    assertEquals(404, host.get("/files/d/b?root=" + earlierRoot).statusCode());
    String html = text(host.get("/files/d/?root=" + earlierRoot));
    assertTrue(html.contains("href=\"./a.json?root=" + earlierRoot + "\""), html);
    assertTrue(html.contains("href=\"../?root=" + earlierRoot + "\""), html);
    String script = host.module().log().genesis().script().files().get(0).source().sha256().hex();
    assertEquals(400, host.get("/files/?root=" + script).statusCode(), "a blob that is no archive");
  }

  @Test
  void healthSaysHowItIs() throws Exception {
    HttpResponse<byte[]> response = host.get("/health");
    assertEquals(200, response.statusCode());
    assertEquals("ok", Json.at(text(response), "status"));
    assertEquals(host.size(), Json.at(text(response), "size"));
    assertEquals(host.module().log().id().hex(), Json.at(text(response), "log"));
    assertEquals(0L, Json.at(text(response), "waiting"));
  }

  @Test
  void frontPageNamesTheLog() throws Exception {
    String html = text(host.get("/"));
    assertTrue(html.contains("<h1>Test</h1>"), html);
    assertTrue(html.contains(host.module().log().id().hex()), html);
  }

  @Test
  void portThatIsTakenIsSaidSo() {
    ServiceSettings settings = new ServiceSettings("127.0.0.1", host.service().port(), 1_000);
    ModuleException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            ModuleException.class, () -> Service.start(host.module(), settings).close());
    assertTrue(e.getMessage().contains("--port"), e.getMessage());
  }
}
