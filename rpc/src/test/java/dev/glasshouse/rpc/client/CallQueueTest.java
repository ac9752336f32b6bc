package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many calls share a signature. */
class CallQueueTest {
  private static final long LIMIT = 4 << 20;

  private CallQueue queue = new CallQueue(LIMIT);

  private static CallQueue.Asked calls(int count, String params) {
    return new CallQueue.Asked(Collections.nCopies(count, new MethodCall("add", params)), false);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      queue.add(calls(1, "[1]"));
    }
  }

  private int next() {
    return queue.next().stream().mapToInt(asked -> asked.calls().size()).sum();
  }

  private void grow() {
    while (queue.next().isEmpty()) {
      add(1);
    }
    queue.answered(true);
    for (int most = CallQueue.FIRST_MOST; most < Request.MAX_CALLS; most *= 2) {
      add(1);
      assertEquals(1, next());
      queue.answered(true);
    }
  }

  @Test
  void loneCallGoesAtOnce() {
    assertEquals(0, next());
    add(1);
    assertEquals(1, next());
    add(1);
    assertEquals(1, next());
    assertEquals(0, next());
  }

  @Test
  void callsGatherWhileRequestsAreOnTheWay() {
    add(1);
    assertEquals(1, next());
    add(1);
    assertEquals(1, next());
    add(9);
    assertEquals(0, next(), "two are on the way");
    queue.answered(true);
    assertEquals(9, next());
    assertEquals(0, next());
  }

  @Test
  void manyAreHalvedSoThatTheHostIsBusyMeanwhile() {
    grow();
    add(64);
    assertEquals(32, next());
    assertEquals(32, next());
    add(64);
    queue.answered(true);
    assertEquals(64, next(), "one is on the way already");
  }

  @Test
  void neverMoreThanOneRequestHolds() {
    grow();
    add(1000);
    assertEquals(Request.MAX_CALLS, next());
    assertEquals(Request.MAX_CALLS, next());
    assertEquals(0, next());
  }

  @Test
  void howManyGoTogetherIsFoundOut() {
    add(1000);
    assertEquals(16, next());
    queue.answered(true);
    assertEquals(32, next());
    queue.answered(false);
    assertEquals(16, next());
    for (int i = 0; i < 6; i++) {
      queue.answered(false);
      add(1);
      next();
    }
    queue.answered(false);
    assertEquals(1, next());
    queue.answered(true);
    assertEquals(2, next());
  }

  @Test
  void callsThatBelongTogetherStayTogether() {
    queue.add(calls(200, "[1]"));
    queue.add(calls(3, "[1]"));
    queue.add(calls(100, "[1]"));
    assertEquals(200, next(), "more than go together at first, but asked for so");
    assertEquals(3, next());
    queue.answered(true);
    assertEquals(100, next());
  }

  @Test
  void longParametersTravelAlone() {
    queue.add(calls(1, "[\"" + "a".repeat(200_000) + "\"]"));
    queue.add(calls(1, "[\"" + "b".repeat(200_000) + "\"]"));
    queue.add(calls(1, "[\"" + "c".repeat(9) + "\"]"));
    assertEquals(1, next());
    assertEquals(2, next());
    queue = new CallQueue(10_000);
    add(2);
    assertEquals(1, next(), "the host takes small requests only");
    assertEquals(1, next());
  }

  @Test
  void callsForAReceiptShareIt() {
    queue.add(calls(1, "[1]"));
    queue.add(new CallQueue.Asked(List.of(new MethodCall("add", "[2]")), true));
    queue.add(calls(1, "[3]"));
    assertEquals(1, next());
    assertEquals("[2]", queue.next().get(0).calls().get(0).params());
    queue.answered(true);
    assertEquals(1, next());
  }

  @Test
  void separatedCallsGoFirstAndAloneInTheirOrder() {
    queue.add(calls(1, "[1]"));
    queue.add(calls(1, "[2]"));
    List<CallQueue.Asked> aborted = queue.next();
    assertEquals(2, aborted.size());
    queue.add(calls(1, "[3]"));
    queue.answered(false);
    queue.separate(aborted);
    assertEquals(List.of(aborted.get(0)), queue.next());
    assertEquals(List.of(aborted.get(1)), queue.next());
    queue.answered(true);
    assertEquals("[3]", queue.next().get(0).calls().get(0).params());
  }

  @Test
  void whatIsTakenOutIsNotSent() {
    add(3);
    assertEquals(3, queue.clear().size());
    assertEquals(0, next());
    add(1);
    assertEquals(1, next());
  }

  @Test
  void everyCallLeavesOnceAndInOrder() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      queue = new CallQueue(LIMIT);
      int onTheWay = 0;
      List<CallQueue.Asked> added = new ArrayList<>();
      List<CallQueue.Asked> left = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(3)) {
          case 0 -> {
            CallQueue.Asked asked = calls(1 + random.nextInt(300), "[1]");
            added.add(asked);
            queue.add(asked);
          }
          case 1 -> {
            List<CallQueue.Asked> next = queue.next();
            onTheWay += next.isEmpty() ? 0 : 1;
            left.addAll(next);
          }
          default -> {
            if (onTheWay > 0) {
              onTheWay--;
              queue.answered(random.nextBoolean());
            }
          }
        }
        assertTrue(onTheWay <= CallQueue.WINDOW, "seed " + seed);
      }
      left.addAll(queue.clear());
      assertEquals(added, left, "seed " + seed);
    }
  }
}
