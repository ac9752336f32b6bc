package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Who is served next, and who gives way when too many wait. */
class RequestQueueTest {
  private final RequestQueue queue = new RequestQueue(8, Machine.REAL);

  private Waiting add(String source) {
    return add(source, 1);
  }

  private Waiting add(String source, int characters) {
    Waiting waiting = new Waiting(Machine.REAL);
    boolean isIn = queue.add(waiting, source, characters);
    assertEquals(isIn, !waiting.future().isDone());
    return waiting;
  }

  private List<Waiting> next() {
    List<Waiting> batch = new ArrayList<>();
    queue.next(batch, RequestQueue.MAX_BATCH, 0);
    return batch;
  }

  private static boolean isRefused(Waiting waiting, CallRefused.Reason reason) {
    if (!waiting.future().isDone()) {
      return false;
    }
    CompletionException why =
        assertThrows(CompletionException.class, () -> waiting.future().join());
    return ((CallRefused) why.getCause()).reason() == reason;
  }

  @Test
  void eachConnectionHasItsTurn() {
    Waiting flood1 = add("flooder");
    Waiting flood2 = add("flooder");
    Waiting flood3 = add("flooder");
    Waiting a1 = add("a");
    Waiting b1 = add("b");
    Waiting a2 = add("a");
    assertEquals(6, queue.size());
    assertEquals(List.of(flood1, a1, b1, flood2, a2, flood3), next());
    assertEquals(0, queue.size());
    assertEquals(List.of(), next());
  }

  @Test
  void whoHasMostGivesWay() {
    List<Waiting> flood = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      flood.add(add("flooder"));
    }
    assertTrue(isRefused(add("flooder"), CallRefused.Reason.OVERLOADED));
    Waiting a = add("a");
    assertFalse(a.future().isDone());
    assertTrue(isRefused(flood.get(7), CallRefused.Reason.OVERLOADED), "its newest");
    for (int i = 0; i < 3; i++) {
      assertFalse(add("a").future().isDone());
    }
    assertTrue(isRefused(add("a"), CallRefused.Reason.OVERLOADED), "both have their share");
    assertEquals(8, queue.size());
    assertFalse(flood.get(3).future().isDone());
    assertEquals(List.of(flood.get(0), a), next().subList(0, 2));
  }

  @Test
  void longRequestsCountAsSeveral() {
    Waiting big = add("a", 5 * RequestQueue.CHARACTERS);
    assertTrue(isRefused(add("a", 3 * RequestQueue.CHARACTERS), CallRefused.Reason.OVERLOADED));
    assertFalse(add("a", RequestQueue.CHARACTERS).future().isDone());
    assertTrue(isRefused(add("a"), CallRefused.Reason.OVERLOADED));
    assertEquals(2, queue.size());
    assertEquals(big, next().get(0));
    Waiting giant = add("b", 1000 * RequestQueue.CHARACTERS);
    assertFalse(giant.future().isDone(), "into an empty queue everything fits");
    assertFalse(add("c").future().isDone());
    assertTrue(isRefused(giant, CallRefused.Reason.OVERLOADED), "it has more than its share");
    assertEquals(1, queue.size());
  }

  @Test
  void batchIsBounded() {
    RequestQueue large = new RequestQueue(1000, Machine.REAL);
    for (int i = 0; i < 600; i++) {
      large.add(new Waiting(Machine.REAL), i, 1);
    }
    List<Waiting> batch = new ArrayList<>();
    assertTrue(large.next(batch, RequestQueue.MAX_BATCH, 0));
    assertEquals(RequestQueue.MAX_BATCH, batch.size());
    large.end();
    batch.clear();
    assertTrue(large.next(batch, RequestQueue.MAX_BATCH, 0), "there is more");
    batch.clear();
    assertFalse(large.next(batch, RequestQueue.MAX_BATCH, 0));
    assertEquals(600 - 2 * RequestQueue.MAX_BATCH, batch.size());
  }

  @Test
  void nextConnectionWaitsForAFewCallsOnly() {
    for (int i = 0; i < 4; i++) {
      add("flooder");
    }
    List<Waiting> batch = new ArrayList<>();
    assertTrue(queue.next(batch, 2, 0));
    assertEquals(2, batch.size());
    Waiting a = add("a");
    batch.clear();
    assertTrue(queue.next(batch, 2, 0));
    assertTrue(batch.contains(a));
    // Those of the last turn took 3 ms each, then a hundredth of that.
    assertEquals(1, HostedModule.most(2, 6_000_000, 2));
    assertEquals(66, HostedModule.most(1, 30_000, 1));
    assertEquals(RequestQueue.MAX_BATCH, HostedModule.most(50, 1000, 1));
    assertEquals(7, HostedModule.most(0, 1000, 7), "an idle turn says nothing");
  }

  @Test
  void afterItsEndNothingIsLetIn() {
    Waiting before = add("a");
    queue.end();
    assertTrue(isRefused(add("a"), CallRefused.Reason.STOPPED));
    List<Waiting> last = new ArrayList<>();
    assertFalse(queue.next(last, 1, 1000));
    assertEquals(List.of(before), last);
    queue.stop("something else");
    assertEquals(RequestQueue.SHUTTING_DOWN, queue.stopped(), "the first reason stands");
  }

  @Test
  void failureRefusesAllThatWaits() {
    Waiting a = add("a");
    Waiting b = add("b");
    queue.stop("broken");
    queue.refuseAll();
    assertTrue(isRefused(a, CallRefused.Reason.STOPPED));
    assertTrue(isRefused(b, CallRefused.Reason.STOPPED));
    assertEquals(0, queue.size());
  }

  @Test
  void everyRequestIsServedInOrderOrRefused() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      RequestQueue any = new RequestQueue(1 + random.nextInt(20), Machine.REAL);
      Map<Waiting, Integer> sources = new HashMap<>();
      Map<Integer, Deque<Waiting>> expected = new HashMap<>();
      Set<Waiting> served = new HashSet<>();
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(4) > 0) {
          Waiting waiting = new Waiting(Machine.REAL);
          int source = random.nextInt(4);
          sources.put(waiting, source);
          expected.computeIfAbsent(source, s -> new ArrayDeque<>()).add(waiting);
          boolean unused = any.add(waiting, source, random.nextInt(3 * RequestQueue.CHARACTERS));
        } else {
          List<Waiting> batch = new ArrayList<>();
          assertTrue(any.next(batch, 1 + random.nextInt(5), 0));
          for (Waiting waiting : batch) {
            Deque<Waiting> line = expected.get(sources.get(waiting));
            while (line.peek().future().isDone()) {
              line.remove();
            }
            assertEquals(line.remove(), waiting, "seed " + seed);
            served.add(waiting);
          }
        }
      }
      any.stop("over");
      any.refuseAll();
      for (Waiting waiting : sources.keySet()) {
        assertEquals(served.contains(waiting), !waiting.future().isDone(), "seed " + seed);
      }
      assertEquals(0, any.size(), "seed " + seed);
    }
  }
}
