package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.witness.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the file of a {@link Policy}. */
final class PolicyConverter implements ITypeConverter<Policy> {
  @Override
  public Policy convert(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return Policy.parse(in.readNBytes(Policy.MAX_BYTES + 1));
    } catch (MalformedException e) {
      throw new TypeConversionException(file + " is no policy: " + Sentence.of(e));
    } catch (IOException e) {
      throw new TypeConversionException("cannot read the policy: " + Sentence.of(e));
    }
  }
}
