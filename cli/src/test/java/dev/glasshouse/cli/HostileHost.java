package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.rpc.client.CallResult;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code glass exec} in this process, and two callers of what it serves. */
final class HostileHost implements AutoCloseable {
  /** A host that has not answered by then hangs. */
  static final int PATIENCE_SECONDS = 60;

  private static final String FIRST_LINE = "Serving at localhost:";

  private final Glass glass;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Announced out = new Announced();
  private final FutureTask<Integer> task;
  private final Thread thread;
  private Client caller;
  private Client other;

  private HostileHost(Glass glass, Path dir, Path script, Limits limits) {
    this.glass = glass;
    String[] line = {
      "exec",
      script.toString(),
      "-p",
      "0",
      "--dir",
      dir.toString(),
      "--fuel",
      limits.fuel(),
      "--watchdog",
      limits.watchdogMillis() + "ms",
      "--wait",
      "1s",
      "--image-seconds",
      "0"
    };
    task = new FutureTask<>(() -> Main.run(new Home(glass.home()), glass.streams(out, err), line));
    thread = new Thread(task, "exec " + script.getFileName());
    thread.start();
  }

  /** What a turn may use. */
  record Limits(String fuel, long watchdogMillis) {}

  /** Tells when the host serves. */
  private static final class Announced extends ByteArrayOutputStream {
    private final CountDownLatch complete = new CountDownLatch(1);

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      if (toString(StandardCharsets.UTF_8).contains("\nCall log: ")) {
        complete.countDown();
      }
    }
  }

  /** Starts it and waits until it serves. */
  static HostileHost start(Glass glass, Path dir, Path script, Limits limits) throws Exception {
    HostileHost host = new HostileHost(glass, dir, script, limits);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!host.out.complete.await(20, TimeUnit.MILLISECONDS)) {
      if (host.task.isDone() || System.nanoTime() > end) {
        host.close();
        throw new AssertionError(script + " is not served: " + host.err);
      }
    }
    try {
      host.caller = host.client();
      host.other = host.client();
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
    return host;
  }

  /** What it says of a script that it does not serve. */
  static String refusal(Glass glass, Path dir, Path script, Limits limits) throws Exception {
    HostileHost host = new HostileHost(glass, dir, script, limits);
    try {
      assertEquals(1, host.task.get(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "of " + script);
      return host.err.toString(StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      host.close();
      throw new AssertionError(script + " neither loads nor fails to", e);
    }
  }

  private Client client() {
    byte[] seed = new byte[Identity.SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    HostAddress address = new HostAddress("localhost", port());
    return Client.signed(address, Identity.ofSeed(seed), null, new Home(glass.home()).knownLogs());
  }

  private int port() {
    String line = out.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
    return Integer.parseInt(line.substring(FIRST_LINE.length()));
  }

  String at() {
    return "localhost:" + port();
  }

  /** What one caller's attack comes to, while another calls the same module. */
  Answered attack(String method, String params) throws Exception {
    long began = System.nanoTime();
    CompletableFuture<String> attacked = answer(caller, method, params);
    CompletableFuture<String> meanwhile = answer(other, "innocent", "[]");
    String answer = attacked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    meanwhile.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return new Answered(answer, millis);
  }

  /** An answer, and how long it took. */
  record Answered(String answer, long millis) {}

  String innocent() throws Exception {
    return answer(other, "innocent", "[]").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static CompletableFuture<String> answer(Client client, String method, String params) {
    CompletableFuture<List<CallResult>> results;
    try {
      results = client.callAsync(List.of(new MethodCall(method, params)));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture("refused");
    }
    return results.handle(
        (found, failure) -> failure == null ? shown(found.get(0)) : refused(failure));
  }

  private static String shown(CallResult result) {
    if (result.isAborted()) {
      return "abort";
    }
    if (result.failure() instanceof Outcome.Thrown thrown) {
      return thrown.name();
    }
    if (result.failure() instanceof Outcome.Trapped trapped) {
      return "trap " + trapped.limit();
    }
    return "ok " + result.value();
  }

  private static String refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedException ? "refused" : "the connection failed: " + cause;
  }

  @Override
  public void close() {
    if (caller != null) {
      caller.close();
    }
    if (other != null) {
      other.close();
    }
    thread.interrupt();
    try {
      task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the host does not stop: " + err, e);
    }
  }
}
