package dev.glasshouse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The interactive prompt: reads, evaluates and prints until the input ends. */
final class Prompt {
  private static final String RED = "\u001b[31m";
  private static final String RESET = "\u001b[0m";

  private final Terminal terminal;
  private final LineReader reader;
  private final boolean colours;

  Prompt(Path history, List<String> methods) throws IOException {
    terminal = TerminalBuilder.builder().name("glass").system(true).dumb(true).build();
    colours = !Terminal.TYPE_DUMB.equals(terminal.getType()) && System.getenv("NO_COLOR") == null;
    Files.createDirectories(history.toAbsolutePath().getParent());
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

  PrintWriter out() {
    return terminal.writer();
  }

  /** Reads and evaluates until the end of the input. */
  void run(Evaluator evaluator) throws IOException {
    while (true) {
      String line;
      try {
        line = reader.readLine("> ");
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        break;
      }
      if (line.isBlank()) {
        continue;
      }
      if (line.strip().equals(".exit")) {
        break;
      }
      print(evaluator.evaluate(line));
    }
    reader.getHistory().save();
    terminal.close();
  }

  private void print(Evaluator.Result result) {
    PrintWriter out = terminal.writer();
    if (result.error() != null) {
      out.println(colours ? RED + result.error() + RESET : result.error());
    } else {
      out.println(result.shown() == null ? "undefined" : result.shown());
    }
    out.flush();
  }

  private static Completer completer(List<String> methods) {
    return (reader, line, candidates) -> {
      String word = line.word();
      if (word.startsWith("client.")) {
        for (String method : methods) {
          candidates.add(
              new Candidate("client." + method + "(", method, "methods", null, null, null, false));
        }
      } else {
        candidates.add(new Candidate("client.", "client", null, null, null, null, false));
      }
    };
  }
}
