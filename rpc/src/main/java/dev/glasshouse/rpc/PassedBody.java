package dev.glasshouse.rpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;

/** A body on its way from one server to a browser, never more of it than was taken. */
final class PassedBody implements Flow.Subscriber<List<ByteBuffer>> {
  private final HttpServerResponse response;
  private final Context context = Vertx.currentContext();
  private Flow.Subscription subscription;

  /** Made on the event loop of the response. */
  PassedBody(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    context.runOnContext(
        go -> {
          subscription = given;
          response.exceptionHandler(lost -> given.cancel());
          response.drainHandler(drained -> given.request(1));
          given.request(1);
        });
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    Buffer buffer = Buffer.buffer();
    for (ByteBuffer part : parts) {
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      buffer.appendBytes(bytes);
    }
    context.runOnContext(
        go -> {
          if (response.closed()) {
            subscription.cancel();
            return;
          }
          response.write(buffer);
          if (!response.writeQueueFull()) {
            subscription.request(1);
          }
        });
  }

  @Override
  public void onError(Throwable failure) {
    // What has come so far is not all: the browser must see that.
    context.runOnContext(go -> response.reset());
  }

  @Override
  public void onComplete() {
    context.runOnContext(
        go -> {
          if (!response.closed()) {
            response.end();
          }
        });
  }
}
