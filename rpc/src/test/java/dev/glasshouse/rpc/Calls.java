package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.access.CallerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Signed calls that a test makes past the socket, and what it finds in the log. */
final class Calls {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Calls() {}

  static CompletableFuture<Answer> submit(RunningHost host, Signer signer, String request) {
    return host.module().submit(signer, signer.sign(request), request, CallerRules.NONE);
  }

  static CompletableFuture<Answer> submit(
      RunningHost host, Signer signer, long n, String method, String params) {
    return submit(host, signer, signer.request(host.module().log().id(), n, method, params));
  }

  static String value(Answer answer) {
    Outcome outcome = answer.outcomes().get(0);
    assertTrue(outcome instanceof Outcome.Ok, outcome.toString());
    return ((Outcome.Ok) outcome).value().read(answer.blobs());
  }

  static String call(RunningHost host, Signer signer, long n, String method, String params) {
    return value(submit(host, signer, n, method, params).join());
  }

  static void assertRefused(Reason reason, CompletableFuture<Answer> answer) {
    Throwable cause = assertThrows(CompletionException.class, answer::join).getCause();
    assertTrue(cause instanceof CallRefused, String.valueOf(cause));
    assertEquals(reason, ((CallRefused) cause).reason(), cause.getMessage());
  }

  /** Waits until the log has so many entries. */
  static void awaitSize(RunningHost host, long size) {
    long start = System.nanoTime();
    while (host.size() < size) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("the log has " + host.size() + " entries, not " + size);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** The kinds of all entries, without the word Entry: {@code Genesis, Call, Timer}. */
  static List<String> kinds(RunningHost host) {
    List<String> kinds = new ArrayList<>();
    for (long index = 0; index < host.size(); index++) {
      Entry entry = host.module().log().entry(index);
      kinds.add(entry.getClass().getSimpleName().replace("Entry", ""));
    }
    return kinds;
  }
}
