package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TerminalTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, 9, 10, 13, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x200b, 0x200e, 0x2028,
        0x2029, 0x202e, 0x2066, 0xd800, 0xdfff, 0xfeff, 0xe0041
      })
  void whatSteersATerminalIsReplaced(int c) {
    assertEquals("a\ufffdb", Terminal.printable("a" + Character.toString(c) + "b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "Grüße, 世界", "\ud83d\udc69\u200d\ud83d\udc67", "می\u200cخواهم"})
  void whatPeopleWriteStays(String text) {
    assertEquals(text, Terminal.printable(text));
    assertEquals(text, Terminal.lines(text));
  }

  @Test
  void linesKeepTheirBreaks() {
    assertEquals("a\n\tb\ufffd\n\ufffd[2J", Terminal.lines("a\n\tb\r\n\u001b[2J"));
  }

  @Test
  void outputIsExactForAProgramAndSafeForAPerson() {
    String text = "a\u001b[2J\n";
    assertEquals(text, streams(false).forOutput(text));
    assertEquals("a\ufffd[2J\n", streams(true).forOutput(text));
    assertEquals("a\n", streams(true).forOutput("a\n"));
  }

  private static Streams streams(boolean isTerminal) {
    OutputStream none = OutputStream.nullOutputStream();
    return new Streams(none, none, () -> isTerminal, () -> isTerminal);
  }
}
