package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's own log as its witnesses are shown it. Whatever else the log's key has signed must be of
 * the same history: otherwise the host is an old copy of itself, and must not sign on.
 */
final class OwnHistory {
  private static final Logger LOG = LoggerFactory.getLogger(OwnHistory.class);

  private volatile CallLog log;
  private volatile String contradiction;

  /** Takes the log, which has grown or was loaded again. */
  void become(CallLog grown) {
    log = grown;
  }

  /** The newest checkpoint, or null. */
  SignedCheckpoint checkpoint() {
    return log.checkpoint();
  }

  String origin() {
    return log.genesis().origin();
  }

  /** The number of entries. */
  long size() {
    return log.head().size();
  }

  List<Hash> consistency(long from, long to) {
    return log.consistency(from, to);
  }

  /**
   * A checkpoint of this log.
   *
   * @throws UnverifiedException if the log's key has not signed it
   * @throws MalformedException if it is none
   */
  SignedCheckpoint verified(Note note) {
    return SignedCheckpoint.verify(note, origin(), log.genesis().host());
  }

  /** Why this log's key must not sign on, or null: it has signed another history. */
  String contradiction() {
    return contradiction;
  }

  /** Compares what the log's own key has signed with this log. */
  void compare(SignedCheckpoint signed, String source) {
    long size = signed.head().size();
    long own = size();
    if (size > own) {
      contradicts(
          source,
          size,
          "the log has "
              + own
              + ": it is a restored backup, or has lost entries. Signing on would make a fork");
    } else if (size > 0 && !log.rootAt(size).equals(signed.head().root())) {
      contradicts(source, size, "it is of another history. Signing on would make the fork worse");
    }
    if (contradiction != null) {
      LOG.error("{}", contradiction);
    }
  }

  private void contradicts(String source, long size, String how) {
    contradiction =
        source
            + " has a checkpoint of "
            + size
            + " entries that the key of this log has signed, and "
            + how;
  }

  /** What may help with an answer of HTTP. */
  String hint(int status) {
    return status == 404
        ? "; its owner must list this log: log "
            + new NoteKey(origin(), log.genesis().host()).format()
        : "";
  }
}
