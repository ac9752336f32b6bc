package dev.glasshouse.vm.sandbox;

/**
 * What the guest is asked to do. The codes are part of the seam between guest.js and every engine.
 */
public enum Turn {
  /** A method call: the request is UTF-8 JSON {@code {"caller":…,"method":…,"params":[…]}}. */
  CALL(2),
  /** While a call waits: the earliest timer, if it is due, and then the call again. */
  FIRE(6),
  /** The earliest timer, in a turn of its own. */
  TIMER(7),
  /** The earliest timer is forgotten, and does not run. */
  DROP(8);

  private final int tag;

  Turn(int tag) {
    this.tag = tag;
  }

  int tag() {
    return tag;
  }
}
