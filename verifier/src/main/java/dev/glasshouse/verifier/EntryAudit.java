package dev.glasshouse.verifier;

import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.util.function.Consumer;

/**
 * Audits the entries of a log in order: the rules, the signatures and the replay, as far as the
 * level says. Goes on when the log grows. Confined to its sandbox thread.
 */
final class EntryAudit implements AutoCloseable {
  private final LogReader reader;
  private final GenesisEntry genesis;
  private final AuditSettings settings;
  private final SandboxEngine engine;
  private final AuditBlobs blobs;
  private final EntryReader entries;
  private final History history;
  private final Tally tally;
  private final Consumer<CheckedEntry> passed;
  private final ProgressListener progress;
  private final long since;

  private Rerun rerun;
  private Segment segment;

  /**
   * Prepares the audit of the entries after those of the history.
   *
   * @param passed hears of each entry that has kept the rules
   */
  EntryAudit(
      LogReader reader,
      GenesisEntry genesis,
      AuditSettings settings,
      SandboxEngine engine,
      AuditBlobs blobs,
      History history,
      Tally tally,
      Consumer<CheckedEntry> passed,
      ProgressListener progress) {
    this.reader = reader;
    this.genesis = genesis;
    this.settings = settings;
    this.engine = engine;
    this.blobs = blobs;
    this.entries = new EntryReader(reader, genesis, blobs);
    this.history = history;
    this.tally = tally;
    this.passed = passed;
    this.progress = progress;
    this.since = history.size();
    this.segment = settings.share().map(Segment::unknown).orElse(null);
  }

  /** What of the log is replayed here, as far as it is known; null if it is all of it. */
  Segment segment() {
    return segment;
  }

  /** Audits all entries up to the last of a log of this size. */
  void run(long size) {
    if (!settings.level().includes(Level.REPLAY)) {
      keepRules(size);
    } else if (settings.share().isPresent()) {
      replaySegment(size);
    } else if (rerun == null && (settings.jobs() > 1 || history.size() > 0)) {
      replayInSegments(size);
    } else {
      replayOneByOne(size);
    }
  }

  private void keepRules(long size) {
    Depth depth = settings.level().includes(Level.SIGNATURES) ? Depth.SIGNATURE : Depth.FORM;
    try (EntryStream stream = entries.stream(history.size(), size, depth)) {
      while (history.size() < size) {
        for (CheckedEntry checked : stream.next()) {
          history.append(checked);
          passed.accept(checked);
          progress.verified(history.size(), size);
        }
      }
    }
  }

  private void replayOneByOne(long size) {
    Tally.Replayed replayed = new Tally.Replayed();
    if (rerun == null) {
      rerun = Rerun.atGenesis(engine, genesis, blobs);
    }
    try (EntryStream stream = entries.stream(history.size(), size, Depth.SIGNATURE)) {
      while (history.size() < size) {
        for (CheckedEntry checked : stream.next()) {
          history.append(checked);
          rerun.replay(checked);
          replayed.entry(checked);
          passed.accept(checked);
          progress.verified(history.size(), size);
        }
      }
    } finally {
      tally.add(replayed);
    }
  }

  // All entries by themselves first. What stops that counts unless the replay of those before it
  // finds something.
  private void replayInSegments(long size) {
    Replay.requireInterpreter(genesis);
    RuntimeException stopped = stopped(() -> keepRules(size));
    rerun = segmentedReplay(size, since).run(settings.jobs(), tally);
    if (stopped != null) {
      throw stopped;
    }
  }

  // All entries by themselves, but for the signatures of others' segments, and then this one. What
  // stops the first part is left to the log as a whole, wherever it is.
  private void replaySegment(long size) {
    Replay.requireInterpreter(genesis);
    SegmentPlan plan = new SegmentPlan();
    RuntimeException stopped = stopped(() -> keepRulesUnsigned(size, plan));
    segment = plan.segment(settings.share().get(), history.size());
    if (segment.from() < segment.to()) {
      segmentedReplay(size, 0).run(segment, plan.images(segment), settings.jobs(), tally);
    }
    segment = segment.verified();
    if (stopped != null) {
      throw stopped;
    }
  }

  // What has kept the entries from being read and checked to the last, or null.
  private static RuntimeException stopped(Runnable checks) {
    try {
      checks.run();
      return null;
    } catch (DivergenceException
        | MalformedException
        | MissingBlobException
        | UnreachableException
        | WrongBlobException e) {
      return e;
    }
  }

  private void keepRulesUnsigned(long size, SegmentPlan plan) {
    try (EntryStream stream = entries.stream(history.size(), size, Depth.REQUEST)) {
      while (history.size() < size) {
        for (CheckedEntry checked : stream.next()) {
          try {
            history.append(checked);
          } catch (DivergenceException e) {
            // Of one entry the signature comes first, whosever it is.
            CheckedEntry signed = entries.check(checked.index(), checked.bytes(), Depth.SIGNATURE);
            throw signed.failure() != null ? signed.failure() : e;
          }
          plan.add(checked);
          passed.accept(checked);
          progress.verified(history.size(), size);
        }
      }
    }
  }

  private SegmentedReplay segmentedReplay(long size, long counted) {
    return new SegmentedReplay(
        engine,
        genesis,
        reader,
        entries,
        history,
        blobs,
        size,
        counted,
        done -> progress.verified(done, size));
  }

  @Override
  public void close() {
    if (rerun != null) {
      rerun.close();
    }
  }
}
