package dev.glasshouse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The interactive prompt: reads, evaluates and prints until the input ends. */
final class Prompt implements AutoCloseable {
  private static final String RED = "\u001b[31m";
  private static final String RESET = "\u001b[0m";

  // Names come from the host: what could not be typed after the dot is not offered.
  private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{Nd}_$]*");

  private static final Pattern MEMBER = Pattern.compile("(.*[^\\w$.])?client\\.[\\w$]*");

  private final Terminal terminal;
  private final LineReader reader;
  private final boolean colours;

  /** The prompt on this process's terminal, or on its standard input if that is none. */
  static Prompt ofProcess(Path history, List<String> methods) throws IOException {
    Terminal terminal =
        TerminalBuilder.builder()
            .name("glass")
            .system(true)
            .dumb(true)
            .encoding(StandardCharsets.UTF_8)
            .build();
    boolean isPlain = Terminal.TYPE_DUMB.equals(terminal.getType());
    return new Prompt(terminal, !isPlain && System.getenv("NO_COLOR") == null, history, methods);
  }

  Prompt(Terminal terminal, boolean colours, Path history, List<String> methods)
      throws IOException {
    this.terminal = terminal;
    this.colours = colours;
    Home.makeDirectory(history.toAbsolutePath().getParent());
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(new InputParser())
            .completer(completer(methods))
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "... ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  boolean colours() {
    return colours;
  }

  /** Shows a line of output. */
  void show(String line) {
    PrintWriter out = terminal.writer();
    out.println(line);
    out.flush();
  }

  /** Reads and evaluates until the end of the input. */
  void run(Evaluator evaluator) {
    while (true) {
      String line;
      try {
        line = reader.readLine("> ");
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (line.isBlank()) {
        continue;
      }
      if (line.strip().equals(".exit")) {
        return;
      }
      show(evaluator.evaluate(line));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      reader.getHistory().save();
    } finally {
      terminal.close();
    }
  }

  private void show(Evaluator.Result result) {
    if (result.error() != null) {
      show(colours ? RED + result.error() + RESET : result.error());
    } else {
      show(result.shown() == null ? "undefined" : result.shown());
    }
  }

  /** Offers the exported methods wherever {@code client.} stands. */
  static Completer completer(List<String> methods) {
    return (reader, line, candidates) -> {
      String word = line.word().substring(0, line.wordCursor());
      Matcher member = MEMBER.matcher(word);
      if (member.matches()) {
        String before = member.group(1) == null ? "" : member.group(1);
        for (String method : methods) {
          if (NAME.matcher(method).matches()) {
            String value = before + "client." + method + "(";
            candidates.add(new Candidate(value, method, "methods", null, null, null, false));
          }
        }
      } else if ("client.".startsWith(word)) {
        candidates.add(new Candidate("client.", "client", null, null, null, null, false));
      }
    };
  }
}
