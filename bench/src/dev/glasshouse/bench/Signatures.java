package dev.glasshouse.bench;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * How many signatures of calls Bouncy Castle verifies a second, on all cores at once and with
 * nothing else to do. Prints the number alone.
 *
 * <p>Arguments: SECONDS
 */
final class Signatures {
  private static final int CALLS = 1000;

  private record Signed(byte[] message, byte[] signature) {}

  private Signatures() {}

  public static void main(String[] args) throws InterruptedException {
    double seconds = Double.parseDouble(args[0]);
    Identity caller = Identity.generate(new SecureRandom());
    byte[] key = caller.publicKey().bytes();
    List<Signed> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      TreeHead seen = new TreeHead(i + 1, Hash.of("root " + i));
      MethodCall increment = new MethodCall("increment", "[]");
      String session = "0".repeat(2 * SignedCall.SESSION_BYTES);
      SignedCall call =
          new SignedCall(Hash.of("log"), session, i + 1, seen, List.of(increment));
      byte[] message = SignedCall.message(call.format());
      calls.add(new Signed(message, caller.sign(message)));
    }
    verify(key, calls, seconds / 2); // to warm up
    System.out.printf(Locale.ROOT, "%.0f%n", verify(key, calls, seconds) / seconds);
  }

  private static long verify(byte[] key, List<Signed> calls, double seconds)
      throws InterruptedException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    LongAdder verified = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int at = 0; System.nanoTime() < end; at = (at + 1) % CALLS) {
                  Signed call = calls.get(at);
                  byte[] message = call.message();
                  if (!Ed25519.verify(call.signature(), 0, key, 0, message, 0, message.length)) {
                    throw new IllegalStateException("a right signature that does not hold");
                  }
                  verified.increment();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return verified.sum();
  }
}
