package dev.glasshouse.rpc;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.rpc.witness.Cosigning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers requests whose entries are durable, each with the proof that its session needs next. If
 * callers are to wait for the witnesses, the answers do.
 */
final class Answers {
  /** Sessions whose last answer is remembered; a forgotten one asks for a proof itself. */
  private static final int MAX_SESSIONS = 10_000;

  private final CallLog log;
  private final Cosigning cosigning;

  // The size of the checkpoint that each session was last answered with. Used by whoever commits,
  // one at a time; those who ask again are answered without it.
  private final Map<CallerSession, Long> answered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallerSession, Long> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  Answers(CallLog log, Cosigning cosigning) {
    this.log = log;
    this.cosigning = cosigning;
  }

  /** Answers all who wait for entries that became durable together: the last ones of a log. */
  void give(List<Executed> entries, long size) {
    Map<Waiting, Answer> answers = new LinkedHashMap<>();
    for (Executed done : entries) {
      if (done.waiting() != null) {
        Receipt receipt = log.receipt(done.index(), done.pending().bytes(), size);
        Submission submission = done.submission();
        long from = answeredBefore(submission, size);
        // An answer that is held must not hold the contents of files.
        BlobReader blobs = cosigning.isRequired() ? log.store() : done.pending().blobs()::get;
        Answer answer = answer(receipt, submission, done.outcomes(), blobs, from);
        answers.put(done.waiting(), answer);
      }
    }
    if (!answers.isEmpty()) {
      tell(size, answers);
    }
  }

  /**
   * Answers a request that is in the log already: its caller lost the answer, and gets the receipt
   * that it had. False if it is not.
   */
  boolean again(Waiting waiting, Submission submission) {
    Receipt receipt = log.receiptOf(submission.signed(), submission.session().key());
    if (receipt == null) {
      return false;
    }
    Entry entry = log.entry(receipt.index());
    boolean aborted = entry instanceof AbortEntry;
    String request =
        (aborted ? ((AbortEntry) entry).request() : ((CallEntry) entry).request())
            .read(log.store());
    if (!request.equals(submission.request())) {
      return false;
    }
    List<Outcome> outcomes = aborted ? List.of() : ((CallEntry) entry).outcomes();
    long seen = submission.signed().seen().size();
    Answer answer = answer(receipt, submission, outcomes, log.store(), seen);
    tell(receipt.checkpointSize(), Map.of(waiting, answer));
    return true;
  }

  private void tell(long size, Map<Waiting, Answer> answers) {
    cosigning.whenCovered(
        size,
        answers.size(),
        () -> answers.forEach(Waiting::answer),
        why -> {
          CallRefused refusal =
              new CallRefused(
                  CallRefused.Reason.UNWITNESSED,
                  "the call is executed and logged, but "
                      + why
                      + "; send the same request again for its receipt");
          answers.keySet().forEach(each -> each.refuse(refusal));
        });
  }

  private Answer answer(
      Receipt receipt, Submission submission, List<Outcome> outcomes, BlobReader blobs, long from) {
    long size = receipt.checkpointSize();
    List<Hash> proof = from == 0 || from > size ? List.of() : log.consistency(from, size);
    return new Answer(receipt, submission.calls().size(), outcomes, blobs, from, proof);
  }

  // A caller with many calls on the way has seen more by the time this answer comes than when it
  // signed: the checkpoint of the answer before. A proof from there saves it from asking.
  private long answeredBefore(Submission submission, long size) {
    if (submission.signed() == null) {
      return 0;
    }
    Long before = answered.put(submission.session(), size);
    long seen = submission.signed().seen().size();
    return before == null ? seen : Math.max(seen, before);
  }
}
