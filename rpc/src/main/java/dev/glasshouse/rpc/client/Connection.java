package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CallRefused;
import java.net.http.HttpClient;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;

/**
 * The way to a host. When it is lost, another is opened and everything that was not answered is
 * sent again: the same bytes, which the host executes once. So is what a host refused for now, once
 * the time that it named is over; until then nothing else is sent.
 */
final class Connection implements AutoCloseable {
  private static final int ATTEMPTS = 4;

  private final HttpClient http = HttpClient.newHttpClient();
  private final HostAddress address;
  private final String user;
  private final Executor reconnecting;
  private final Backoff backoff;

  // By number: a host refuses one that is below the last it has seen, so that what is sent again is
  // sent in the order in which it was sent first.
  private final NavigableMap<Long, Sent> unanswered = new TreeMap<>();

  private Wire wire;

  // While it lasts, requests wait: one with a higher number that came before would have the host
  // refuse those below it for good. Null if none does.
  private CompletableFuture<Void> pause;
  private boolean retired;
  private boolean closed;
  private long lastNumber;

  /** A signed request that may have to be sent again. */
  private static final class Sent {
    private final long number;
    private final String params;
    private final CompletableFuture<String> response = new CompletableFuture<>();
    private int lost;
    private int refusals;
    private RefusedException refusal;

    // Not over any wire at the moment.
    private boolean isWaiting = true;

    Sent(long number, String params) {
      this.number = number;
      this.params = params;
    }
  }

  /**
   * Connects.
   *
   * @param user whom a debug host is told to be called by, or null
   * @param reconnecting where a lost connection is opened again
   */
  Connection(HostAddress address, String user, Executor reconnecting) {
    this(address, user, reconnecting, Backoff.real());
  }

  /** As above, with another patience. */
  Connection(HostAddress address, String user, Executor reconnecting, Backoff backoff) {
    this.address = address;
    this.user = user;
    this.reconnecting = reconnecting;
    this.backoff = backoff;
    this.wire = Wire.connect(http, address, user);
  }

  /**
   * Sends a signed request.
   *
   * @param params of {@code rpc.call}, given the request's number in its session
   * @return completes with the result's JSON text; exceptionally with {@link ClientException}
   */
  synchronized CompletableFuture<String> call(LongFunction<String> params) {
    if (closed) {
      return CompletableFuture.failedFuture(closedFailure());
    }
    // Numbers leave in order: a host refuses one that is below the last it has seen.
    Sent sent = new Sent(lastNumber + 1, params.apply(lastNumber + 1));
    lastNumber++;
    unanswered.put(sent.number, sent);
    if (pause == null) {
      send(sent);
    }
    return sent.response;
  }

  /** Sends any other request, which is lost with its connection. */
  CompletableFuture<String> request(String method, String params) {
    try {
      return connected().request(method, params);
    } catch (ClientException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** From here on a lost connection stays lost, and nothing that is refused waits. */
  synchronized void retire() {
    retired = true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    wire.close();
    if (pause != null) {
      pause.cancel(false);
    }
    failAll(closedFailure());
  }

  /** What is said to whoever calls over a connection that its user has closed. */
  static ClientException closedFailure() {
    return new ClientException("the connection was closed");
  }

  // Under this object's lock.
  private void send(Sent sent) {
    Wire over = wire;
    sent.isWaiting = false;
    CompletableFuture<String> unused =
        over.request("rpc.call", sent.params)
            .whenComplete((json, failure) -> answered(sent, over, json, failure));
  }

  private void answered(Sent sent, Wire over, String json, Throwable failure) {
    if (failure == null || failure instanceof RefusedException) {
      if (failure instanceof RefusedException refused && waits(sent, refused)) {
        return;
      }
      synchronized (this) {
        unanswered.remove(sent.number);
      }
      if (failure == null) {
        sent.response.complete(json);
      } else {
        sent.response.completeExceptionally(told(sent, (RefusedException) failure));
      }
      return;
    }
    try {
      // Connecting takes a while, and this is a thread of the lost connection.
      reconnecting.execute(() -> sendAgain(over));
    } catch (RejectedExecutionException e) {
      // Closed: this call has failed with all others.
    }
  }

  // A request that was on its way when this one was refused may have been executed before it.
  private static RefusedException told(Sent sent, RefusedException refused) {
    boolean isOvertaken = refused.code() == CallRefused.Reason.USED_NUMBER.code();
    return isOvertaken && sent.refusal != null ? sent.refusal : refused;
  }

  // Whether a request that was refused is sent again, later.
  private synchronized boolean waits(Sent sent, RefusedException refused) {
    OptionalLong millis = backoff.millis(refused, ++sent.refusals);
    if (millis.isEmpty() || retired || closed) {
      return false;
    }
    sent.refusal = refused;
    sent.isWaiting = true;
    if (pause == null) {
      pause = backoff.pause(millis.getAsLong());
      CompletableFuture<Void> unused = pause.thenRunAsync(this::resume, reconnecting);
    }
    return true;
  }

  private synchronized void resume() {
    pause = null;
    if (wire.isClosed()) {
      sendAgain(wire);
    } else {
      sendWaiting();
    }
  }

  // Under this object's lock.
  private void sendWaiting() {
    for (Sent sent : List.copyOf(unanswered.values())) {
      if (sent.isWaiting) {
        send(sent);
      }
    }
  }

  private void sendAgain(Wire lost) {
    try {
      replace(lost);
    } catch (ClientException e) {
      // All who wait have failed with it.
    }
  }

  private synchronized Wire connected() {
    return wire.isClosed() ? replace(wire) : wire;
  }

  private synchronized Wire replace(Wire lost) {
    if (wire != lost || closed) {
      return wire;
    }
    if (retired) {
      throw closedFailure();
    }
    try {
      wire = Wire.connect(http, address, user);
    } catch (ClientException e) {
      failAll(e);
      throw e;
    }
    for (Sent sent : List.copyOf(unanswered.values())) {
      boolean wasOnItsWay = !sent.isWaiting;
      sent.isWaiting = true;
      if (wasOnItsWay && ++sent.lost == ATTEMPTS) {
        unanswered.remove(sent.number);
        ClientException why = lost.failure();
        sent.response.completeExceptionally(
            new ClientException(
                "the connection was lost "
                    + ATTEMPTS
                    + " times, at last because "
                    + why.getMessage(),
                why));
      }
    }
    if (pause == null) {
      sendWaiting();
    }
    return wire;
  }

  // Under this object's lock.
  private void failAll(ClientException failure) {
    List<Sent> failed = List.copyOf(unanswered.values());
    unanswered.clear();
    for (Sent sent : failed) {
      sent.response.completeExceptionally(failure);
    }
  }
}
