package dev.glasshouse.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as a person writes them: 500ms, 10s, 2m; in milliseconds. */
final class MillisConverter implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m)");

  @Override
  public Long convert(String text) {
    Matcher found = FORM.matcher(text);
    if (!found.matches()) {
      throw new TypeConversionException("\"" + text + "\" is no duration such as 500ms, 10s or 2m");
    }
    int unit =
        switch (found.group(2)) {
          case "ms" -> 1;
          case "s" -> 1000;
          default -> 60_000;
        };
    return Long.parseLong(found.group(1)) * unit;
  }
}
