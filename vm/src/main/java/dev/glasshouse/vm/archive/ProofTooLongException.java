package dev.glasshouse.vm.archive;

/** A directory has so much in it that the proof of its listing would be over a limit. */
public final class ProofTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProofTooLongException(String message) {
    super(message);
  }
}
