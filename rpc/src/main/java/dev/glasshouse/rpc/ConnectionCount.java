package dev.glasshouse.rpc;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of a service. What is over its limit lives for a moment, in which it can be told
 * so, unless there are many of these too.
 */
final class ConnectionCount {
  /** Connections that are being told that they are too many. */
  static final int MAX_REFUSED = 100;

  private static final long REFUSAL_MILLIS = 1000;

  private final Vertx vertx;
  private final int most;
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<HttpConnection> refused = ConcurrentHashMap.newKeySet();

  /**
   * None yet.
   *
   * @param most connections at the same time
   */
  ConnectionCount(Vertx vertx, int most) {
    this.vertx = vertx;
    this.most = most;
  }

  /**
   * Counts a connection until it closes. One that becomes a WebSocket no longer says when it
   * closes: {@link #leave} does it.
   */
  void enter(HttpConnection connection) {
    open.add(connection);
    connection.closeHandler(closed -> leave(connection));
    if (open.size() <= most) {
      return;
    }
    if (refused.size() >= MAX_REFUSED) {
      connection.close();
      return;
    }
    refused.add(connection);
    vertx.setTimer(REFUSAL_MILLIS, late -> connection.close());
  }

  /** Forgets a connection that has closed. */
  void leave(HttpConnection connection) {
    open.remove(connection);
    refused.remove(connection);
  }

  /** Whether a connection is one too many. */
  boolean isRefused(HttpConnection connection) {
    return refused.contains(connection);
  }

  /** How many there are. */
  int open() {
    return open.size();
  }
}
