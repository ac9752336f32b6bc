package dev.glasshouse.verifier;

/** Follows a continuous audit. Its methods are called on the audit's thread. */
public interface Watcher {
  /** The log was verified up to a newer checkpoint, or a finding ends the audit. */
  void audited(Audited audited);

  /**
   * There is nothing new, or something keeps the audit from going on for now. Returns after the
   * time that should pass before the source is asked again.
   *
   * @param obstacle what the source withholds or why it cannot be reached, or null
   * @return whether to go on
   */
  boolean waits(String obstacle);
}
