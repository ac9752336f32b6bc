package dev.glasshouse.vm.sandbox;

/**
 * Makes the threads that may own a sandbox. Only they have a stack on which the interpreter's own
 * recursion limit, not the thread's end, stops a guest that recurses.
 */
public final class V8Thread {
  /** Bytes of stack, of which V8 is allowed {@link V8Engine#STACK_KIB}. */
  static final long STACK_BYTES = 64L << 20;

  private V8Thread() {}

  /** A thread that has not been started. */
  public static Thread create(String name, Runnable body) {
    return new Thread(null, body, name, STACK_BYTES);
  }
}
