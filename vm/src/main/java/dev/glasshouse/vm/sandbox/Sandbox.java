package dev.glasshouse.vm.sandbox;

/**
 * A running guest. Confined to the thread that opened it, which must have been made by {@link
 * V8Thread} (native recursion of the guest needs its stack).
 *
 * <p>A {@link SandboxFailure} from any method leaves the guest in an unknown state: close it and
 * open another from the log.
 */
public interface Sandbox extends AutoCloseable {

  /**
   * Evaluates a module's script and adopts its exports.
   *
   * @param script the file name for stack traces and the source's UTF-8 bytes
   * @param timeMillis what the guest's clock shows, in milliseconds since 1970
   * @param fuel interrupt polls it may use
   */
  Reply load(Script script, long timeMillis, long fuel, HostCalls host);

  /**
   * Delivers one request and runs the guest until nothing is left to do.
   *
   * @param request UTF-8 JSON {@code {"caller":…,"method":…,"params":[…]}}
   */
  Reply call(byte[] request, long timeMillis, long fuel, HostCalls host);

  /**
   * Remembers the guest as it is now, for {@link #rewind}.
   *
   * @return the bytes of memory that this copied
   */
  long mark();

  /** Puts the guest back to the last {@link #mark}. */
  void rewind();

  /** The heap image at rest. */
  HeapImage image();

  /** Replaces the guest by an image taken by any engine from the same interpreter and bootstrap. */
  void restore(HeapImage image);

  @Override
  void close();
}
