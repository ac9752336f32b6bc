package dev.glasshouse.vm.sandbox;

/** An engine that runs the guest interpreter: V8 today; the seam allows others. */
public interface SandboxEngine {
  /** The engine's name as flags and reports give it. */
  String name();

  /** Starts a fresh guest with the bootstrap script evaluated and no module loaded. */
  Sandbox open(GuestImage image, long heapLimit, long stackLimit);
}
