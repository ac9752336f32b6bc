package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.rpc.ServiceSettings.Connections;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients may take of a service, together and each. */
@Timeout(60)
class ConnectionsTest {
  private static final String SCRIPT =
      """
      exports.echo = (...args) => args
      exports.draw = () => Math.random() < 1
      """;
  private static final String GET = "GET /checkpoint HTTP/1.1\r\nHost: localhost\r\n";
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "");
  private static final long CALM = 30_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir private Path dir;

  private RunningHost serve(int most, int inFlight, long pingMillis) throws Exception {
    return HostSetup.of(dir, SCRIPT)
        .debug()
        .connections(new Connections(most, inFlight, pingMillis))
        .start();
  }

  private static Socket connect(RunningHost host, String request) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.service().port());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String read(Socket socket, int bytes) throws Exception {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  private static void awaitConnections(RunningHost host, int count) {
    long start = System.nanoTime();
    while (host.service().connections() != count) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError(host.service().connections() + " connections, not " + count);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws Exception {
    try (RunningHost host = serve(2, 256, CALM);
        Talk talk = Talk.to(host);
        Socket kept = connect(host, GET + "\r\n")) {
      assertEquals("HTTP/1.1 200", read(kept, 12));
      for (String more : List.of("", UPGRADE)) {
        try (Socket refused = connect(host, GET + more + "\r\n")) {
          String answer = read(refused, 10_000);
          assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
          assertTrue(answer.endsWith("this host has 2 connections; come again\n"), answer);
        }
      }
      assertEquals("[1]", String.valueOf(Json.at(talk.call("echo", "[1]"), "result")));
      kept.close();
      awaitConnections(host, 1);
      try (Talk again = Talk.to(host)) {
        assertTrue(again.call("echo", "[1]").contains("\"result\""));
        assertEquals(2, host.service().connections());
      }
      awaitConnections(host, 1);
    }
  }

  @Test
  void aStormIsNotKept() throws Exception {
    List<Socket> storm = new ArrayList<>();
    try (RunningHost host = serve(1, 256, CALM);
        Talk talk = Talk.to(host)) {
      int many = 2 * ConnectionCount.MAX_REFUSED;
      for (int each = 0; each < many; each++) {
        storm.add(connect(host, ""));
      }
      // Those for whom there is no time are closed at once, the others in a moment.
      awaitConnections(host, 1);
      assertTrue(talk.call("echo", "[1]").contains("\"result\""));
    } finally {
      for (Socket each : storm) {
        each.close();
      }
    }
  }

  @Test
  void aConnectionHasSoManyMessagesUnderWay() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    HostSetup setup =
        HostSetup.of(dir, SCRIPT)
            .debug()
            .outside(outside)
            .connections(new Connections(10, 3, CALM));
    try (RunningHost host = setup.start();
        Talk talk = Talk.to(host)) {
      String draw = "{\"jsonrpc\":\"2.0\",\"method\":\"draw\",\"params\":[],\"id\":";
      for (int id = 1; id <= 3; id++) {
        talk.send(draw + id + "}");
      }
      outside.entered.await();
      String refused = talk.ask(draw + "4}");
      assertEquals(-32005L, Json.at(refused, "error", "code"), refused);
      assertEquals(4L, Json.at(refused, "id"), refused);
      String batch = talk.ask("[" + draw + "5}," + draw + "6}]");
      assertEquals(-32005L, Json.at(batch, 1, "error", "code"), batch);
      outside.letGo.countDown();
      for (long id = 1; id <= 3; id++) {
        assertEquals(id, Json.at(talk.next(), "id"));
      }
      assertTrue(talk.call("echo", "[1]").contains("\"result\""));
      assertEquals(1 + 4, host.size(), "what was refused is not logged");
    }
  }

  @Test
  void whoDoesNotAnswerPingsIsGone() throws Exception {
    try (RunningHost host = serve(10, 256, 50);
        Talk alive = Talk.to(host);
        Socket dead = connect(host, GET.replace("/checkpoint", "/") + UPGRADE + "\r\n")) {
      assertEquals("HTTP/1.1 101", read(dead, 12));
      InputStream in = dead.getInputStream();
      int pings = 0;
      int last = 0;
      for (int next = in.read(); next >= 0 && last != 0x88; next = in.read()) {
        // 0x89 0x00 is a ping, 0x88 begins a close.
        pings += last == 0x89 && next == 0 ? 1 : 0;
        last = next;
      }
      assertEquals(4, pings);
      assertTrue(alive.call("echo", "[1]").contains("\"result\""));
      dead.close();
      awaitConnections(host, 1);
    }
  }
}
