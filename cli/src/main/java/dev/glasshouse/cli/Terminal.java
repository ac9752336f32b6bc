package dev.glasshouse.cli;

/** Text from strangers on a person's terminal. */
final class Terminal {
  private Terminal() {}

  /** The text on one line, with nothing in it that could steer a terminal. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? 0xfffd : c));
    return out.toString();
  }
}
