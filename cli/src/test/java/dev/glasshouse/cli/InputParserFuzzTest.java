package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Untrusted;
import java.nio.charset.StandardCharsets;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;

class InputParserFuzzTest {
  @FuzzTest
  void lines(byte[] input) {
    String line = new String(input, StandardCharsets.UTF_8);
    boolean open = Untrusted.parse(input, bytes -> InputParser.isOpen(line)).orElseThrow();
    assertEquals(open, asksForMore(input, line));
    assertFalse(InputParser.isOpen(line + "\n\n"), "an empty line answers it");
  }

  private static boolean asksForMore(byte[] input, String line) {
    return Untrusted.parse(
            input,
            bytes -> {
              try {
                String read =
                    new InputParser().parse(line, line.length(), ParseContext.ACCEPT_LINE).line();
                assertEquals(line, read);
                return false;
              } catch (EOFError e) {
                return true;
              }
            })
        .orElseThrow();
  }

  @FuzzTest
  void askedPaths(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.parse(input, bytes -> AskedPath.parse(text))
        .ifPresent(
            asked -> {
              assertEquals(asked.directory(), AskedPath.parse(asked.path()).directory());
              assertFalse(asked.relative().startsWith("/"));
              assertFalse(asked.name().contains("/"));
            });
  }
}
