package dev.glasshouse.bench;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * Makes a log longer by signed requests of so many calls each: several callers at once, each with one
 * request at a time, since those of one caller would be gathered.
 */
final class Filling {
  private Filling() {}

  /**
   * Makes requests, and waits for the last answer.
   *
   * @param home where each caller keeps what was seen of the host
   * @param callsEach calls of one request, which becomes one entry
   * @param latencies hears from all callers how many nanoseconds each request took
   */
  static void requests(
      HostAddress address, Path home, int callers, long requests, int callsEach, LongConsumer latencies) {
    List<MethodCall> calls = Collections.nCopies(callsEach, new MethodCall("increment", "[]"));
    AtomicLong left = new AtomicLong(requests);
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      KnownLogs known = new KnownLogs(home.resolve(String.valueOf(i)));
      Thread caller =
          new Thread(
              () -> {
                Identity identity = Identity.generate(new SecureRandom());
                try (Client client = Client.signed(address, identity, null, known)) {
                  while (failure.get() == null && left.getAndDecrement() > 0) {
                    long called = System.nanoTime();
                    client.callForReceipt(calls);
                    latencies.accept(System.nanoTime() - called);
                  }
                } catch (RuntimeException e) {
                  failure.compareAndSet(null, e);
                }
              },
              "caller " + i);
      caller.start();
      threads.add(caller);
    }
    for (Thread caller : threads) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }
}
