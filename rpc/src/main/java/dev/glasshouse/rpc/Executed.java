package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import java.util.List;

/**
 * An entry that was executed, on its way into the log.
 *
 * @param index its place in the log
 * @param waiting who is to be answered, or null for an entry that nobody asked for
 * @param submission what was asked, or null
 * @param outcomes one for each call; none if the watchdog ended the request
 * @param root the archive's root after it
 */
record Executed(
    long index,
    CallLog.Pending pending,
    Waiting waiting,
    Submission submission,
    List<Outcome> outcomes,
    Hash root) {

  /** Its place in the caller's session, or null if nobody signed for it. */
  CallerSession.Call call() {
    return submission == null ? null : submission.call();
  }

  /** Bytes that it holds in memory. */
  long bytes() {
    long bytes = pending.bytes().length;
    for (byte[] blob : pending.blobs().values()) {
      bytes += blob.length;
    }
    return bytes;
  }
}
