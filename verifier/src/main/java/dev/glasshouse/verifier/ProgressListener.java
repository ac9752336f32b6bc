package dev.glasshouse.verifier;

/** Hears how far an audit is. */
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = (entries, of) -> {};

  /** So many entries of so many are verified. */
  void verified(long entries, long of);
}
