package dev.glasshouse.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int REPLACEMENT = 0xfffd;

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

  /**
   * Copies a file of any size to standard output: exact for a program, safe for a person.
   *
   * @return whether a person sees something else than the file's bytes
   */
  boolean copyFile(Path file) throws IOException {
    if (isSafe(file) || !outIsTerminal.getAsBoolean()) {
      Files.copy(file, out);
      out.flush();
      return false;
    }
    // Not closed: the stream is the process's.
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    try (Reader reader = reader(file)) {
      for (int c = codePoint(reader); c >= 0; c = codePoint(reader)) {
        text.write(Terminal.lines(Character.toString(c)));
      }
    }
    text.flush();
    return true;
  }

  private static boolean isSafe(Path file) throws IOException {
    try (Reader reader = reader(file)) {
      for (int c = codePoint(reader); c >= 0; c = codePoint(reader)) {
        // What is no UTF-8 comes as a replacement; some terminals obey such bytes.
        if (c == REPLACEMENT || !Terminal.isSafeInLines(c)) {
          return false;
        }
      }
      return true;
    }
  }

  private static Reader reader(Path file) throws IOException {
    // Unlike Files.newBufferedReader, this takes bytes that are no UTF-8.
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  private static int codePoint(Reader reader) throws IOException {
    int first = reader.read();
    // A decoder never gives half of a pair.
    return first >= 0 && Character.isHighSurrogate((char) first)
        ? Character.toCodePoint((char) first, (char) reader.read())
        : first;
  }
}
