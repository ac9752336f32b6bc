package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every parser owes on bytes that nobody vouches for: it takes them, or refuses them by the
 * exception of its contract, in memory that their length bounds. All else fails the test.
 */
public final class Untrusted {
  /** Bytes a parser may allocate whatever its input is. */
  private static final long ALLOWANCE = 8L << 20;

  /** Bytes a parser may allocate for each byte of its input. */
  private static final long EACH = 4096;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Untrusted() {}

  /** What a parser reads, or empty if it refuses the input as malformed. */
  public static <T> Optional<T> parse(byte[] input, Function<byte[], T> parser) {
    return bounded(
        input,
        bytes -> {
          try {
            return Optional.of(parser.apply(bytes));
          } catch (MalformedException e) {
            return Optional.empty();
          }
        });
  }

  /** The same for what also verifies, and reads blobs that may be missing. */
  public static <T> Optional<T> verify(byte[] input, Function<byte[], T> verifier) {
    return parse(
            input,
            bytes -> {
              try {
                return Optional.of(verifier.apply(bytes));
              } catch (UnverifiedException | MissingBlobException e) {
                return Optional.<T>empty();
              }
            })
        .flatMap(Function.identity());
  }

  private static <T> T bounded(byte[] input, Function<byte[], T> use) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = use.apply(input.clone());
    if (THREADS.getCurrentThreadAllocatedBytes() - before > limit(input)) {
      // Once more: the first time may have loaded classes, and a fuzzer rewrites those.
      before = THREADS.getCurrentThreadAllocatedBytes();
      result = use.apply(input.clone());
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(
          allocated <= limit(input), () -> input.length + " bytes made it allocate " + allocated);
    }
    return result;
  }

  private static long limit(byte[] input) {
    return ALLOWANCE + EACH * input.length;
  }
}
