package dev.glasshouse.vm.sandbox;

/** An engine that runs the guest interpreter. */
public interface SandboxEngine {
  /** The engine's name as flags and reports give it. */
  String name();

  /**
   * Milliseconds that one interrupt poll may take before the host's watchdog counts it as a loop
   * that burns no fuel: several times what one takes.
   */
  long pollMillis();

  /** Starts a fresh guest with the bootstrap script evaluated and no module loaded. */
  Sandbox open(GuestImage image, long heapLimit, long stackLimit);
}
