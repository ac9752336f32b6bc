package dev.glasshouse.verifier;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The difference between two short texts, line by line, in the unified format of {@code diff -u}
 * without its first two lines.
 */
final class LineDiff {
  /** Bytes of a text that is compared. */
  static final int MAX_BYTES = 64 << 10;

  /** Lines of a difference. */
  static final int MAX_LINES = 40;

  private static final int MAX_LINE = 200;
  private static final int CONTEXT = 3;
  // Of the table of common subsequences; a larger difference is shown as one change.
  private static final long MAX_CELLS = 1 << 20;

  /** A line of the difference: in both texts, only in the old one, or only in the new one. */
  private record Line(char sign, String text) {}

  private final List<Line> lines = new ArrayList<>();

  private LineDiff(List<String> old, List<String> now) {
    int first = 0;
    int oldEnd = old.size();
    int nowEnd = now.size();
    while (first < Math.min(oldEnd, nowEnd) && old.get(first).equals(now.get(first))) {
      first++;
    }
    while (first < Math.min(oldEnd, nowEnd) && old.get(oldEnd - 1).equals(now.get(nowEnd - 1))) {
      oldEnd--;
      nowEnd--;
    }
    add(' ', old.subList(0, first));
    between(old.subList(first, oldEnd), now.subList(first, nowEnd));
    add(' ', old.subList(oldEnd, old.size()));
  }

  /** The difference, or nothing if one of them is no text or too long. */
  static List<String> between(byte[] old, byte[] now) {
    Optional<String> before = text(old);
    Optional<String> after = text(now);
    if (before.isEmpty() || after.isEmpty()) {
      return List.of();
    }
    return new LineDiff(split(before.get()), split(after.get())).hunks();
  }

  private void between(List<String> old, List<String> now) {
    if ((long) old.size() * now.size() > MAX_CELLS) {
      add('-', old);
      add('+', now);
      return;
    }
    int[][] common = new int[old.size() + 1][now.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
        lines.add(new Line(' ', old.get(i++)));
        j++;
      } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', old.get(i++)));
      } else {
        lines.add(new Line('+', now.get(j++)));
      }
    }
  }

  private void add(char sign, List<String> texts) {
    for (String text : texts) {
      lines.add(new Line(sign, text));
    }
  }

  private List<String> hunks() {
    List<String> out = new ArrayList<>();
    int from = next(0);
    while (from < lines.size()) {
      int begin = Math.max(0, from - CONTEXT);
      int end = from + 1;
      // Changes with less than twice the context between them are one hunk.
      for (int at = next(end); at < lines.size() && at - end <= 2 * CONTEXT; at = next(end)) {
        end = at + 1;
      }
      from = next(end);
      hunk(begin, Math.min(lines.size(), end + CONTEXT), out);
    }
    if (out.size() <= MAX_LINES) {
      return out;
    }
    List<String> first = new ArrayList<>(out.subList(0, MAX_LINES));
    first.add("\u2026 and " + (out.size() - MAX_LINES) + " more lines");
    return first;
  }

  // The next change.
  private int next(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).sign == ' ') {
      at++;
    }
    return at;
  }

  private void hunk(int begin, int end, List<String> out) {
    List<Line> hunk = lines.subList(begin, end);
    List<Line> before = lines.subList(0, begin);
    out.add("@@ -" + range(before, hunk, '-') + " +" + range(before, hunk, '+') + " @@");
    for (Line line : hunk) {
      boolean isEnded = line.text.endsWith("\n");
      String text = isEnded ? line.text.substring(0, line.text.length() - 1) : line.text;
      out.add(line.sign + DivergedCall.cut(text, MAX_LINE));
      if (!isEnded) {
        out.add("\\ No newline at end of file");
      }
    }
  }

  private static String range(List<Line> before, List<Line> hunk, char sign) {
    long count = count(hunk, sign);
    // An empty range is named by the line before it.
    long first = count(before, sign) + (count == 0 ? 0 : 1);
    return count == 1 ? "" + first : first + "," + count;
  }

  private static long count(List<Line> lines, char sign) {
    return lines.stream().filter(line -> line.sign == ' ' || line.sign == sign).count();
  }

  // Each with the newline that ends it.
  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int newline = text.indexOf('\n', from);
      int end = newline < 0 ? text.length() : newline + 1;
      lines.add(text.substring(from, end));
      from = end;
    }
    return lines;
  }

  private static Optional<String> text(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t' || c == '\r')
          ? Optional.of(text)
          : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
