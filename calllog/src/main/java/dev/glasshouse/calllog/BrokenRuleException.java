package dev.glasshouse.calllog;

/**
 * An entry that a log commits to breaks a rule of the log that needs no execution. The host is to
 * blame: it signed a tree with the entry in it.
 */
public final class BrokenRuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which rule. */
  public enum Rule {
    /** The entry, or its request, is not in its form. */
    FORM,
    /** Position, kind, previous leaf hash or time do not continue the entry before. */
    CHAIN,
    /** An answer from outside is longer than the log allows. */
    ANSWER,
    /** An unsigned call in a log that takes signed ones only. */
    UNSIGNED,
    /** A signature does not hold. */
    SIGNATURE,
    /** A call that may not be in this log at this place. */
    ADMISSION,
    /** Not one outcome for each call of the request. */
    OUTCOMES
  }

  private final Rule rule;
  private final long index;
  private final String expected;
  private final String actual;

  BrokenRuleException(Rule rule, long index, String expected, String actual) {
    super("entry " + index + " must have " + expected + ", and has " + actual);
    this.rule = rule;
    this.index = index;
    this.expected = expected;
    this.actual = actual;
  }

  /** Which rule. */
  public Rule rule() {
    return rule;
  }

  /** The index of the entry. */
  public long index() {
    return index;
  }

  /** What the rule asks for. */
  public String expected() {
    return expected;
  }

  /** What the entry has instead. */
  public String actual() {
    return actual;
  }
}
