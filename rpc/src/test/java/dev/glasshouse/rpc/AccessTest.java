package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.rpc.access.AllowList;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may use a service, as it is seen over the wire. */
@Timeout(60)
class AccessTest {
  private static final String SCRIPT = "exports.echo = (...args) => args";
  private static final long NOT_ALLOWED = -32008;
  private static final long TOO_OFTEN = -32009;
  private static final ServiceSettings.Access OPEN = ServiceSettings.Access.DEFAULT;

  @TempDir private Path dir;

  private static String call(Talk talk, Signer signer, Hash log, long n) {
    return talk.call("rpc.call", signer.params(signer.request(log, n, "echo", "[1]")));
  }

  private static ServiceSettings.Access rate(double perSecond) {
    return new ServiceSettings.Access(AllowList.EVERYBODY, perSecond, List.of(), List.of());
  }

  @Test
  void onlyListedKeysMayCall() throws Exception {
    Signer listed = new Signer(1);
    Signer other = new Signer(2);
    AllowList list = AllowList.of(List.of(listed.identity.publicKey().format()));
    ServiceSettings.Access access =
        new ServiceSettings.Access(list, 0, OPEN.origins(), OPEN.names());
    try (RunningHost host = HostSetup.of(dir, SCRIPT).access(access).start();
        Talk talk = Talk.to(host)) {
      Hash log = host.module().log().id();
      String refused = call(talk, other, log, 1);
      assertEquals(NOT_ALLOWED, Json.at(refused, "error", "code"), refused);
      assertEquals(1, host.size(), "nothing was logged");
      String answer = call(talk, listed, log, 1);
      assertTrue(answer.contains("\"result\""), answer);
      // Who claims a listed key still has to sign with it.
      String request = listed.request(log, 2, "echo", "[1]");
      String forged = talk.call("rpc.call", listed.params(request, "A".repeat(86)));
      assertEquals(-32002L, Json.at(forged, "error", "code"), forged);
      assertTrue(talk.call("rpc.info", "{}").contains("\"result\""), "everybody may read");
    }
  }

  @Test
  void whoIsAddedToTheFileMayCallAndWhoIsTakenOutMayNot() throws Exception {
    Signer first = new Signer(1);
    Signer second = new Signer(2);
    Path keys = dir.resolve("keys");
    Files.writeString(keys, first.identity.publicKey().format());
    AllowList list = AllowList.of(List.of(keys.toString()));
    ServiceSettings.Access access =
        new ServiceSettings.Access(list, 0, OPEN.origins(), OPEN.names());
    try (RunningHost host = HostSetup.of(dir.resolve("log"), SCRIPT).access(access).start();
        Talk talk = Talk.to(host)) {
      Hash log = host.module().log().id();
      assertTrue(call(talk, first, log, 1).contains("\"result\""));
      Files.writeString(keys, second.identity.publicKey().format());
      assertFalse(look(host), "it may not be whole yet");
      assertTrue(look(host));
      assertEquals(NOT_ALLOWED, Json.at(call(talk, first, log, 2), "error", "code"));
      assertTrue(call(talk, second, log, 1).contains("\"result\""));
    }
  }

