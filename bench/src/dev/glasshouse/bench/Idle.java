package dev.glasshouse.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens WebSockets at once, as fast as a host takes them, and leaves them open without a word until
 * the standard input ends.
 *
 * <p>Arguments: ADDRESS CONNECTIONS. Every second one stops in the middle of a frame.
 */
final class Idle {
  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  private static final byte[] TORN = {(byte) 0x81, (byte) 0x85, 0, 0};

  private Idle() {}

  public static void main(String[] args) throws IOException {
    String[] address = args[0].split(":", 2);
    InetSocketAddress host = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    int count = Integer.parseInt(args[1]);
    long begun = System.nanoTime();
    List<SocketChannel> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(host);
      write(channel, UPGRADE.getBytes(StandardCharsets.US_ASCII));
      open.add(channel);
    }
    for (int i = 0; i < count; i++) {
      requireUpgraded(open.get(i));
      if (i % 2 == 0) {
        write(open.get(i), TORN);
      }
    }
    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.printf("%d connections after %d ms%n", count, millis);
    while (System.in.read() >= 0) {
      // Whoever started this has not gone yet.
    }
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  private static void requireUpgraded(SocketChannel channel) throws IOException {
    StringBuilder head = new StringBuilder();
    ByteBuffer some = ByteBuffer.allocate(1024);
    while (head.indexOf("\r\n\r\n") < 0) {
      if (channel.read(some.clear()) < 0) {
        throw new IOException("the host has closed a connection: " + head);
      }
      head.append(StandardCharsets.US_ASCII.decode(some.flip()));
    }
    if (head.indexOf("HTTP/1.1 101") != 0) {
      throw new IOException(head.toString());
    }
  }
}
