package dev.glasshouse.vm.sandbox;

/**
 * The host's watchdog ended the turn: the host's own decision, and no outcome of the guest. The
 * guest must be rewound before it is used again.
 */
public final class AbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AbortedException() {
    super("the watchdog ended the turn");
  }
}
