package dev.glasshouse.rpc.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A network between client and host that cuts, forges and misroutes when a test says so. */
final class Proxy implements AutoCloseable {
  /** Sees each piece on its way; returns what to pass on, or null to cut the connection instead. */
  interface Rule {
    Rule PASS = piece -> piece;

    byte[] pass(byte[] piece);
  }

  volatile int target;
  volatile Rule toHost = Rule.PASS;
  volatile Rule toClient = Rule.PASS;

  /** Bytes after which the connection is cut, once; those to the host, those to the client. */
  final AtomicLong leftToHost = new AtomicLong(Long.MAX_VALUE);

  final AtomicLong leftToClient = new AtomicLong(Long.MAX_VALUE);

  /** Connections that were made. */
  final AtomicInteger connections = new AtomicInteger();

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Proxy(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  HostAddress address() {
    return new HostAddress("127.0.0.1", listening.getLocalPort());
  }

  /** A rule that replaces text by text of the same length, as bytes. */
  static Rule replacing(String from, String to) {
    return piece -> {
      String text = new String(piece, StandardCharsets.ISO_8859_1);
      return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  /** A rule that cuts, as often as this, what holds a text. */
  static Rule cutting(String text, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return piece ->
        new String(piece, StandardCharsets.ISO_8859_1).contains(text) && left.getAndDecrement() > 0
            ? null
            : piece;
  }

  /** A rule that cuts the next piece, whatever it is, once. */
  static Rule cuttingNext() {
    AtomicInteger left = new AtomicInteger(1);
    return piece -> left.getAndDecrement() > 0 ? null : piece;
  }

  private void accept() {
    try {
      while (true) {
        connect(listening.accept());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void connect(Socket client) throws IOException {
    Socket host;
    try {
      host = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      client.close();
      return;
    }
    open.add(client);
    open.add(host);
    connections.incrementAndGet();
    start(() -> pump(client, host, true));
    start(() -> pump(host, client, false));
  }

  private void pump(Socket from, Socket to, boolean upwards) {
    byte[] buffer = new byte[1 << 20];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        Rule rule = upwards ? toHost : toClient;
        byte[] passed = rule.pass(Arrays.copyOf(buffer, length));
        if (passed == null) {
          return;
        }
        AtomicLong bytes = upwards ? leftToHost : leftToClient;
        long left = bytes.getAndAdd(-passed.length);
        out.write(passed, 0, (int) Math.max(0, Math.min(left, passed.length)));
        if (left < passed.length) {
          bytes.set(Long.MAX_VALUE);
          return;
        }
      }
    } catch (IOException e) {
      // The other side is gone: so is this one.
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
