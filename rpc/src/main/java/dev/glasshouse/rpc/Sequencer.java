package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The script-wide lock: takes requests one at a time, in order, and answers none before it is
 * durable. All requests that wait when a batch starts share one sync and one checkpoint.
 *
 * <p>Confined to the module's thread.
 */
final class Sequencer {
  /** Bytes of blobs that may wait in memory for one sync. */
  static final long MAX_PENDING_BYTES = 64L << 20;

  private final CallLog log;
  private final Executor executor;
  private final BatchBlobs blobs;
  private final LongSupplier clock;
  private long lastTime;

  /** A request that was executed and waits for its batch to be durable. */
  private record Executed(
      Waiting waiting, Submission submission, Execution execution, CallLog.Pending pending) {}

  /** The key of a call that is in the running batch and thus not yet in the log. */
  private record Ticket(PublicKey key, String session, long n) {
    static Ticket of(Submission submission) {
      SignedCall signed = submission.signed();
      return new Ticket(((Caller.Key) submission.caller()).key(), signed.session(), signed.n());
    }
  }

  private record Session(PublicKey key, String session) {}

  /** Sessions whose last answer is remembered; a forgotten one asks for a proof itself. */
  private static final int MAX_SESSIONS = 10_000;

  // The size of the checkpoint that each session was last answered with.
  private final Map<Session, Long> answered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Session, Long> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  Sequencer(CallLog log, Executor executor, BatchBlobs blobs, LongSupplier clock, long lastTime) {
    this.log = log;
    this.executor = executor;
    this.blobs = blobs;
    this.clock = clock;
    this.lastTime = lastTime;
  }

  /**
   * Serves one batch: admit and execute each, append all, answer all. A batch that writes much is
   * appended in several parts.
   *
   * <p>When this throws, nothing of the batch was answered with success and the module's state is
   * unknown.
   *
   * @param committed runs when the batch is durable, before anyone is answered
   */
  void serve(List<Waiting> batch, Runnable committed) {
    Batch running = new Batch();
    for (Waiting waiting : batch) {
      try {
        running.take(waiting);
      } catch (CallRefused e) {
        // If we stop here, the caller hears nothing and may ask again: nothing was executed.
        waiting.refuse(e);
      }
      if (running.bytes >= MAX_PENDING_BYTES) {
        commit(running, committed);
        running = new Batch();
      }
    }
    commit(running, committed);
  }

  private void commit(Batch running, Runnable committed) {
    if (running.executed.isEmpty()) {
      return;
    }
    // If we stop here, all that was executed is forgotten and nobody was told.
    SignedCheckpoint checkpoint = log.append(running.pending());
    blobs.clear();
    committed.run();
    // If we stop here, the callers ask again and are given the receipts of the entries.
    running.answer(checkpoint.head().size());
  }

  private final class Batch {
    private final List<Executed> executed = new ArrayList<>();
    private final Map<Ticket, Executed> tickets = new HashMap<>();
    private final Map<Ticket, List<Waiting>> retries = new HashMap<>();
    private final Map<Session, Long> lastNumbers = new HashMap<>();
    private long seq = log.head().size();
    private Hash prev = log.lastLeaf();
    private long bytes;

    private void take(Waiting waiting) {
      Submission submission = waiting.submission();
      if (submission.signed() != null
          && (isRetryInBatch(waiting, submission) || isRetry(waiting, submission))) {
        return;
      }
      admit(submission);
      Executed done = execute(waiting, submission);
      executed.add(done);
      if (submission.signed() != null) {
        Ticket ticket = Ticket.of(submission);
        tickets.put(ticket, done);
        lastNumbers.put(new Session(ticket.key(), ticket.session()), ticket.n());
      }
    }

    private boolean isRetryInBatch(Waiting waiting, Submission submission) {
      Ticket ticket = Ticket.of(submission);
      Executed first = tickets.get(ticket);
      if (first == null || !first.submission().request().equals(submission.request())) {
        return false;
      }
      retries.computeIfAbsent(ticket, t -> new ArrayList<>()).add(waiting);
      return true;
    }

    // The same request again: its caller lost the answer, and gets the receipt that it had.
    private boolean isRetry(Waiting waiting, Submission submission) {
      Caller.Key caller = (Caller.Key) submission.caller();
      Receipt receipt = log.receiptOf(submission.signed(), caller.key());
      if (receipt == null) {
        return false;
      }
      CallEntry entry = (CallEntry) log.entry(receipt.index());
      if (!entry.request().read(log.store()).equals(submission.request())) {
        return false;
      }
      long seen = submission.signed().seen().size();
      long size = receipt.checkpointSize();
      waiting.answer(
          new Answer(receipt, entry.outcomes(), log.store(), seen, consistency(seen, size)));
      return true;
    }

    private void admit(Submission submission) {
      if (submission.signed() == null) {
        return;
      }
      Admission.State state =
          new Admission.State() {
            @Override
            public long lastNumber(PublicKey key, String session) {
              Long inBatch = lastNumbers.get(new Session(key, session));
              return inBatch != null ? inBatch : log.lastNumber(key, session);
            }

            @Override
            public Hash rootAt(long size) {
              return log.rootAt(size);
            }
          };
      PublicKey key = ((Caller.Key) submission.caller()).key();
      // A head within this batch is not signed yet: nobody can have seen it.
      Admission.check(submission.signed(), key, log.id(), log.head().size(), state);
    }

    private Executed execute(Waiting waiting, Submission submission) {
      long time = Math.max(lastTime, clock.getAsLong());
      Execution execution =
          executor.execute(
              submission.caller().id(), submission.calls(), time, InputTape.recording());
      Execution.Derived derived =
          execution.entry(seq, prev, time, submission.caller(), submission.request());
      blobs.add(derived.blobs());
      for (byte[] blob : derived.blobs().values()) {
        bytes += blob.length;
      }
      lastTime = time;
      seq++;
      prev = Merkle.leafHash(derived.bytes());
      PublicKey key = submission.signed() == null ? null : ((Caller.Key) submission.caller()).key();
      return new Executed(
          waiting,
          submission,
          execution,
          new CallLog.Pending(derived.bytes(), derived.blobs(), submission.signed(), key));
    }

    private List<CallLog.Pending> pending() {
      List<CallLog.Pending> all = new ArrayList<>(executed.size());
      for (Executed done : executed) {
        all.add(done.pending());
      }
      return all;
    }

    private void answer(long size) {
      long index = size - executed.size();
      for (Executed done : executed) {
        List<Outcome> outcomes = done.execution().outcomes();
        long from = answeredBefore(done.submission(), size);
        Answer answer =
            new Answer(
                log.receipt(index++, done.pending().bytes(), size),
                outcomes,
                done.pending().blobs()::get,
                from,
                consistency(from, size));
        done.waiting().answer(answer);
        if (done.submission().signed() != null) {
          retries
              .getOrDefault(Ticket.of(done.submission()), List.of())
              .forEach(retry -> retry.answer(answer));
        }
      }
    }

    // A caller with many calls on the way has seen more by the time this answer comes than when it
    // signed: the checkpoint of the answer before. A proof from there saves it from asking.
    private long answeredBefore(Submission submission, long size) {
      if (submission.signed() == null) {
        return 0;
      }
      Ticket ticket = Ticket.of(submission);
      Long before = answered.put(new Session(ticket.key(), ticket.session()), size);
      long seen = submission.signed().seen().size();
      return before == null ? seen : Math.max(seen, before);
    }

    private List<Hash> consistency(long from, long size) {
      return from == 0 || from > size ? List.of() : log.consistency(from, size);
    }
  }
}
