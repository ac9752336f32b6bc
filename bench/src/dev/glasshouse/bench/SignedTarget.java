package dev.glasshouse.bench;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.rpc.client.CallResult;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.KnownLogs;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A Glasshouse host, as users call it: calls that wait are signed together, and every receipt is verified. */
final class SignedTarget implements Target {
  private static final List<MethodCall> INCREMENT = List.of(new MethodCall("increment", "[]"));

  private final Client client;

  SignedTarget(HostAddress address, Path home) {
    Identity identity = Identity.generate(new SecureRandom());
    client = Client.signed(address, identity, null, new KnownLogs(home));
  }

  @Override
  public CompletableFuture<Long> increment() {
    return client.callAsync(INCREMENT).thenApply(SignedTarget::value);
  }

  private static long value(List<CallResult> results) {
    CallResult result = results.get(0);
    if (result.value() == null) {
      throw new IllegalStateException("the call failed: " + result.failureLine());
    }
    return Long.parseLong(result.value());
  }

  @Override
  public void close() {
    client.close();
  }
}
