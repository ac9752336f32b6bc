package dev.glasshouse.vm.sandbox;

/**
 * Leaves the interpreter's frames for good at a limit. It carries no stack trace: it is an outcome,
 * and may come from very deep.
 */
final class GuestTrap extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reply.Trap trap;

  GuestTrap(Reply.Trap trap) {
    super(trap.text(), null, false, false);
    this.trap = trap;
  }

  Reply.Trap trap() {
    return trap;
  }
}
