package dev.glasshouse.vm.sandbox;

/**
 * The engine, not the guest, failed: its native library, its memory, a broken invariant. Never an
 * outcome of the guest; the state of the guest is unknown afterwards.
 */
public final class SandboxFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxFailure(String message) {
    super(message);
  }

  public SandboxFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
