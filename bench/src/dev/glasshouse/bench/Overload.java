package dev.glasshouse.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Floods a debug host over several connections, each of which always has as many calls under way as
 * the host lets it, while a few callers make one call after the other.
 *
 * <p>Arguments: ADDRESS SECONDS FLOODERS CALLERS. The method {@code increment} counts.
 */
final class Overload {
  private static final int UNDER_WAY = 250;
  private static final JsonFactory JSON = new JsonFactory();

  private final ConcurrentSkipListSet<Long> counted = new ConcurrentSkipListSet<>();

  /** What became of the calls of one connection. */
  private static final class Tally {
    private final BlockingQueue<Double> served = new LinkedBlockingQueue<>();
    private final BlockingQueue<Double> refused = new LinkedBlockingQueue<>();
  }

  private Overload() {}

  public static void main(String[] args) throws InterruptedException {
    long end = System.nanoTime() + (long) (Double.parseDouble(args[1]) * 1e9);
    Overload overload = new Overload();
    List<Thread> threads = new ArrayList<>();
    List<Tally> flood = overload.start(args[0], end, Integer.parseInt(args[2]), UNDER_WAY, threads);
    List<Tally> callers = overload.start(args[0], end, Integer.parseInt(args[3]), 1, threads);
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("| | calls | served | p50 ms | p99 ms | refused | p50 ms | p99 ms |");
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|");
    print("flood, " + flood.size() + " connections", flood);
    print("callers, " + callers.size() + " connections", callers);
    long served = count(flood) + count(callers);
    long from = overload.counted.first();
    long to = overload.counted.last();
    if (overload.counted.size() != served || to - from + 1 != served) {
      throw new IllegalStateException(
          served + " calls were answered, and the counter went from " + from + " to " + to);
    }
  }

  private static long count(List<Tally> tallies) {
    return tallies.stream().mapToLong(tally -> tally.served.size()).sum();
  }

  private List<Tally> start(
      String address, long end, int connections, int underWay, List<Thread> threads) {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Tally tally = new Tally();
      tallies.add(tally);
      Thread thread = new Thread(() -> new Connection(address, tally).run(end, underWay));
      threads.add(thread);
      thread.start();
    }
    return tallies;
  }

  private static void print(String who, List<Tally> tallies) {
    double[] served = millis(tallies.stream().map(tally -> tally.served).toList());
    double[] refused = millis(tallies.stream().map(tally -> tally.refused).toList());
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.1f | %.1f | %d | %.1f | %.1f |%n",
        who,
        served.length + refused.length,
        served.length,
        at(served, 0.5),
        at(served, 0.99),
        refused.length,
        at(refused, 0.5),
        at(refused, 0.99));
  }

  private static double[] millis(List<BlockingQueue<Double>> each) {
    return each.stream().flatMap(BlockingQueue::stream).mapToDouble(d -> d).sorted().toArray();
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
  }

  private final class Connection implements WebSocket.Listener {
    private final Tally tally;
    private final Semaphore free = new Semaphore(0);
    private final Map<Long, Long> sent = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;

    Connection(String address, Tally tally) {
      this.tally = tally;
      this.socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://" + address + "/"), this)
              .join();
    }

    void run(long end, int underWay) {
      free.release(underWay);
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      for (long id = 0; System.nanoTime() < end; id++) {
        free.acquireUninterruptibly();
        sent.put(id, System.nanoTime());
        last.join();
        last =
            socket.sendText(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"increment\"}", true);
      }
      free.acquireUninterruptibly(underWay);
      socket.abort();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        answered(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void answered(String text) {
      long id = -1;
      long value = -1;
      try (JsonParser parser = JSON.createParser(text)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          if (name.equals("id")) {
            id = parser.getLongValue();
          } else if (name.equals("result")) {
            value = parser.getLongValue();
          }
          parser.skipChildren();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      double millis = (System.nanoTime() - sent.remove(id)) / 1e6;
      if (value < 0) {
        tally.refused.add(millis);
      } else {
        tally.served.add(millis);
        counted.add(value);
      }
      free.release();
    }
  }
}
