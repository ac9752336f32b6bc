package dev.glasshouse.calllog;

/** A source answered with other bytes than the hash names. */
public final class WrongBlobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WrongBlobException(Hash hash, int length) {
    super("the source gave " + length + " bytes as blob " + hash + " that have another hash");
  }
}
