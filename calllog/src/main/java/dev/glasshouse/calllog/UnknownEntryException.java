package dev.glasshouse.calllog;

/**
 * An entry of a kind or version that this build does not know. A later one may: for an auditor that
 * is no verdict on the log.
 */
public final class UnknownEntryException extends MalformedException {
  private static final long serialVersionUID = 1L;

  public UnknownEntryException(String message) {
    super(message);
  }
}
