package dev.glasshouse.rpc;

/**
 * When an image of the guest is due: after so many entries, or so long after the first entry since
 * the last image. An idle module takes none.
 */
final class ImageSchedule {
  /** What {@link #dueAt} gives when time alone makes nothing due. */
  static final long NEVER = Long.MAX_VALUE;

  private final long entries;
  private final long millis;
  private long since;
  private long firstAt;

  /** Either may be 0, for never. */
  ImageSchedule(long entries, long millis) {
    this.entries = entries;
    this.millis = millis;
  }

  /** Entries came that no image holds. */
  void added(long count, long now) {
    if (since == 0) {
      firstAt = now;
    }
    since += count;
  }

  /** An image holds all entries. */
  void taken() {
    since = 0;
  }

  /** Whether the next entry should be an image. */
  boolean isDue(long now) {
    return (entries > 0 && since >= entries) || dueAt() <= now;
  }

  /** When an image will be due if no more entries come, on the host's clock. */
  long dueAt() {
    return millis == 0 || since == 0 ? NEVER : firstAt + millis;
  }

  /** Whether an image is worth its while before the host stops. */
  boolean isDueAtStop() {
    return since > 0 && (entries > 0 || millis > 0);
  }
}
