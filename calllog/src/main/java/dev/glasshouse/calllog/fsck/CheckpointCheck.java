package dev.glasshouse.calllog.fsck;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;

/** Reads what a checkpoint says before it is known who signed it. */
final class CheckpointCheck {
  private CheckpointCheck() {}

  /** The size that it names; 0 if there is none, or it is not one. */
  static long size(byte[] bytes) {
    if (bytes == null) {
      return 0;
    }
    try {
      return Checkpoint.parse(Note.parse(bytes, Note.MAX_BYTES).text()).head().size();
    } catch (MalformedException e) {
      return 0;
    }
  }
}
