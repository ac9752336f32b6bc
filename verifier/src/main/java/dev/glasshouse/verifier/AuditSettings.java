package dev.glasshouse.verifier;

/**
 * How an audit goes about it.
 *
 * @param level how much it checks
 * @param jobs guests that replay at once, at least 1; the verdict does not depend on it
 */
public record AuditSettings(Level level, int jobs) {
  /** Everything, in one guest. */
  public static final AuditSettings FULL = new AuditSettings(Level.REPLAY, 1);

  public AuditSettings {
    if (jobs < 1) {
      throw new IllegalArgumentException("an audit needs at least one guest, not " + jobs);
    }
  }
}
