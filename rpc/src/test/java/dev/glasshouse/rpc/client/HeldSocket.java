package dev.glasshouse.rpc.client;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A web socket and its clock in a test's hand: nothing is sent or heard, and no time passes. */
final class HeldSocket implements WebSocket, WebSocket.Builder, Wire.Clock {
  /** What was sent, and how many pings. */
  final List<String> sent = new ArrayList<>();

  int pings;

  /** How many messages more it may bring. */
  long wanted;

  boolean aborted;

  /** Hears what a test lets the host say. */
  WebSocket.Listener listener;

  /** What becomes of connecting, and of each message and ping until there is another. */
  CompletableFuture<WebSocket> connecting = CompletableFuture.completedFuture(this);

  CompletableFuture<WebSocket> sending = CompletableFuture.completedFuture(this);
  CompletableFuture<WebSocket> pinging = CompletableFuture.completedFuture(this);

  private long nanos = Long.MAX_VALUE - 1;
  private long due;
  private Runnable task;

  /** Connects to it. */
  Wire wire() {
    return Wire.connect(this, new HostAddress("127.0.0.1", 1), null, this);
  }

  /** Lets time pass, and does what is due meanwhile. */
  void pass(long millis) {
    long until = nanos + millis * 1_000_000;
    while (task != null && due - until <= 0) {
      Runnable now = task;
      task = null;
      nanos = due;
      now.run();
    }
    nanos = until;
  }

  /** Whether anything is to be done later. */
  boolean isWaiting() {
    return task != null;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void later(long millis, Runnable next) {
    if (task != null) {
      throw new AssertionError("two things are to be done later");
    }
    due = nanos + millis * 1_000_000;
    task = next;
  }

  @Override
  public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener hears) {
    listener = hears;
    return connecting;
  }

  @Override
  public WebSocket.Builder header(String name, String value) {
    return this;
  }

  @Override
  public WebSocket.Builder connectTimeout(Duration timeout) {
    return this;
  }

  @Override
  public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
    return this;
  }

  @Override
  public CompletableFuture<WebSocket> sendText(CharSequence text, boolean last) {
    sent.add(text.toString());
    return sending;
  }

  @Override
  public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
    pings++;
    return pinging;
  }

  @Override
  public CompletableFuture<WebSocket> sendBinary(ByteBuffer bytes, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendClose(int status, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void request(long messages) {
    wanted += messages;
  }

  @Override
  public String getSubprotocol() {
    return "";
  }

  @Override
  public boolean isOutputClosed() {
    return aborted;
  }

  @Override
  public boolean isInputClosed() {
    return aborted;
  }

  @Override
  public void abort() {
    aborted = true;
  }
}
