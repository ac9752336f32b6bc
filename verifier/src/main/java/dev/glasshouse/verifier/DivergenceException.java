package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BrokenRuleException;
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

  /** The finding that an entry breaks a rule. */
  static DivergenceException of(BrokenRuleException e, String method) {
    Kind kind =
        switch (e.rule()) {
          case FORM -> Kind.MALFORMED;
          case CHAIN -> Kind.CHAIN;
          case ANSWER -> Kind.INPUTS;
          case UNSIGNED -> Kind.UNSIGNED;
          case SIGNATURE -> Kind.SIGNATURE;
          case ADMISSION -> Kind.ADMISSION;
          case OUTCOMES -> Kind.OUTCOME;
        };
    String expected = kind == Kind.MALFORMED ? "an entry in its canonical form" : e.expected();
    return new DivergenceException(new Divergence(kind, e.index(), method, expected, e.actual()));
  }
}
