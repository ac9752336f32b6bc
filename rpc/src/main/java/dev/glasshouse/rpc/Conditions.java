package dev.glasshouse.rpc;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a client says of the answers that it can use, in the headers of a GET (RFC 9110). */
final class Conditions {
  private static final Pattern REFUSED = Pattern.compile(";\\s*q=0(\\.0{0,3})?\\s*$");

  private Conditions() {}

  /**
   * Whether an {@code accept-encoding}, or null for none, allows gzip: by name, or with a {@code *}
   * where it is not named (section 12.5.3). A client that says nothing gets plain bytes.
   */
  static boolean takesGzip(String accepted) {
    boolean any = false;
    for (String coding : list(accepted)) {
      String name = coding.split(";", 2)[0].strip();
      boolean taken = !REFUSED.matcher(coding).find();
      if (name.equals("gzip") || name.equals("x-gzip")) {
        return taken;
      }
      any |= name.equals("*") && taken;
    }
    return any;
  }

  /**
   * Whether an {@code if-none-match}, or null for none, names this tag (section 13.1.2): the client
   * holds the answer already.
   *
   * @param tag in its quotes, without a comma; null if the answer has none
   */
  static boolean names(String tags, String tag) {
    if (tag == null) {
      return false;
    }
    for (String held : list(tags)) {
      if (held.equals("*") || held.equals(tag) || held.equals("w/" + tag)) {
        return true;
      }
    }
    return false;
  }

  // Our tags are lower-case hex: nothing is lost by reading all in lower case.
  private static String[] list(String header) {
    return header == null
        ? new String[0]
        : header.toLowerCase(Locale.ROOT).strip().split("\\s*,\\s*", -1);
  }
}
