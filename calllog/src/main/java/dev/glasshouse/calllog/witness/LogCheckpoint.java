package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.TreeHead;

/**
 * A checkpoint of any log of C2SP tlog-checkpoint, as a witness meets it: with extension lines that
 * our own logs do not have, and with a root that the empty tree cannot have. A claim; nothing of it
 * is verified.
 *
 * @param origin the name of the log
 * @param size number of entries
 * @param root what it says of the tree
 * @param note the whole note; its text is what is cosigned
 */
public record LogCheckpoint(String origin, long size, Hash root, Note note) {

  /** Parses the text of a note; throws {@link MalformedException} if it is no checkpoint. */
  public static LogCheckpoint parse(Note note) {
    String[] lines = lines(note.text());
    return new LogCheckpoint(
        lines[0], Checkpoint.parseCount(lines[1]), Hash.parseBase64(lines[2]), note);
  }

  // Origin, size and root; extension lines if there are any; nothing after the last newline.
  static String[] lines(String text) {
    String[] lines = text.split("\n", -1);
    // The last is empty: the text ends in a newline.
    if (lines.length < 4) {
      throw new MalformedException("a checkpoint has at least three lines: origin, size and root");
    }
    for (int i = 0; i < lines.length - 1; i++) {
      if (lines[i].isEmpty()) {
        throw new MalformedException("a checkpoint has no empty line");
      }
    }
    return lines;
  }

  /** Whether its root can be one of a tree of its size. */
  public boolean isPossible() {
    return size > 0 || root.equals(TreeHead.EMPTY.root());
  }

  /** Size and root; throws {@link MalformedException} if it is not possible. */
  public TreeHead head() {
    return new TreeHead(size, root);
  }
}
