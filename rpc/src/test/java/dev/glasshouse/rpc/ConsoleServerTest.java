package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.ClientException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page on the user's own machine: whatever the host answers stays bytes, and is for nobody
 * else.
 */
@Timeout(60)
final class ConsoleServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SCRIPT =
      """
      exports.write = (path, text) => System.files.writeFile(path, text)
      exports.long = () => 'x'.repeat(300000)
      """;

  @TempDir private static Path dir;
  private static RunningHost host;
  private static ConsoleServer console;

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir.resolve("host"), SCRIPT).start();
    console = new ConsoleServer(host.address(), 0);
  }

  @AfterAll
  static void stop() {
    console.close();
    host.close();
  }

  private static HostAddress at(int port) {
    return new HostAddress("127.0.0.1", port);
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return get(console, path, headers);
  }

  private static HttpResponse<byte[]> get(ConsoleServer from, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(from.url()).resolve("." + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static Client client(ConsoleServer from) {
    HostAddress address = HostAddress.parse(from.url());
    return Client.signed(address, new Signer(1).identity, null, new KnownLogs(dir.resolve("home")));
  }

  @Test
  void itSaysWhoseItIsAndWhomItAsks() throws Exception {
    String html = new String(get("/", "accept", "text/html").body(), StandardCharsets.UTF_8);
    String said = "name=\"glasshouse-served-by\" content=\"user " + host.address() + "\"";
    assertTrue(html.contains(said), html);
  }

  @Test
  void callsAndAnswersGoThrough() {
    try (Client client = client(console)) {
      client.call("write", "[\"/a\",\"one\"]");
      assertEquals(300_002, client.call("long", "[]").value().length(), "over many frames");
    }
  }

  @Test
  void whatTheHostPublishesIsPassedOnAsBytes() throws Exception {
    try (Client client = client(console)) {
      client.call("write", "[\"/page.html\",\"<script>alert(1)</script>\"]");
      client.call("write", "[\"/code.js\",\"alert(1)\"]");
    }
    for (String path : new String[] {"/checkpoint", "/files/page.html", "/files/code.js"}) {
      HttpResponse<byte[]> answer = get(path);
      assertArrayEquals(host.get(path).body(), answer.body(), path);
      assertEquals(
          "application/octet-stream", answer.headers().firstValue("content-type").orElseThrow());
      assertEquals(
          "sandbox; default-src 'none'",
          answer.headers().firstValue("content-security-policy").orElseThrow());
      assertEquals("nosniff", answer.headers().firstValue("x-content-type-options").orElseThrow());
      assertTrue(answer.headers().firstValue("access-control-allow-origin").isEmpty());
    }
    assertEquals(404, get("/blob/" + "0".repeat(64)).statusCode());
  }

  @Test
  void noOtherPageIsAnswered() throws Exception {
    assertEquals(403, get("/checkpoint", "origin", "https://example.com").statusCode());
    assertEquals(403, status("GET /checkpoint HTTP/1.1", "host: example.com"));
    assertEquals(400, status("GET /files/%zz HTTP/1.1", "host: 127.0.0.1"));
    assertEquals(400, status("GET /files/a|b HTTP/1.1", "host: 127.0.0.1"));
    String upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n";
    String key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    String own = "host: " + URI.create(console.url()).getAuthority() + "\r\n";
    assertEquals(
        403, status("GET / HTTP/1.1", own + upgrade + key + "origin: https://example.com"));
  }

  // Java's own client does not let one lie about these.
  private int status(String line, String headers) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(console.url()).getPort())) {
      String request = line + "\r\n" + headers + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(head, StandardCharsets.US_ASCII).split(" ", -1)[1]);
    }
  }

  @Test
  void aHostThatIsGoneIsSaidToBe() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ConsoleServer lonely = new ConsoleServer(at(taken.getLocalPort()), 0)) {
      taken.close();
      assertEquals(502, get(lonely, "/checkpoint").statusCode());
      assertThrows(ClientException.class, () -> client(lonely));
      assertEquals(200, get(lonely, "/", "accept", "text/html").statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource({"/none/x,404", "/none,301", "/none/checkpoint,404", "/metrics,404", "/console/x,404"})
  void otherPaths(String path, int status) throws Exception {
    assertEquals(status, get(path).statusCode());
  }
}
