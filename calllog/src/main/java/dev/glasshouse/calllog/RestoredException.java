package dev.glasshouse.calllog;

import java.nio.file.Path;

/**
 * The directory is a backup, or was restored from one: what its host signed after the backup was
 * taken is not in it, and to sign on would fork the log.
 */
public final class RestoredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RestoredException(Path dir, Path mark) {
    super(
        dir
            + " is from a backup ("
            + mark.getFileName()
            + " in it says which): others may hold newer checkpoints that its key signed, so"
            + " nothing is signed from it. It can be read: glass serve offers it to others, and"
            + " glass verify and glass files read it here. If nothing newer was signed, glass"
            + " restore --newest takes the newest checkpoint as proof");
  }
}