  private static boolean look(RunningHost host) {
    return host.service().lookAtCallers().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whoCallsTooOftenHearsWhenToComeAgain() throws Exception {
    // So slow that no burst is refilled while this runs.
    try (RunningHost host = HostSetup.of(dir, SCRIPT).access(rate(0.4)).start();
        Talk talk = Talk.to(host)) {
      Hash log = host.module().log().id();
      Signer first = new Signer(1);
      for (int claim = 0; claim < 10; claim++) {
        String request = first.request(log, 1, "echo", "[1]");
        String forged = talk.call("rpc.call", first.params(request, "A".repeat(86)));
        assertEquals(-32002L, Json.at(forged, "error", "code"), "forged calls cost nothing");
      }
      assertTrue(call(talk, first, log, 1).contains("\"result\""));
      assertTrue(call(talk, first, log, 2).contains("\"result\""));
      String refused = call(talk, first, log, 3);
      assertEquals(TOO_OFTEN, Json.at(refused, "error", "code"), refused);
      long millis = (long) Json.at(refused, "error", "data", "retryMillis");
      assertTrue(millis > 0 && millis <= 2500, refused);
      assertEquals(3, host.size());
      assertTrue(call(talk, new Signer(2), log, 1).contains("\"result\""), "others may call");
    }
  }

  @Test
  void onADebugHostANameIsACaller() throws Exception {
    try (RunningHost host = HostSetup.of(dir, SCRIPT).debug().access(rate(0.2)).start();
        Talk bob = Talk.to(host, "?user=bob", null);
        Talk again = Talk.to(host, "?user=bob", null);
        Talk eve = Talk.to(host, "?user=eve", null)) {
      assertTrue(bob.call("echo", "[1]").contains("\"result\""));
      String refused = again.call("echo", "[1]");
      assertEquals(TOO_OFTEN, Json.at(refused, "error", "code"), refused);
      assertTrue(eve.call("echo", "[1]").contains("\"result\""));
    }
  }

  /** The head and body of what a host answers to an upgrade, or the head alone of what it makes. */
  private static String upgrade(RunningHost host, String name, String origin) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.service().port())) {
      socket.setSoTimeout(20_000);
      String request =
          String.join(
              "\r\n",
              "GET / HTTP/1.1",
              "Host: " + name,
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
              origin == null ? "X-None: 1" : "Origin: " + origin,
              "",
              "");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      byte[] first = in.readNBytes("HTTP/1.1 101".length());
      String status = new String(first, StandardCharsets.US_ASCII);
      return status.endsWith(" 101")
          ? status
          : status + new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void assertUpgrade(RunningHost host, String name, String origin, int status)
      throws Exception {
    String answer = upgrade(host, name, origin);
    assertTrue(answer.startsWith("HTTP/1.1 " + status), name + " " + origin + " " + answer);
    assertTrue(status == 101 || answer.contains("start it with --allow-"), answer);
  }

  @Test
  void pagesOfOthersCannotUseADebugHost() throws Exception {
    ServiceSettings.Access access =
        new ServiceSettings.Access(
            AllowList.EVERYBODY, 0, List.of("https://friend.example"), List.of("demo.example"));
    try (RunningHost host = HostSetup.of(dir, SCRIPT).debug().access(access).start()) {
      assertUpgrade(host, "localhost:1", null, 101);
      assertUpgrade(host, "localhost:1", "http://localhost:1", 101);
      assertUpgrade(host, "127.0.0.1:1", "http://127.0.0.1:1", 101);
      assertUpgrade(host, "localhost:1", "https://friend.example", 101);
      assertUpgrade(host, "demo.example", "https://demo.example", 101);
      assertUpgrade(host, "localhost:1", "http://evil.example", 403);
      assertUpgrade(host, "localhost:1", "null", 403);
      assertUpgrade(host, "evil.example:1", "http://evil.example:1", 403);
      assertUpgrade(host, "evil.example:1", null, 403);
    }
  }

  @Test
  void aHostForSignedCallsIsForAllPages() throws Exception {
    try (RunningHost host = HostSetup.of(dir, SCRIPT).start()) {
      assertUpgrade(host, "example.org", "http://other.example:1", 101);
      HttpResponse<byte[]> read = host.get("/checkpoint", "origin", "http://other.example");
      assertEquals("*", read.headers().firstValue("access-control-allow-origin").orElseThrow());
    }
  }

  @Test
  void whatADebugHostHasIsForItsOwnPages() throws Exception {
    try (RunningHost host = HostSetup.of(dir, SCRIPT).debug().start()) {
      HttpResponse<byte[]> own = host.get("/checkpoint", "origin", "http://" + host.address());
      assertEquals(200, own.statusCode());
      assertEquals(
          "http://" + host.address(),
          own.headers().firstValue("access-control-allow-origin").orElseThrow());
      HttpResponse<byte[]> other = host.get("/checkpoint", "origin", "http://evil.example");
      assertTrue(other.headers().firstValue("access-control-allow-origin").isEmpty());
      assertNotEquals(List.of(), other.headers().allValues("vary"));
    }
  }
}
