package dev.glasshouse.calllog;

/**
 * A blob that is named by a hash is not to be had. For a host that is its own failure; for a
 * verifier it means that the blob is withheld, which is not yet a lie.
 */
public final class MissingBlobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Hash hash;

  public MissingBlobException(Hash hash) {
    super("blob " + hash + " is missing");
    this.hash = hash;
  }

  /** The SHA-256 of the missing bytes. */
  public Hash hash() {
    return hash;
  }
}
