package dev.glasshouse.vm.sandbox;

/**
 * Makes the threads that may own a sandbox. Only they have a stack on which the interpreter's own
 * recursion limit, not the thread's end, stops a guest that recurses.
 */
public final class SandboxThread {
  /**
   * Bytes of stack, of which V8 is allowed {@link V8Engine#STACK_KIB}. Endive needs more. Measured
   * at the interpreter's limit of 900,000 bytes, for 90 kinds of recursion: at most 54 MiB, nested
   * parentheses and array literals, on a JVM with its usual settings; 86 MiB where all is compiled
   * by C1, whose frames are the largest; 22 MiB where nothing is compiled. Only what is used is
   * ever backed by memory.
   */
  static final long STACK_BYTES = 256L << 20;

  private SandboxThread() {}

  /** A thread that has not been started. */
  public static Thread create(String name, Runnable body) {
    return new Thread(null, body, name, STACK_BYTES);
  }
}
