package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads from the command line what a log is read from. */
final class LogSourceConverter implements ITypeConverter<LogSource> {
  @Override
  public LogSource convert(String text) {
    try {
      return LogSource.parse(text);
    } catch (MalformedException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
