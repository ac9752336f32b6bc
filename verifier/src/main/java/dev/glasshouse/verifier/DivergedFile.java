package dev.glasshouse.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file that is another after an entry than the log says.
 *
 * @param path from the archive's root, such as {@code /a.txt}
 * @param expected as the replay left it: size and hash, {@code a directory} or {@code absent}
 * @param actual as the log has it
 * @param diff lines of a unified diff from expected to actual; empty unless both are short texts
 *     that can be had
 */
public record DivergedFile(String path, String expected, String actual, List<String> diff) {
  public DivergedFile {
    diff = List.copyOf(diff);
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("actual", actual);
    map.put("diff", new ArrayList<Object>(diff));
    map.put("expected", expected);
    map.put("path", path);
    return map;
  }

  static DivergedFile fromJson(Map<?, ?> map) {
    List<String> diff = new ArrayList<>();
    for (Object line : (List<?>) map.get("diff")) {
      diff.add((String) line);
    }
    return new DivergedFile(
        (String) map.get("path"), (String) map.get("expected"), (String) map.get("actual"), diff);
  }
}
