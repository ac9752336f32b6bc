package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that do nothing, stop in the middle of a frame, or do not read what they asked for.
 */
@Timeout(120)
class SlowConnectionsTest {
  private static final int IDLE = 500;
  private static final String SCRIPT =
      """
      exports.echo = x => x
      exports.much = n => 'x'.repeat(n)
      """;
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "GET / HTTP/1.1",
          "Host: localhost",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "",
          "");

  // Of one answer; of all of them together, more than sockets hold.
  private static final int MUCH = 200_000;
  private static final int ASKED = 100;

  @TempDir private Path dir;

  private RunningHost serve() throws Exception {
    return HostSetup.of(dir, SCRIPT)
        .debug()
        .connections(new ServiceSettings.Connections(2 * IDLE, 256, 30_000))
        .start();
  }

  private static SocketChannel upgraded(RunningHost host) throws IOException {
    SocketChannel channel =
        SocketChannel.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), host.service().port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    write(channel, UPGRADE.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    ByteBuffer some = ByteBuffer.allocate(1024);
    while (head.indexOf("\r\n\r\n") < 0) {
      assertTrue(channel.read(some.clear()) > 0, head.toString());
      head.append(StandardCharsets.US_ASCII.decode(some.flip()));
    }
    assertTrue(head.indexOf("HTTP/1.1 101") == 0, head.toString());
    return channel;
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  // Masked, as a client's frame must be, with zeros.
  private static byte[] frame(int id, String method, String params) {
    String text =
        String.format(
            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}", id, method, params);
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(6 + payload.length)
        .put((byte) 0x81)
        .put((byte) (0x80 | payload.length))
        .putInt(0)
        .put(payload)
        .array();
  }

  private static String read(SocketChannel channel) throws IOException {
    DataInputStream in = new DataInputStream(channel.socket().getInputStream());
    assertEquals(0x81, in.readUnsignedByte());
    int length = in.readUnsignedByte();
    long whole = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
    return new String(in.readNBytes((int) whole), StandardCharsets.US_ASCII);
  }

  @Test
  void thoseInTheMiddleOfFrameCostNobodyAnything() throws Exception {
    byte[] frame = frame(7, "echo", "[1]");
    try (RunningHost host = serve();
        Talk talk = Talk.to(host)) {
      List<SocketChannel> idle = new ArrayList<>();
      for (int i = 0; i < IDLE; i++) {
        SocketChannel channel = upgraded(host);
        idle.add(channel);
        write(channel, Arrays.copyOf(frame, i % frame.length));
      }
      assertEquals(IDLE + 1, host.service().connections());
      assertTrue(talk.call("echo", "[1]").contains("\"result\""));
      for (int i = 0; i < IDLE; i++) {
        write(idle.get(i), Arrays.copyOfRange(frame, i % frame.length, frame.length));
      }
      for (SocketChannel channel : idle) {
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}", read(channel));
        channel.close();
      }
    }
  }

  @Test
  void whoReadsNothingWaitsAloneAndMissesNothing() throws Exception {
    try (RunningHost host = serve();
        Talk talk = Talk.to(host);
        SocketChannel slow = upgraded(host)) {
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int id = 0; id < ASKED; id++) {
                    write(slow, frame(id, "much", "[" + MUCH + "]"));
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 0; i < 20; i++) {
        assertTrue(talk.call("echo", "[1]").contains("\"result\""));
      }
      for (int id = 0; id < ASKED; id++) {
        String answer = read(slow);
        assertTrue(answer.contains("\"id\":" + id + ","), answer.substring(0, 60));
        assertTrue(answer.length() > MUCH, answer);
      }
      asking.join();
    }
  }
}
