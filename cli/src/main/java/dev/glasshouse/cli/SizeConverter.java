package dev.glasshouse.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as a person writes them: bytes, or 900k, 64m, 1g in units of 1024. */
final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,10})([kmg]?)");

  @Override
  public Long convert(String text) {
    Matcher found = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!found.matches()) {
      throw new TypeConversionException("\"" + text + "\" is no size such as 900k, 64m or 1g");
    }
    int shift =
        switch (found.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    long size = Long.parseLong(found.group(1));
    if (size > Long.MAX_VALUE >> shift) {
      throw new TypeConversionException("\"" + text + "\" is too large a size");
    }
    return size << shift;
  }
}
