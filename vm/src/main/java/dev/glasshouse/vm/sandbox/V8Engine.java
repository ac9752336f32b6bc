package dev.glasshouse.vm.sandbox;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.options.V8RuntimeOptions;

/**
 * Runs the guest interpreter in V8, through Javet. V8 compiles the WebAssembly to machine code and
 * knows nothing of the guest's JavaScript.
 */
public final class V8Engine implements SandboxEngine {
  /**
   * V8's own stack limit. Measured: the interpreter's limit of 900,000 bytes needs about 10 MiB.
   */
  static final int STACK_KIB = 15_000;

  /** Measured: 10,000 loop turns take 0.5 to 2 ms. */
  private static final long POLL_MILLIS = 10;

  private static final V8Engine INSTANCE = new V8Engine();

  private V8Engine() {
    V8RuntimeOptions.V8_FLAGS.setCustomFlags("--stack-size=" + STACK_KIB);
  }

  /** The one engine of this process; V8 takes its flags once, before its first use. */
  public static V8Engine instance() {
    return INSTANCE;
  }

  @Override
  public String name() {
    return "v8";
  }

  @Override
  public long pollMillis() {
    return POLL_MILLIS;
  }

  @Override
  public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
    try {
      return new V8Sandbox(V8Host.getV8Instance().createV8Runtime(), image, heapLimit, stackLimit);
    } catch (JavetException e) {
      throw new SandboxFailure("V8 did not start: " + e.getMessage(), e);
    }
  }
}
