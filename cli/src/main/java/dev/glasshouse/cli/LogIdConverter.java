package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a hash from the command line. */
final class LogIdConverter implements ITypeConverter<Hash> {
  @Override
  public Hash convert(String text) {
    try {
      return Hash.parseHex(text);
    } catch (MalformedException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
