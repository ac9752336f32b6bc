package dev.glasshouse.rpc.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A web server whose pages a test writes; what has no page is not found. */
final class WebPages implements AutoCloseable {
  /** Answers one path. */
  interface Page {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** By path and query. */
  final Map<String, Page> pages = new ConcurrentHashMap<>();

  /** What was asked for, in order. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  WebPages() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(path);
          Page page = pages.get(path);
          if (page == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            page.answer(exchange);
          }
          exchange.close();
        });
    server.start();
  }

  /** Its URL, without a slash at the end. */
  String at() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Answers a path with these bytes; {@code headers} are names and values in turn. */
  void serve(String path, byte[] bytes, String... headers) {
    pages.put(
        path,
        exchange -> {
          set(exchange, headers);
          exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  /** Answers a path with zeros that do not end until the client hangs up. */
  void serveEndlessly(String path, int status, String... headers) {
    pages.put(
        path,
        exchange -> {
          set(exchange, headers);
          exchange.sendResponseHeaders(status, 0);
          byte[] piece = new byte[1 << 16];
          OutputStream out = exchange.getResponseBody();
          try {
            while (over.getCount() > 0) {
              out.write(piece);
            }
          } catch (IOException e) {
            hungUp.countDown();
          }
        });
  }

  private static void set(HttpExchange exchange, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
    }
  }

  /** Whether a client has hung up on what does not end, or does so soon. */
  boolean isHungUp() throws InterruptedException {
    return hungUp.await(20, TimeUnit.SECONDS);
  }

  /** Waits at most this long for the test's end, and tells whether it has come. */
  boolean awaitEnd(long millis) {
    try {
      return over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
