package dev.glasshouse.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** A web server of a test's own making: any answer, or a real host's with changes. */
final class FrontServer implements AutoCloseable {
  /** Makes the body of an answer from the path and, behind a host, that host's body. */
  interface Body {
    byte[] of(String path, byte[] original);
  }

  private static final byte[] NOTHING = {};

  private final HttpServer server;

  private FrontServer(String host, Body body) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, host, body));
    server.start();
  }

  /** A server that answers everything by itself; null is not found. */
  static FrontServer of(Body body) throws IOException {
    return new FrontServer(null, body);
  }

  /** A server in front of a real host. */
  static FrontServer before(TestHost host, Body body) throws IOException {
    return new FrontServer(host.at(), body);
  }

  String at() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, String host, Body body) throws IOException {
    byte[] original = NOTHING;
    int status = 200;
    if (host != null) {
      URI uri = URI.create("http://" + host + exchange.getRequestURI());
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestProperty("accept", exchange.getRequestHeaders().getFirst("accept"));
      status = connection.getResponseCode();
      if (connection.getContentType() != null) {
        exchange.getResponseHeaders().set("content-type", connection.getContentType());
      }
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        original = in.readAllBytes();
      }
    }
    byte[] answer = body.of(exchange.getRequestURI().getPath(), original);
    if (answer == null) {
      answer = NOTHING;
      status = 404;
    } else if (answer != original) {
      status = 200;
    }
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
