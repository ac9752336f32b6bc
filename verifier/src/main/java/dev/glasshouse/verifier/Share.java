package dev.glasshouse.verifier;

import dev.glasshouse.calllog.MalformedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of an audit a machine does that shares it with others.
 *
 * @param index 1 for the first
 * @param of how many there are, at most {@link #MAX}
 */
public record Share(int index, int of) {
  /** Parts of one audit. */
  public static final int MAX = 1000;

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})");

  public Share {
    if (index < 1 || index > of || of > MAX) {
      throw new MalformedException(
          "a segment is 1/N to N/N, with N at most " + MAX + ", not " + index + "/" + of);
    }
  }

  /**
   * Parses {@code I/N}.
   *
   * @throws MalformedException if it is anything else
   */
  public static Share parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new MalformedException("a segment is written I/N, such as 2/4, not \"" + text + "\"");
    }
    return new Share(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return index + "/" + of;
  }
}
