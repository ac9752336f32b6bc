package dev.glasshouse.calllog.store;

import java.nio.file.Path;

/**
 * The stored bytes are not the bytes that were written: a checksum or a hash differs, a file is
 * missing, or fewer entries are left than were acknowledged. Reading again does not help, and a
 * host that signed on top of it would fork its own log. The message names the place and the way
 * out.
 */
public final class StoreDamagedException extends StoreFailure {
  private static final long serialVersionUID = 1L;

  private final transient Path place;
  private final String what;

  public StoreDamagedException(Path place, String what) {
    this(place, what, null);
  }

  public StoreDamagedException(Path place, String what, Throwable cause) {
    super(
        place
            + " is damaged ("
            + what
            + "): restore a backup or a replica's copy; until then nothing may be signed from it",
        cause);
    this.place = place;
    this.what = what;
  }

  /** The file or folder that is damaged. */
  public Path place() {
    return place;
  }

  /** What was found there. */
  public String what() {
    return what;
  }
}
