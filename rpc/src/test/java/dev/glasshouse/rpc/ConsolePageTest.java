package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are given at the address of a module, and that nobody else is given it. */
final class ConsolePageTest {
  /** As browsers write it. */
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

  private static final Pattern PART = Pattern.compile("(?:src|href)=\"\\./(console/[^\"]+)\"");

  /** Bytes that a first look may take, compressed: script, style and page. */
  private static final int FIRST_LOAD = 150_000;

  @TempDir private static Path dir;
  private static RunningHost host;

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir, "exports.tick = () => 1").start();
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  private static HttpResponse<byte[]> page(String... headers) throws Exception {
    String[] all = new String[headers.length + 2];
    all[0] = "accept";
    all[1] = BROWSER;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return host.get("/", all);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  private static List<String> parts() throws Exception {
    return PART.matcher(text(page())).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @Test
  void aBrowserGetsThePage() throws Exception {
    HttpResponse<byte[]> page = page();
    assertEquals(200, page.statusCode());
    assertEquals("text/html; charset=utf-8", header(page, "content-type"));
    assertEquals("no-cache", header(page, "cache-control"));
    assertEquals("accept, accept-encoding", header(page, "vary"));
    assertTrue(text(page).contains("name=\"glasshouse-served-by\" content=\"host\""), text(page));
    assertTrue(parts().size() >= 3, () -> "script, style and icon: " + text(page));
  }

  @Test
  void allOfItIsUnderAStrictPolicy() throws Exception {
    for (String path : parts()) {
      assertPolicy(host.get("/" + path));
    }
    HttpResponse<byte[]> page = page();
    assertPolicy(page);
    String html = text(page);
    assertFalse(html.contains("<style") || html.contains(" style="), html);
    assertFalse(Pattern.compile("<script(?![^>]* src=\"\\./)").matcher(html).find(), html);
    assertFalse(html.contains("://"), "of another origin: " + html);
  }

  private static void assertPolicy(HttpResponse<byte[]> response) {
    String policy = header(response, "content-security-policy");
    assertTrue(policy.startsWith("default-src 'none'; "), policy);
    assertFalse(policy.contains("unsafe-inline") || policy.contains("'unsafe-eval'"), policy);
    assertFalse(policy.contains("*") || policy.contains("http"), policy);
    assertEquals("nosniff", header(response, "x-content-type-options"));
  }

  @Test
  void partsAreKeptForGoodAndComeCompressed() throws Exception {
    int bytes = page("accept-encoding", "gzip").body().length;
    for (String path : parts()) {
      HttpResponse<byte[]> plain = host.get("/" + path);
      HttpResponse<byte[]> compressed = host.get("/" + path, "accept-encoding", "gzip");
      assertEquals(200, plain.statusCode(), path);
      assertEquals(Publication.FOREVER, header(plain, "cache-control"));
      assertNull(header(plain, "content-encoding"));
      assertEquals("gzip", header(compressed, "content-encoding"));
      assertEquals("accept-encoding", header(compressed, "vary"));
      assertArrayEquals(plain.body(), gunzip(compressed.body()), path);
      bytes += compressed.body().length;
    }
    assertTrue(bytes < FIRST_LOAD, "a first look takes " + bytes + " bytes");
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/json, text/html", "text/plain"})
  void whoIsNoBrowserGetsWhatItAlwaysGot(String accept) throws Exception {
    HttpResponse<byte[]> answer = host.get("/", "accept", accept);
    assertEquals(200, answer.statusCode());
    assertTrue(text(answer).contains(host.module().log().id().hex()), "the plain page has the id");
    assertFalse(text(answer).contains("glasshouse-served-by"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/",
        "/console/none.js",
        "/console/..%2findex.html",
        "/console/%2e%2e/ConsolePage.class",
        "/console/a/b.js"
      })
  void nothingElseIsThere(String path) throws Exception {
    assertEquals(404, host.get(path, "accept", BROWSER).statusCode());
  }
}
