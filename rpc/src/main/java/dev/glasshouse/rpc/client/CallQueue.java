package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls that wait to be sent, and how many of them share one signature: few when few wait, so that
 * nobody waits for others to come; all when the host is busy with earlier ones anyway.
 *
 * <p>Calls of one request share its limits: its inputs, what it writes, the watchdog's patience. So
 * it is found out how many go together, beginning with {@link #FIRST_MOST}.
 */
final class CallQueue {
  /** Requests that are on their way at the same time; one is executed while another travels. */
  static final int WINDOW = 2;

  /** Calls of different askers that share the first request. */
  static final int FIRST_MOST = 16;

  // Characters of methods and parameters that gather in one request.
  private static final int MAX_CHARACTERS = 256 << 10;

  // What a request has besides, and bytes that a character may take.
  private static final int REQUEST_OVERHEAD = 32 << 10;
  private static final int BYTES_PER_CHARACTER = 3;

  // A request below is sent whole; a larger one is halved if that keeps the host busy meanwhile.
  private static final int WORTH_HALVING = 16;

  /** Calls that stay together, and who waits for them. */
  static final class Asked {
    private final List<MethodCall> calls;
    private boolean alone;
    private final CompletableFuture<Answered> answer = new CompletableFuture<>();

    /**
     * Calls to be sent.
     *
     * @param alone whether no others may share their request
     */
    Asked(List<MethodCall> calls, boolean alone) {
      this.calls = List.copyOf(calls);
      this.alone = alone;
    }

    List<MethodCall> calls() {
      return calls;
    }

    CompletableFuture<Answered> answer() {
      return answer;
    }

    private long characters() {
      long sum = 0;
      for (MethodCall call : calls) {
        sum += call.method().length() + call.params().length();
      }
      return sum;
    }
  }

  /** What some calls came to, and the receipt of their request. */
  record Answered(List<CallResult> results, Receipt receipt) {}

  private final long maxCharacters;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private int calls;
  private int onTheWay;
  private int most = FIRST_MOST;

  /**
   * An empty queue.
   *
   * @param requestLimit bytes of a request that the host takes
   */
  CallQueue(long requestLimit) {
    long room = Math.max(0, requestLimit - REQUEST_OVERHEAD) / BYTES_PER_CHARACTER;
    this.maxCharacters = Math.min(MAX_CHARACTERS, room);
  }

  /** Adds calls at the end. */
  void add(Asked asked) {
    waiting.add(asked);
    calls += asked.calls().size();
  }

  /**
   * Puts a request's calls back, before all that wait and each to be sent alone: the watchdog has
   * ended one of them, and with it the others, none of which has happened.
   */
  void separate(List<Asked> request) {
    for (int i = request.size() - 1; i >= 0; i--) {
      Asked asked = request.get(i);
      asked.alone = true;
      waiting.addFirst(asked);
      calls += asked.calls().size();
    }
  }

  /** Takes out what the next request makes; nothing if it has to wait for an answer. */
  List<Asked> next() {
    int free = WINDOW - onTheWay;
    if (free <= 0 || waiting.isEmpty()) {
      return List.of();
    }
    int wanted = calls <= WORTH_HALVING ? calls : (calls + free - 1) / free;
    List<Asked> request = new ArrayList<>();
    int taken = 0;
    long characters = 0;
    while (!waiting.isEmpty()) {
      Asked asked = waiting.peek();
      int count = taken + asked.calls().size();
      characters += asked.characters();
      boolean fits =
          taken < wanted
              && count <= Math.min(most, Request.MAX_CALLS)
              && characters <= maxCharacters
              && !asked.alone;
      if (!request.isEmpty() && !fits) {
        break;
      }
      request.add(waiting.remove());
      taken = count;
      if (asked.alone) {
        break;
      }
    }
    calls -= taken;
    onTheWay++;
    return request;
  }

  /**
   * A request was answered, or failed.
   *
   * @param wasLight whether more calls may share the next one
   */
  void answered(boolean wasLight) {
    onTheWay--;
    most = wasLight ? Math.min(Request.MAX_CALLS, 2 * most) : Math.max(1, most / 2);
  }

  /** Takes out all that waits. */
  List<Asked> clear() {
    List<Asked> left = List.copyOf(waiting);
    waiting.clear();
    calls = 0;
    return left;
  }
}
