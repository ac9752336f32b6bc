package dev.glasshouse.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jline.terminal.spi.SystemStream;

/**
 * Where a command writes, and whether a person watches. To ask may start another program, so it is
 * asked only where the answer matters.
 */
record Streams(
    OutputStream out,
    OutputStream err,
    BooleanSupplier outIsTerminal,
    BooleanSupplier errIsTerminal) {

  /** Those of this process. */
  static Streams ofProcess() {
    return new Streams(
        System.out,
        System.err,
        () -> Terminal.isTerminal(SystemStream.Output),
        () -> Terminal.isTerminal(SystemStream.Error));
  }

  /** Text on a stream is UTF-8, whatever the locale: programs read it too. */
  static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** A stranger's text as it goes to standard output: exact for a program, safe for a person. */
  String forOutput(String text) {
    String safe = Terminal.lines(text);
    return safe.equals(text) || !outIsTerminal.getAsBoolean() ? text : safe;
  }
}
