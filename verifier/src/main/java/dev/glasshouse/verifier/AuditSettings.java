package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Note;
import java.util.Optional;

/**
 * How an audit goes about it.
 *
 * @param level how much it checks
 * @param jobs guests that replay at once, at least 1; the verdict does not depend on it
 * @param witnesses what it demands of the log's witnesses; empty asks for none
 * @param share which part of the log it replays, if others do the rest; empty for all of it
 * @param checkpoint up to where it audits; empty for the newest checkpoint
 */
public record AuditSettings(
    Level level,
    int jobs,
    Optional<WitnessDemand> witnesses,
    Optional<Share> share,
    Optional<Note> checkpoint) {
  /** Everything, in one guest. */
  public static final AuditSettings FULL = new AuditSettings(Level.REPLAY, 1);

  public AuditSettings {
    if (jobs < 1) {
      throw new IllegalArgumentException("an audit needs at least one guest, not " + jobs);
    }
    if (share.isPresent() && level != Level.REPLAY) {
      throw new IllegalArgumentException("only a replay can be shared");
    }
  }

  /** An audit of the whole log up to its newest checkpoint. */
  public AuditSettings(Level level, int jobs, Optional<WitnessDemand> witnesses) {
    this(level, jobs, witnesses, Optional.empty(), Optional.empty());
  }

  /** Without witnesses. */
  public AuditSettings(Level level, int jobs) {
    this(level, jobs, Optional.empty());
  }
}
