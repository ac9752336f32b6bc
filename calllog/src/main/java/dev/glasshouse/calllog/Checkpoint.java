package dev.glasshouse.calllog;

/**
 * What a log signs: its origin and its tree head, the text of C2SP tlog-checkpoint 1.0.0 in three
 * lines. Extension lines are refused: no auditor could check them, what must be said is an entry.
 * Not signed yet, see {@link SignedCheckpoint}.
 *
 * @param origin the log's name for everybody, a URL without scheme; also the name of its key
 * @param head size and root
 */
public record Checkpoint(String origin, TreeHead head) {
  /** The digits of 2^63 - 1. */
  private static final int MAX_DIGITS = 19;

  public Checkpoint {
    NoteKey.checkName(origin);
  }

  /** Parses the text of a note; accepts only what {@link #text} writes. */
  public static Checkpoint parse(String text) {
    int first = text.indexOf('\n');
    int second = first < 0 ? -1 : text.indexOf('\n', first + 1);
    int third = second < 0 ? -1 : text.indexOf('\n', second + 1);
    if (third < 0 || third != text.length() - 1) {
      throw new MalformedException("a checkpoint has three lines: origin, size and root");
    }
    long size = parseCount(text.substring(first + 1, second));
    Hash root = Hash.parseBase64(text.substring(second + 1, third));
    return new Checkpoint(text.substring(0, first), new TreeHead(size, root));
  }

  /** The text of the note, each line with its newline. */
  public String text() {
    return origin + "\n" + head.size() + "\n" + head.root().base64() + "\n";
  }

  /** Parses a size or an index: ASCII digits below 2^63, no leading zero, "0" for zero. */
  public static long parseCount(String digits) {
    boolean plain = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean leadingZero = digits.startsWith("0") && digits.length() > 1;
    if (digits.isEmpty() || digits.length() > MAX_DIGITS || !plain || leadingZero) {
      throw new MalformedException("a size or index is written in digits without leading zeros");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new MalformedException("a size or index is below 2^63", e);
    }
  }
}
