package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InputParserTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f(",
        "[1, 2",
        "{ a: 1",
        "({a: [1, (2",
        "`a template",
        "`a ${b",
        "`a ${`inner ${x`",
        "/* a comment",
        "f( // )",
        "f('(', \")\"",
        "f(/* ) */",
        "'a' + (",
        "f('it\\'s' + (",
        "x.map(function (y) {\n  return y"
      })
  void asksForAnotherLine(String text) {
    assertTrue(InputParser.isOpen(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "f()",
        "[1, {a: 2}]",
        "`a ${b} c`",
        "`a ${`inner ${x}`} b`",
        "'('",
        "\"{\"",
        "'it\\'s ('",
        "'never closed (",
        "1 // (",
        "1 /* ( */",
        "a)",
        "}",
        "f(\n1\n)",
        "`\\``"
      })
  void isComplete(String text) {
    assertFalse(InputParser.isOpen(text), text);
  }

  @Test
  void anEmptyLineEndsWhatSeemsOpen() {
    assertTrue(InputParser.isOpen("/(/.test(x)\n"));
    assertFalse(InputParser.isOpen("/(/.test(x)\n\n"));
  }

  @Test
  void onlyAnEnteredLineIsAskedToGoOn() {
    InputParser parser = new InputParser();
    assertThrows(EOFError.class, () -> parser.parse("f(", 2, ParseContext.ACCEPT_LINE));
    assertEquals("f(", parser.parse("f(", 2, ParseContext.COMPLETE).word());
    assertEquals("f()", parser.parse("f()", 3, ParseContext.ACCEPT_LINE).line());
  }

  @Test
  void quotesDoNotJoinWords() {
    assertEquals(
        "client.a", new InputParser().parse("'x y client.a", 13, ParseContext.COMPLETE).word());
  }
}
