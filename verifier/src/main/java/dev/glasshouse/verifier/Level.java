package dev.glasshouse.verifier;

/** How much of a log an audit checks; each level checks what those before it do, and more. */
public enum Level {
  /** The log's identity, its checkpoint's signature, and that the kept checkpoint is continued. */
  RECEIPT,
  /** Every entry's form, place and hash, every tile, and the published files by hash. */
  HASHES,
  /** Every caller's signature, and that each call may be where it is. */
  SIGNATURES,
  /** Every call is executed again, and must come to the same bytes. */
  REPLAY;

  boolean includes(Level other) {
    return compareTo(other) >= 0;
  }
}
