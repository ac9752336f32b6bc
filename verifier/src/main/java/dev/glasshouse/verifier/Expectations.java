package dev.glasshouse.verifier;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCheckpoint;
import java.util.List;
import java.util.Optional;

/** What the auditor knows from elsewhere than the source under audit. */
public interface Expectations {
  /** Knows nothing. */
  Expectations NONE = log -> Optional.empty();

  /** The newest checkpoint that was verified of this log before. */
  Optional<SignedCheckpoint> kept(Log log);

  /** What was verified of this log before, for an audit to go on from; empty begins at genesis. */
  default Optional<Verified> verified(Log log) {
    return Optional.empty();
  }

  /** Checkpoints of this log that a quorum had cosigned when they were audited before. */
  default List<SignedCheckpoint> cosigned(Log log) {
    return List.of();
  }

  /** The log that is meant; empty takes whatever is served. */
  default Optional<Hash> log() {
    return Optional.empty();
  }

  /** The archive root that the log must come to. */
  default Optional<Hash> filesRoot() {
    return Optional.empty();
  }

  /** A log as its genesis entry describes it. */
  record Log(Hash id, GenesisEntry genesis) {}
}
