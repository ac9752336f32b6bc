package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.witness.LogCheckpoint;

/**
 * What a witness asks before it cosigns a checkpoint that is larger than the last it cosigned, and
 * that is signed by the log and consistent with that one. Called by many threads, for one log by
 * one at a time.
 */
public interface Approval {
  /** Asks for nothing more: a plain witness of C2SP tlog-witness. */
  Approval APPEND_ONLY =
      new Approval() {
        @Override
        public Verdict approve(long oldSize, LogCheckpoint newer) {
          return Verdict.approved();
        }

        @Override
        public boolean takesLong() {
          return false;
        }
      };

  /** What it comes to. */
  enum Answer {
    /** The log is as it says up to this checkpoint. */
    APPROVED,
    /** The log is found to be wrong. */
    REFUSED,
    /** It could not be found out; the submission may come again. */
    UNDECIDED
  }

  /**
   * An answer, and why.
   *
   * @param sentence for whoever submitted, and for the witness's own log
   */
  record Verdict(Answer answer, String sentence) {
    /** A verdict that needs no reason. */
    public static Verdict approved() {
      return new Verdict(Answer.APPROVED, "");
    }

    /** The log is wrong. */
    public static Verdict refused(String sentence) {
      return new Verdict(Answer.REFUSED, sentence);
    }

    /** Nothing is known. */
    public static Verdict undecided(String sentence) {
      return new Verdict(Answer.UNDECIDED, sentence);
    }
  }

  /**
   * Decides on a checkpoint. An exception counts as undecided.
   *
   * @param oldSize the size that was cosigned last, 0 for none
   * @param newer signed by the log's key
   */
  Verdict approve(long oldSize, LogCheckpoint newer);

  /** Whether others must not wait for it. */
  default boolean takesLong() {
    return true;
  }
}
