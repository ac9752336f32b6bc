package dev.glasshouse.vm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.glasshouse.vm.sandbox.SandboxFailure;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module's script that does not load. The message is for its author: what went wrong, where, and
 * the line itself.
 */
public final class ScriptException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final JsonFactory JSON = new JsonFactory();

  private ScriptException(String message) {
    super(message);
  }

  static ScriptException trapped(Script script, String limit) {
    return new ScriptException(
        script.main()
            + ": loading it ran out of "
            + limit
            + "; raise the limit or do less at the top level");
  }

  /** From the guest's answer: {@code e[name,message]}, then the stack's lines. */
  static ScriptException of(Script script, String answer) {
    String[] lines = answer.split("\n", -1);
    // The stack is what the script makes of it: a place may be anything.
    Pattern place =
        Pattern.compile(Pattern.quote(script.main()) + ":([1-9]\\d{0,8}):([1-9]\\d{0,8})(?!\\d)");
    List<String> stack = new ArrayList<>();
    String where = null;
    for (int i = 1; i < lines.length; i++) {
      Matcher found = place.matcher(lines[i]);
      if (found.find()) {
        int line = Integer.parseInt(found.group(1));
        int column = script.authorColumn(line, Integer.parseInt(found.group(2)));
        String corrected =
            found.replaceFirst(Matcher.quoteReplacement(script.main() + ":" + line + ":" + column));
        stack.add(corrected);
        if (where == null) {
          where = excerpt(script, line, column);
        }
      }
    }
    return new ScriptException(
        (where == null ? script.main() : where)
            + "\n\n"
            + nameAndMessage(lines[0])
            + (stack.isEmpty() ? "" : "\n" + String.join("\n", stack)));
  }

  private static String nameAndMessage(String line) {
    try (JsonParser parser = JSON.createParser(line.substring(1))) {
      parser.nextToken();
      return parser.nextTextValue() + ": " + parser.nextTextValue();
    } catch (IOException e) {
      throw new SandboxFailure("the guest's answer is not in its form", e);
    }
  }

  private static String excerpt(Script script, int line, int column) {
    List<String> lines = script.source().lines().toList();
    String text = line <= lines.size() ? lines.get(line - 1) : "";
    return script.main()
        + ":"
        + line
        + ":"
        + column
        + "\n"
        + text
        + "\n"
        + " ".repeat(Math.max(0, Math.min(column - 1, text.length())))
        + "^";
  }
}
