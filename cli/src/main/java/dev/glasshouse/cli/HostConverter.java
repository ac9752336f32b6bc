package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.client.HostAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a host's address from the command line. */
final class HostConverter implements ITypeConverter<HostAddress> {
  @Override
  public HostAddress convert(String text) {
    try {
      return HostAddress.parse(text);
    } catch (MalformedException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
