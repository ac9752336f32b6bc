package dev.glasshouse.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.LoggerFactory;

/**
 * The logs of a command as its flags want them. Closed, it writes what is left, and logs are as
 * logback.xml has them.
 */
final class Logging implements AutoCloseable {
  /** Lines that may wait for a slow disk; of those that come then, none is kept. */
  private static final int MAX_WAITING = 8192;

  private static final String ACCESS = "access";
  private static final String STANDARD_ERROR = "STDERR";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level levelBefore = root.getLevel();
  private final OutputStreamAppender<ILoggingEvent> console =
      (OutputStreamAppender<ILoggingEvent>) root.getAppender(STANDARD_ERROR);
  private final Encoder<ILoggingEvent> encoderBefore = console.getEncoder();

  private Logging() {}

  /**
   * Writes the host's log to standard error, and one of accesses.
   *
   * @param level the least that is written
   * @param json whether as JSON
   * @param access the file of the second, - for standard output, or null for none
   */
  static Logging begin(String level, boolean json, String access) {
    Logging logging = new Logging();
    logging.root.setLevel(Level.toLevel(level));
    if (json) {
      logging.console.setEncoder(logging.json());
    }
    if (access != null) {
      logging.logAccess(access);
    }
    return logging;
  }

  private JsonEncoder json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMDC(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }

  private void logAccess(String file) {
    OutputStreamAppender<ILoggingEvent> lines = file.equals("-") ? standardOutput() : file(file);
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.US_ASCII);
    encoder.setPattern("%msg%n");
    encoder.start();
    lines.setContext(context);
    lines.setEncoder(encoder);
    lines.start();
    // Who is answered does not wait for the disk.
    AsyncAppender waiting = new AsyncAppender();
    waiting.setContext(context);
    waiting.setName(ACCESS);
    waiting.setQueueSize(MAX_WAITING);
    waiting.setDiscardingThreshold(0);
    waiting.setNeverBlock(true);
    waiting.addAppender(lines);
    waiting.start();
    Logger access = context.getLogger(ACCESS);
    access.addAppender(waiting);
    access.setLevel(Level.INFO);
  }

  private static OutputStreamAppender<ILoggingEvent> standardOutput() {
    ConsoleAppender<ILoggingEvent> lines = new ConsoleAppender<>();
    lines.setTarget("System.out");
    return lines;
  }

  private static OutputStreamAppender<ILoggingEvent> file(String file) {
    try {
      // The appender would say on standard error that it cannot, and go on.
      Files.newOutputStream(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
          .close();
    } catch (IOException e) {
      throw new CommandException(1, "--access-log: cannot write to " + file, e);
    }
    FileAppender<ILoggingEvent> lines = new FileAppender<>();
    lines.setFile(file);
    return lines;
  }

  @Override
  public void close() {
    Logger access = context.getLogger(ACCESS);
    Appender<ILoggingEvent> waiting = access.getAppender(ACCESS);
    if (waiting != null) {
      access.setLevel(Level.OFF);
      access.detachAppender(waiting);
      waiting.stop();
    }
    console.setEncoder(encoderBefore);
    root.setLevel(levelBefore);
  }
}
