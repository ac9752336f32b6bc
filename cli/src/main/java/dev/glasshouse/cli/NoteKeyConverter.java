package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a verifier key from the command line. */
final class NoteKeyConverter implements ITypeConverter<NoteKey> {
  @Override
  public NoteKey convert(String text) {
    try {
      return NoteKey.parse(text);
    } catch (MalformedException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
