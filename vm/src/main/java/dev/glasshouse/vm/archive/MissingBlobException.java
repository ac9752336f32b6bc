package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;

/**
 * The archive names a blob that its reader does not have. A failure of the host, never of the
 * backend: the operation was cut short, so drop the archive and reload it.
 */
public final class MissingBlobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Hash sha256;

  public MissingBlobException(Hash sha256) {
    super("blob " + sha256 + " is missing");
    this.sha256 = sha256;
  }

  /** The SHA-256 of the blob that is missing. */
  public Hash sha256() {
    return sha256;
  }
}
