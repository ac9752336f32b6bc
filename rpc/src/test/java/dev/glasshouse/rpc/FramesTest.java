package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Limits;
import dev.glasshouse.rpc.access.CallerRules;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client may send over the WebSocket, and what it hears. */
class FramesTest {
  private static final String SCRIPT =
      "exports.echo = (...args) => args;"
          + "exports.long = n => 'x'.repeat(n);"
          + "exports.fail = () => { const e = new Error('no'); e.name = 'Refusal'; throw e };"
          + "exports.spin = () => { for (;;) {} };"
          + "exports.caller = () => System.caller.id;";
  private static final int FRAME = 20_000;
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "Sec-WebSocket-Version: 13",
          "");
  private static final Limits LIMITS =
      new Limits(50, 16 << 20, 900_000, 10_000, 5_000, 8 << 20, 64 << 20, 10_000, 10_000);

  @TempDir static Path dir;
  private static RunningHost host;

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir, SCRIPT).debug().limits(LIMITS).frameBytes(FRAME).start();
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | -32700 | null",
        "` ` | -32700 | null",
        "{ | -32700 | null",
        "[ | -32700 | null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\" | -32700 | null",
        "nonsense | -32700 | null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"} x | -32700 | null",
        "[] | -32600 | null",
        "1 | -32600 | null",
        "\"echo\" | -32600 | null",
        "null | -32600 | null",
        "{} | -32600 | null",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"echo\"} | -32600 | 1",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"echo\"} | -32600 | 1",
        "{\"id\":\"a\",\"method\":\"echo\"} | -32600 | \"a\"",
        "{\"jsonrpc\":\"2.0\",\"id\":1} | -32600 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7} | -32600 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":7} | -32600 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":false} | -32600 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"echo\"} | -32600 | null",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"echo\"} | -32600 | null",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"echo\"} | -32600 | null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"a\":1}} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"absent\"} | -32601 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.absent\"} | -32601 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.call\"} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.call\",\"params\":[1]} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.call\",\"params\":{}} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.consistency\",\"params\":{\"old\":0}}"
            + " | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.consistency\","
            + "\"params\":{\"old\":-1,\"new\":1}} | -32602 | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.consistency\","
            + "\"params\":{\"old\":0,\"new\":999999}} | -32602 | 1",
      })
  void whatIsNoRequestHasItsErrorCode(String text, int code, String id) {
    try (Talk talk = Talk.to(host)) {
      String answer = talk.ask(text);
      assertEquals((long) code, Json.at(answer, "error", "code"), answer);
      assertEquals("2.0", Json.at(answer, "jsonrpc"), answer);
      assertEquals(Json.parse(id), Json.at(answer, "id"), answer);
      assertEquals("[7]", result(talk, "7"));
    }
  }

  private static String result(Talk talk, String arguments) {
    String answer = talk.call("echo", "[" + arguments + "]");
    int from = answer.indexOf("\"result\":") + "\"result\":".length();
    return answer.substring(from, answer.length() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1", "0", "-5", "1.5", "1e400", "null", "\"text\"", "\"\\u0041\\\"\"", "\"\""})
  void idsComeBack(String id) {
    try (Talk talk = Talk.to(host)) {
      String answer =
          talk.ask("{\"method\":\"echo\",\"extra\":[{}],\"jsonrpc\":\"2.0\",\"id\":" + id + "}");
      assertEquals(Json.parse(id), Json.at(answer, "id"), answer);
      assertEquals(List.of(), Json.at(answer, "result"), answer);
    }
  }

  @Test
  void valuesPassThroughUntouched() {
    try (Talk talk = Talk.to(host)) {
      assertEquals(
          "[1.5,\"\u00e9\ud83d\ude00\",null,{\"a\":[]}]",
          result(talk, "1.50, \"\\u00e9\ud83d\ude00\", null, {\"a\" : [ ]}"));
    }
  }

  @Test
  void batchIsAnsweredInOneArrayWithoutItsNotifications() {
    String call = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[%d],\"id\":%d}";
    String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[9]}";
    try (Talk talk = Talk.to(host)) {
      long before = host.size();
      String answer =
          talk.ask(
              "["
                  + String.format(call, 1, 1)
                  + ",7,"
                  + notification
                  + ",[],"
                  + String.format(call, 2, 2)
                  + ",{\"id\":3,\"jsonrpc\":\"2.0\"}]");
      List<?> answers = (List<?>) Json.parse(answer);
      assertEquals(5, answers.size(), answer);
      assertEquals(List.of(1L), Json.at(answer, 0, "result"));
      assertEquals(-32600L, Json.at(answer, 1, "error", "code"));
      assertEquals(-32600L, Json.at(answer, 2, "error", "code"));
      assertEquals(List.of(2L), Json.at(answer, 3, "result"));
      assertEquals(3L, Json.at(answer, 4, "id"));
      assertEquals(before + 3, host.size(), "a notification is executed too");
    }
  }

  @Test
  void notificationsAloneAreNotAnswered() {
    try (Talk talk = Talk.to(host)) {
      long before = host.size();
      talk.send("{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}");
      talk.send("[{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}]");
      talk.send("{\"jsonrpc\":\"2.0\",\"method\":\"absent\"}");
      assertEquals("[1]", result(talk, "1"));
      assertEquals(before + 4, host.size());
    }
  }

  @Test
  void batchOverTheLimitIsRefusedWhole() {
    String one = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1}";
    try (Talk talk = Talk.to(host)) {
      long before = host.size();
      String most = talk.ask("[" + (one + ",").repeat(JsonRpc.MAX_BATCH - 1) + one + "]");
      assertEquals(JsonRpc.MAX_BATCH, ((List<?>) Json.parse(most)).size());
      assertEquals(before + JsonRpc.MAX_BATCH, host.size());
      String over = talk.ask("[" + (one + ",").repeat(JsonRpc.MAX_BATCH) + one + "]");
      assertEquals(-32600L, Json.at(over, "error", "code"), over);
      assertEquals(before + JsonRpc.MAX_BATCH, host.size());
    }
  }

  @Test
  void binaryMessagesAreAnsweredWithAnError() {
    try (Talk talk = Talk.to(host)) {
      talk.sendBinary(new byte[] {1, 2, 3});
      assertEquals(-32600L, Json.at(talk.next(), "error", "code"));
      assertEquals("[1]", result(talk, "1"));
    }
  }

  @Test
  void frameOverTheLimitClosesThisConnectionWithItsStatus() throws Exception {
    String head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[";
    String most = head + " ".repeat(FRAME - head.length() - 2) + "]}";
    try (Talk other = Talk.to(host);
        Talk talk = Talk.to(host)) {
      // White space counts for the request limit as well: this one is a frame, but no request.
      assertEquals(-32007L, Json.at(talk.ask(most), "error", "code"));
      talk.trySend(most + " ");
      assertEquals(1009, talk.closeStatus());
      assertEquals("[1]", result(other, "1"));
    }
  }

  @Test
  void singleFrameOverTheLimitClosesItsConnectionToo() throws Exception {
    try (Socket socket = handshake("")) {
      byte[] frame = clientFrame(0x81, new byte[FRAME + 1]);
      socket.getOutputStream().write(frame);
      assertEquals(1009, closeFrame(socket.getInputStream()));
    }
  }

  @Test
  void messageOfManyFragmentsIsUnderTheSameLimit() throws Exception {
    try (Talk other = Talk.to(host);
        Socket socket = handshake("")) {
      OutputStream out = socket.getOutputStream();
      byte[] part = new byte[1_000];
      java.util.Arrays.fill(part, (byte) ' ');
      out.write(clientFrame(0x01, part));
      for (int i = 0; i < FRAME / 1_000 + 1; i++) {
        out.write(clientFrame(0x00, part));
      }
      out.flush();
      assertEquals(1009, closeFrame(socket.getInputStream()));
      assertEquals("[1]", result(other, "1"));
    }
  }

  @Test
  void compressionIsNotOffered() throws Exception {
    try (Socket socket =
        handshake("Sec-WebSocket-Extensions: permessage-deflate, deflate-frame\r\n")) {
      assertFalse(lastHead.toLowerCase(java.util.Locale.ROOT).contains("deflate"), lastHead);
    }
  }

  private String lastHead;

  private Socket handshake(String header) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.service().port());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + header + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      assertTrue(c >= 0, head.toString());
      head.append((char) c);
    }
    lastHead = head.toString();
    assertTrue(lastHead.startsWith("HTTP/1.1 101"), lastHead);
    return socket;
  }

  // A masked frame whose mask is 0; `opcode` without the FIN bit.
  private static byte[] clientFrame(int opcode, byte[] payload) {
    byte[] frame = new byte[8 + payload.length];
    frame[0] = (byte) opcode;
    frame[1] = (byte) (0x80 | 126);
    frame[2] = (byte) (payload.length >> 8);
    frame[3] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, 8, payload.length);
    return frame;
  }

  // The status of a close frame, which is the next that is to be read.
  private static int closeFrame(InputStream in) throws Exception {
    assertEquals(0x88, in.read());
    byte[] payload = in.readNBytes(in.read());
    return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
  }

  private static void assertClosedByHost(InputStream in) throws Exception {
    try {
      while (in.read() >= 0) {
        // A close frame, then the end.
      }
    } catch (java.net.SocketException e) {
      // A reset is an end too.
    }
  }

  @Test
  void mutatedFramesNeverHarmAnotherConnection() {
    String[] good = {
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1,\"\u00fc\",{\"a\":[null]}]}",
      "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"},{\"jsonrpc\":\"2.0\",\"method\":\"caller\"}]",
      "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"rpc.call\",\"params\":{\"key\":\"ed25519:A\","
          + "\"sig\":\"AA\",\"request\":\"{}\"}}",
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.consistency\",\"params\":{\"old\":1,\"new\":1}}",
    };
    String alphabet = "{}[]\",:0129e.-+\\u\u0000\ud83d\ude00 nulltrefas";
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(good[random.nextInt(good.length)]);
      for (int i = random.nextInt(5); i >= 0; i--) {
        int at = random.nextInt(Math.max(1, text.length()));
        switch (text.length() == 0 ? 1 : random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          case 2 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> text.setLength(Math.max(1, at));
        }
      }
      // What a WebSocket would not carry as text is for the next test.
      String frame =
          new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      Mount mount = Mount.atRoot(host.module());
      Session session = new Session(mount, CallerRules.NONE, null, "http://h:1", null);
      String answer = session.answer(frame).join();
      if (answer != null) {
        Json.parse(answer);
        assertFalse(answer.contains("-32603"), "seed " + seed + ": " + frame + " gives " + answer);
      }
    }
    assertNull(host.module().stopped());
  }

  @Test
  void framesOutOfProtocolEndTheirConnectionOnly() throws Exception {
    try (Talk other = Talk.to(host)) {
      for (long seed = 1; seed <= 25; seed++) {
        Random random = new Random(seed);
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        try (Socket socket = handshake("")) {
          socket.getOutputStream().write(noise);
          socket.getOutputStream().flush();
          socket.shutdownOutput();
          assertClosedByHost(socket.getInputStream());
        }
        assertEquals("[" + seed + "]", result(other, String.valueOf(seed)), "seed " + seed);
      }
      byte[] notUtf8 = clientFrame(0x81, new byte[] {(byte) 0xc3, (byte) 0x28});
      try (Socket socket = handshake("")) {
        socket.getOutputStream().write(notUtf8);
        assertClosedByHost(socket.getInputStream());
      }
      assertEquals("[1]", result(other, "1"));
    }
  }

  @Test
  void requestLimitHoldsToTheByte() {
    int room =
        (int) LIMITS.request() - "{\"calls\":[{\"method\":\"echo\",\"params\":[\"\"]}]}".length();
    try (Talk talk = Talk.to(host)) {
      // The result is over its own limit, and that is the module's failure, not the caller's.
      String most = talk.call("echo", "[\"" + "a".repeat(room) + "\"]");
      assertEquals(-32000L, Json.at(most, "error", "code"), most);
      String over = talk.call("echo", "[\"" + "a".repeat(room + 1) + "\"]");
      assertEquals(-32007L, Json.at(over, "error", "code"), over);
      // Limits count bytes of UTF-8.
      String wide = talk.call("echo", "[\"" + "\u20ac".repeat(room / 3 + 1) + "\"]");
      assertEquals(-32007L, Json.at(wide, "error", "code"), wide);
    }
  }

  @Test
  void resultLimitHoldsToTheByte() {
    int most = (int) LIMITS.result() - 2;
    try (Talk talk = Talk.to(host)) {
      String fits = talk.call("long", "[" + most + "]");
      assertEquals("x".repeat(most), Json.at(fits, "result"));
      String over = talk.call("long", "[" + (most + 1) + "]");
      assertEquals(-32000L, Json.at(over, "error", "code"), over);
      assertEquals("RangeError", Json.at(over, "error", "data", "name"), over);
    }
  }

  @Test
  void failuresOfTheModuleAreErrorsWithTheirNames() {
    try (Talk talk = Talk.to(host)) {
      String thrown = talk.call("fail", "[]");
      assertEquals(-32000L, Json.at(thrown, "error", "code"));
      assertEquals("no", Json.at(thrown, "error", "message"));
      assertEquals("Refusal", Json.at(thrown, "error", "data", "name"));
      String trapped = talk.call("spin", "[]");
      assertEquals(-32000L, Json.at(trapped, "error", "code"));
      assertEquals("fuel", Json.at(trapped, "error", "data", "trap"), trapped);
      String absent = talk.call("toString", "[]");
      assertEquals(-32601L, Json.at(absent, "error", "code"), absent);
      assertEquals("MethodNotFoundError", Json.at(absent, "error", "data", "name"), absent);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | - | -",
        "- | Basic Ym9iOnB3 | bob",
        "- | Basic Ym9i | bob",
        "- | Basic !!! | -",
        "- | Basic OnB3 | -",
        "- | Bearer x | -",
        "?user=carol | - | carol",
        "?a=b&user=c%20d%C3%BC | - | c d\u00fc",
        "?user=carol | Basic Ym9iOnB3 | bob",
        "?user= | - | -",
        "?user | - | -",
      })
  void callerIsWhoTheClientSaysItIs(String query, String authorization, String expected) {
    try (Talk talk = Talk.to(host, query == null ? "" : query, authorization)) {
      assertEquals(expected, Json.at(talk.call("caller", "[]"), "result"));
    }
  }

  @Test
  void userThatDoesNotDecodeIsRefused() throws Exception {
    assertEquals(
        400, rawStatus("GET /?user=%zz HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + "\r\n"));
    assertEquals(400, rawStatus("GET /files/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assertEquals(400, rawStatus("GET /files/?root=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  private static int rawStatus(String head) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.service().port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 400".length());
      return Integer.parseInt(new String(status, StandardCharsets.US_ASCII).substring(9));
    }
  }

  @Test
  void discoverIsAnOpenRpcDocument() {
    try (Talk talk = Talk.to(host)) {
      String answer = talk.call("rpc.discover", "[]");
      assertTrue(((String) Json.at(answer, "result", "openrpc")).matches("1\\.\\d+\\.\\d+"));
      assertEquals("Test", Json.at(answer, "result", "info", "title"));
      assertEquals(host.module().log().id().hex(), Json.at(answer, "result", "info", "version"));
      List<?> methods = (List<?>) Json.at(answer, "result", "methods");
      assertEquals(5, methods.size(), answer);
      assertEquals("long", Json.at(answer, "result", "methods", 3, "name"));
      assertEquals("by-position", Json.at(answer, "result", "methods", 3, "paramStructure"));
      assertEquals("arg0", Json.at(answer, "result", "methods", 3, "params", 0, "name"));
      assertEquals("result", Json.at(answer, "result", "methods", 3, "result", "name"));
    }
  }

  @Test
  void handshakeIsWhatNodeVmsClientsRead() {
    try (Talk talk = Talk.to(host)) {
      // As nodevms-client 2.0.0 asks: its JSON-RPC library writes null for no parameters.
      String answer =
          talk.ask("{\"jsonrpc\":\"2.0\",\"method\":\"handshake\",\"params\":null,\"id\":\"u\"}");
      assertEquals(
          List.of("caller", "echo", "fail", "long", "spin"),
          ((List<?>) Json.at(answer, "result", "methods")).stream().sorted().toList());
      assertEquals(
          "http://" + host.address() + "/files/", Json.at(answer, "result", "filesArchiveUrl"));
    }
  }
}
