package dev.glasshouse.verifier;

import dev.glasshouse.verifier.Divergence.Kind;

/** Carries a finding from the check that made it to the report. Never leaves this package. */
final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Divergence divergence;

  DivergenceException(Kind kind, long index, String expected, String actual) {
    this(new Divergence(kind, index, null, expected, actual));
  }

  DivergenceException(Divergence divergence) {
    super(divergence.kind().sentence());
    this.divergence = divergence;
  }

  Divergence divergence() {
    return divergence;
  }
}
