package dev.glasshouse.cli;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** What may be written to a person's terminal, and whether there is one. */
final class Terminal {
  private static final int NON_JOINER = 0x200c;
  private static final int JOINER = 0x200d;
  private static final int REPLACEMENT = 0xfffd;

  private Terminal() {}

  /**
   * A stranger's text on one line, with nothing in it that could steer a terminal: no control
   * characters, no line breaks, nothing that turns the direction of writing around.
   */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(isSafe(c) ? c : REPLACEMENT));
    return out.toString();
  }

  /** As {@link #printable}, but line breaks and tabs stay. */
  static String lines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(isSafeInLines(c) ? c : REPLACEMENT));
    return out.toString();
  }

  /** Whether {@link #lines} lets a character stay. */
  static boolean isSafeInLines(int c) {
    return c == '\n' || c == '\t' || isSafe(c);
  }

  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      // Several scripts and many emoji are written with these two.
      case Character.FORMAT -> c == NON_JOINER || c == JOINER;
      default -> true;
    };
  }

  /**
   * Whether this process's own stream is a terminal. {@code System.console()} does not tell: it
   * looks at other streams, and from JDK 22 on it is there without any terminal.
   */
  static boolean isTerminal(SystemStream stream) {
    try {
      return TerminalProvider.load("exec").isSystemStream(stream);
    } catch (IOException e) {
      return false;
    }
  }
}
