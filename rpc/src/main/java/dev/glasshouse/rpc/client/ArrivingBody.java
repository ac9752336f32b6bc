package dev.glasshouse.rpc.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer as it arrives, a few buffers ahead of who reads it. The time spent waiting
 * for it is limited, which the JDK's own stream does not do: it grows with the bytes that came.
 */
final class ArrivingBody extends InputStream implements HttpResponse.BodySubscriber<ArrivingBody> {
  /** Something that arrived: bytes, or the end, with the failure that ended it or null. */
  private record Arrival(ByteBuffer bytes, Throwable failure) {
    static final Arrival END = new Arrival(null, null);
  }

  private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final long patienceNanos;
  private final long bytesPerSecond;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;
  private long waitedNanos;
  private long received;

  ArrivingBody(Duration patience, long bytesPerSecond) {
    this.patienceNanos = patience.toNanos();
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public CompletionStage<ArrivingBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    // Asked for once for each list: the queue holds no more than one.
    for (ByteBuffer buffer : buffers) {
      arrived.add(new Arrival(buffer, null));
    }
    arrived.add(new Arrival(ByteBuffer.allocate(0), null));
  }

  @Override
  public void onError(Throwable failure) {
    arrived.add(new Arrival(null, failure));
  }

  @Override
  public void onComplete() {
    arrived.add(Arrival.END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!current.hasRemaining()) {
      if (ended) {
        return -1;
      }
      next();
    }
    int count = Math.min(length, current.remaining());
    current.get(target, offset, count);
    return count;
  }

  private void next() throws IOException {
    Arrival arrival = await();
    if (arrival.bytes() == null) {
      ended = true;
      if (arrival.failure() != null) {
        throw new IOException(arrival.failure().getMessage(), arrival.failure());
      }
    } else if (arrival.bytes().hasRemaining()) {
      current = arrival.bytes();
      received += current.remaining();
    } else {
      // The last of its list.
      subscription.join().request(1);
    }
  }

  private Arrival await() throws IOException {
    long allowed = patienceNanos + TimeUnit.SECONDS.toNanos(received / bytesPerSecond);
    long started = System.nanoTime();
    try {
      Arrival arrival = arrived.poll(allowed - waitedNanos, TimeUnit.NANOSECONDS);
      waitedNanos += System.nanoTime() - started;
      if (arrival == null) {
        close();
        throw new IOException("it answers too slowly");
      }
      return arrival;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  /** Reads no more; the connection is given up unless all has come. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      CompletableFuture<Void> unused = subscription.thenAccept(Flow.Subscription::cancel);
    }
  }
}
