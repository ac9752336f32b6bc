package dev.glasshouse.calllog;

/**
 * The rules that decide whether a signed call may become the next entry. The host asks before it
 * executes, the verifier asks again: a log that holds a call which these rules refuse is wrong.
 */
public final class Admission {
  /** What the rules ask about the log before the entry. */
  public interface State {
    /** The highest number that the session has used, 0 if none. */
    long lastNumber(PublicKey key, String session);

    /** The root of the tree of the first {@code size} entries; {@code size} is within the log. */
    Hash rootAt(long size);
  }

  private Admission() {}

  /**
   * Throws {@link CallRefused} unless {@code call} may be entry {@code size} of log {@code id}. The
   * signature is not checked here: that needs no log and is done ahead of the lock.
   */
  public static void check(SignedCall call, PublicKey key, Hash id, long size, State state) {
    if (!call.log().equals(id)) {
      throw new CallRefused(
          CallRefused.Reason.WRONG_LOG,
          "the call is signed for log " + call.log() + ", this is log " + id);
    }
    long last = state.lastNumber(key, call.session());
    if (call.n() <= last) {
      throw new CallRefused(
          CallRefused.Reason.USED_NUMBER,
          "number " + call.n() + " of this session is used up; the last one used is " + last);
    }
    TreeHead seen = call.seen();
    if (seen.size() > size) {
      throw new CallRefused(
          CallRefused.Reason.UNKNOWN_HISTORY,
          "the caller has seen "
              + seen.size()
              + " entries, this log has "
              + size
              + ": it was rolled back, or is another log");
    }
    if (!seen.root().equals(state.rootAt(seen.size()))) {
      throw new CallRefused(
          CallRefused.Reason.UNKNOWN_HISTORY,
          "the caller has seen another history of the first "
              + seen.size()
              + " entries: the log was forked");
    }
  }
}
