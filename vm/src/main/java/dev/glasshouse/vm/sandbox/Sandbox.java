package dev.glasshouse.vm.sandbox;

/**
 * A running guest. Confined to the thread that opened it, which must have been made by {@link
 * SandboxThread} (native recursion of the guest needs its stack).
 *
 * <p>A {@link SandboxFailure} from any method leaves the guest in an unknown state: close it and
 * open another from the log.
 */
public interface Sandbox extends AutoCloseable {
  /** Marks that are kept at a time. */
  int MARKS = 2;

  /**
   * Evaluates a module's script and adopts its exports.
   *
   * @param timeMillis what the guest's clock shows, in milliseconds since 1970
   * @param fuel interrupt polls it may use
   * @throws AbortedException after {@link #interrupt}
   */
  Reply load(Script script, long timeMillis, long fuel, HostCalls host);

  /**
   * Delivers one message and runs the guest until nothing is left to do at this time.
   *
   * @throws AbortedException after {@link #interrupt}
   */
  Reply run(Turn turn, long timeMillis, long fuel, HostCalls host);

  /**
   * Remembers the guest as it is now, for {@link #rewind}.
   *
   * @param slot from 0, below {@link #MARKS}; what it held is forgotten
   * @return the bytes of memory that this copied
   */
  long mark(int slot);

  /** Puts the guest back to a {@link #mark}, also after it was stopped or interrupted. */
  void rewind(int slot);

  /** The heap image at rest. Taking it has no effect on the guest. */
  HeapImage image();

  /** Replaces the guest by an image taken by any engine from the same interpreter and bootstrap. */
  void restore(HeapImage image);

  /** Ends the turn that is running, if one is, from any other thread. */
  void interrupt();

  /** Interrupt polls that were used so far, from any thread: it only grows, and wraps around. */
  int progress();

  @Override
  void close();
}
