package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.SignedCall;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The calls of one session: gathers them into requests, signs and sends those, verifies what is
 * answered and hands it out.
 */
final class SignedCalls implements AutoCloseable {
  // Inputs of an entry, and characters of an answer, from which on fewer calls share a request.
  private static final int MANY_INPUTS = 256;
  private static final int LONG_ANSWER = 1 << 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final HostDescription host;
  private final Identity identity;
  private final String session;
  private final Connection connection;
  private final LogWatch watch;
  private final AnswerCheck answers;
  private final Executor verifying;

  // Guarded by itself. Requests are numbered in the order in which they were taken from it.
  private final CallQueue queue;
  private boolean closed; // Guarded by the queue.
  private volatile Thread handingOut;

  /** A request as it was signed. */
  record Sent(Caller.Key caller, SignedCall call, String request) {
    private String params() {
      StringBuilder out = new StringBuilder("{\"key\":\"").append(caller.key().format());
      out.append("\",\"sig\":\"").append(Caller.formatSignature(caller.signature()));
      out.append("\",\"request\":");
      CanonicalJson.write(request, out);
      return out.append('}').toString();
    }
  }

  /**
   * A new session.
   *
   * @param answers confined to {@code verifying}, which runs one after the other
   */
  SignedCalls(
      HostDescription host,
      Identity identity,
      Connection connection,
      LogWatch watch,
      AnswerCheck answers,
      Executor verifying) {
    this.host = host;
    this.identity = identity;
    this.connection = connection;
    this.watch = watch;
    this.answers = answers;
    this.verifying = verifying;
    this.queue = new CallQueue(host.genesis().limits().request());
    byte[] bytes = new byte[SignedCall.SESSION_BYTES];
    RANDOM.nextBytes(bytes);
    this.session = HexFormat.of().formatHex(bytes);
  }

  /**
   * Makes calls.
   *
   * @return completes exceptionally with {@link ClientException}
   */
  CompletableFuture<CallQueue.Answered> make(CallQueue.Asked asked) {
    try {
      // What a host would refuse, it would refuse together with the calls of others; and what is
      // another list of calls than it seems must not come between those.
      asked.calls().forEach(Request::require);
    } catch (MalformedException e) {
      int code = CallRefused.Reason.MALFORMED.code();
      return CompletableFuture.failedFuture(new RefusedException(code, e.getMessage(), null));
    }
    synchronized (queue) {
      if (closed) {
        return CompletableFuture.failedFuture(Connection.closedFailure());
      }
      queue.add(asked);
    }
    // Who calls again upon an answer is soon followed by the others whom that answer was for.
    if (Thread.currentThread() != handingOut) {
      sendNext();
    }
    return asked.answer();
  }

  /** Fails the calls that were not sent, and all that come. */
  @Override
  public void close() {
    List<CallQueue.Asked> left;
    synchronized (queue) {
      closed = true;
      left = queue.clear();
    }
    fail(left, Connection.closedFailure());
  }

  private void sendNext() {
    synchronized (queue) {
      for (List<CallQueue.Asked> next = queue.next(); !next.isEmpty(); next = queue.next()) {
        send(next);
      }
    }
  }

  private void send(List<CallQueue.Asked> group) {
    List<MethodCall> calls = new ArrayList<>();
    group.forEach(asked -> calls.addAll(asked.calls()));
    Sent[] sent = new Sent[1];
    CompletableFuture<Void> unused =
        connection
            .call(
                number -> {
                  sent[0] = sign(new SignedCall(host.log(), session, number, watch.seen(), calls));
                  return sent[0].params();
                })
            .handleAsync(
                (json, failure) -> {
                  answered(group, sent[0], json, failure);
                  return (Void) null;
                },
                verifying)
            // The client was closed: nobody verifies any more.
            .whenComplete((done, failure) -> failIf(failure, group));
  }

  private Sent sign(SignedCall call) {
    String request = call.format();
    byte[] signature = identity.sign(SignedCall.message(request));
    return new Sent(new Caller.Key(identity.publicKey(), signature), call, request);
  }

  private void answered(List<CallQueue.Asked> group, Sent sent, String json, Throwable lost) {
    SignedAnswer answer = null;
    Throwable failure = lost;
    if (failure == null) {
      try {
        answer = answers.verified(json, sent);
      } catch (RuntimeException | Error e) {
        // Whatever it is, those who wait for it hear of it, and the next request may go.
        failure = e;
      }
    }
    boolean again = answer != null && answer.isAborted() && group.size() > 1;
    boolean isLight =
        answer != null
            && !answer.isAborted()
            && answer.entry().inputs().size() < MANY_INPUTS
            && json.length() < LONG_ANSWER;
    handingOut = Thread.currentThread();
    try {
      if (failure != null) {
        fail(group, failure);
      } else if (!again) {
        handOut(group, answer);
      }
    } finally {
      handingOut = null;
    }
    // Only now: what is called again upon these answers goes together.
    synchronized (queue) {
      if (again) {
        queue.separate(group);
      }
      queue.answered(isLight);
    }
    sendNext();
  }

  private static void handOut(List<CallQueue.Asked> group, SignedAnswer answer) {
    int from = 0;
    for (CallQueue.Asked asked : group) {
      int to = from + asked.calls().size();
      asked
          .answer()
          .complete(
              new CallQueue.Answered(
                  List.copyOf(answer.results().subList(from, to)), answer.receipt()));
      from = to;
    }
  }

  private static void failIf(Throwable failure, List<CallQueue.Asked> group) {
    if (failure != null) {
      fail(group, Connection.closedFailure());
    }
  }

  private static void fail(List<CallQueue.Asked> group, Throwable failure) {
    group.forEach(asked -> asked.answer().completeExceptionally(failure));
  }
}
