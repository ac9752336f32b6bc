package dev.glasshouse.vm.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What the guest is asked to do. The tags are part of the seam between guest.js and every engine.
 */
public final class Turn {
  private static final byte[] NOTHING = {};

  /** While a call waits: the earliest timer, if it is due, and then the call again. */
  public static final Turn FIRE = new Turn("fire", 6);

  /** The earliest timer, in a turn of its own. */
  public static final Turn TIMER = new Turn("timer", 7);

  /** The earliest timer is forgotten, and does not run. */
  public static final Turn DROP = new Turn("drop", 8);

  static final int CALL = 2;

  private final String name;
  private final int tag;
  private final byte[] method;
  private final byte[] caller;
  private final byte[] params;

  private Turn(String name, int tag) {
    this(name, tag, NOTHING, null, NOTHING);
  }

  private Turn(String name, int tag, byte[] method, byte[] caller, byte[] params) {
    this.name = name;
    this.tag = tag;
    this.method = method;
    this.caller = caller;
    this.params = params;
  }

  /**
   * A method call.
   *
   * @param caller null if there is none
   * @param params a JSON array
   */
  public static Turn call(String method, String caller, String params) {
    return new Turn(
        "call",
        CALL,
        method.getBytes(UTF_8),
        caller == null ? null : caller.getBytes(UTF_8),
        params.getBytes(UTF_8));
  }

  boolean isCall() {
    return tag == CALL;
  }

  int tag() {
    return tag;
  }

  // In UTF-8, of a call; the caller may be null.

  byte[] method() {
    return method;
  }

  byte[] caller() {
    return caller;
  }

  byte[] params() {
    return params;
  }

  /** Bytes of what it hands over. */
  public int length() {
    return method.length + (caller == null ? 0 : caller.length) + params.length;
  }

  @Override
  public String toString() {
    return name;
  }
}
