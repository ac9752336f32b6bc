package dev.glasshouse.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Asks for another line while brackets, comments or template strings are open. */
final class InputParser implements Parser {
  private final DefaultParser words = new DefaultParser().quoteChars(new char[0]).escapeChars(null);

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && isOpen(line)) {
      throw new EOFError(-1, cursor, "the input goes on");
    }
    return words.parse(line, cursor, context);
  }

  // Knows strings, templates and comments, not regular expressions: a bracket in one of those only
  // asks for a line more than needed, which an empty one answers.
  static boolean isOpen(String text) {
    if (text.endsWith("\n\n")) {
      return false;
    }
    Deque<Character> open = new ArrayDeque<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
      boolean inTemplate = !open.isEmpty() && open.peek() == '`';
      if (c == '\\') {
        i++;
      } else if (inTemplate) {
        i = template(c, next, i, open);
      } else if (c == '\'' || c == '"') {
        i = stringEnd(text, i);
      } else if (c == '/' && next == '/') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '/' && next == '*') {
        int end = text.indexOf("*/", i + 2);
        if (end < 0) {
          return true;
        }
        i = end + 1;
      } else if (c == '`' || "([{".indexOf(c) >= 0) {
        open.push(c);
      } else if (")]}".indexOf(c) >= 0 && !open.isEmpty()) {
        open.pop();
      }
    }
    return !open.isEmpty();
  }

  private static int template(char c, char next, int at, Deque<Character> open) {
    if (c == '`') {
      open.pop();
    } else if (c == '$' && next == '{') {
      open.push('{');
      return at + 1;
    }
    return at;
  }

  private static int stringEnd(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == text.charAt(start) || c == '\n') {
        return i;
      }
    }
    return text.length();
  }
}
