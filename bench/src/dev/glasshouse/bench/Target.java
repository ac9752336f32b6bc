package dev.glasshouse.bench;

import java.util.concurrent.CompletableFuture;

/** A service that counts. */
interface Target extends AutoCloseable {
  /** Calls the service once; completes with the counter's new value. */
  CompletableFuture<Long> increment();

  @Override
  void close();
}
