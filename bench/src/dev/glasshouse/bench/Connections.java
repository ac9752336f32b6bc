package dev.glasshouse.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One service, called over several connections in turn. */
final class Connections implements Target {
  private final List<Target> connections;
  private final AtomicInteger next = new AtomicInteger();

  Connections(List<Target> connections) {
    this.connections = List.copyOf(connections);
  }

  @Override
  public CompletableFuture<Long> increment() {
    return connections
        .get(Math.floorMod(next.getAndIncrement(), connections.size()))
        .increment();
  }

  @Override
  public void close() {
    connections.forEach(Target::close);
  }
}
