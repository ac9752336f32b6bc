package dev.glasshouse.calllog;

/** The log in a directory belongs to another host key than the one it was opened with. */
public final class WrongHostKeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WrongHostKeyException(PublicKey expected, PublicKey actual) {
    super(
        "the log is signed by "
            + expected.format()
            + ", not by "
            + actual.format()
            + "; use the identity it was made with, or another directory");
  }
}
