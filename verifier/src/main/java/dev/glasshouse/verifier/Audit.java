package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.UnknownInterpreterException;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.DirHash;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One audit of one log, from its genesis entry, or from where an earlier audit ended, to its newest
 * checkpoint. Runs on one sandbox thread.
 */
final class Audit implements AutoCloseable {
  /** How often an audit follows a log that grows before its files could be compared. */
  private static final int MAX_FOLLOWED = 3;

  /** How often files that do not fit are asked for before the host is accused. */
  private static final int TIMES_ASKED = 2;

  private final LogReader reader;
  private final Expectations expectations;
  private final AuditSettings settings;
  private final SandboxEngine engine;
  private final ProgressListener progress;
  private final Tally tally = new Tally();
  private final AuditBlobs blobs;
  private final Map<String, Hash> comparedFiles = new HashMap<>();

  private Hash log;
  private GenesisEntry genesis;
  private SignedCheckpoint checkpoint;
  private Optional<SignedCheckpoint> kept = Optional.empty();
  private EntryReader entries;
  private History history;
  private TreeCheck tree;
  private List<TreeHead> required;
  private Rerun rerun;
  private String digest;
  private long since;
  private int followed;
  private boolean finished;

  Audit(
      LogReader reader,
      Expectations expectations,
      AuditSettings settings,
      SandboxEngine engine,
      ProgressListener progress) {
    this.reader = reader;
    this.expectations = expectations;
    this.settings = settings;
    this.engine = engine;
    this.progress = progress;
    this.blobs = new AuditBlobs(reader, tally);
  }

  /** Audits up to the newest checkpoint. */
  Report run() {
    return reported(
        () -> {
          start();
          if (!checks(Level.HASHES)) {
            ReceiptCheck receipts = new ReceiptCheck(reader, checkpoint.head(), tally);
            receipts.requireGenesis(log);
            required.forEach(receipts::requireContinues);
          } else {
            do {
              extend();
            } while (!publishedFilesHold());
            requireFilesRoot();
            digest = DirHash.h1(ArchiveTree.open(history.filesRoot(), blobs));
          }
        });
  }

  /**
   * Goes on with a log that was verified, if it has a newer checkpoint now.
   *
   * @return null if it has none
   */
  Report runOn() {
    long size = checkpoint.head().size();
    Report report =
        reported(
            () -> {
              SignedCheckpoint newest = newest();
              if (newest.head().equals(checkpoint.head())) {
                return;
              }
              kept = Optional.of(checkpoint);
              checkpoint = newest;
              digest = null;
              requireNotShorter(size);
              new ReceiptCheck(reader, newest.head(), tally).requireContinues(kept.get().head());
              extend();
              checkFiles(Optional.of(history.filesRoot()));
            });
    boolean same = report.verdict() == Report.Verdict.VERIFIED && checkpoint.head().size() == size;
    return same ? null : report;
  }

  private Report reported(Runnable checks) {
    finished = false;
    try {
      checks.run();
      finished = true;
      return report(Report.Verdict.VERIFIED, null, null, null);
    } catch (DivergenceException e) {
      return found(e.divergence());
    } catch (WrongBlobException e) {
      return found(
          new Divergence(Kind.BLOB, size(), null, "the bytes of that hash", e.getMessage()));
    } catch (UnreachableException
        | MissingBlobException
        | UnknownInterpreterException
        | UnknownEntryException e) {
      return report(Report.Verdict.UNDECIDED, null, null, e.getMessage());
    } catch (MalformedException e) {
      return found(
          new Divergence(
              Kind.MALFORMED, size(), null, "a log in its published form", e.getMessage()));
    }
  }

  private Report found(Divergence divergence) {
    Evidence evidence =
        checkpoint == null || history == null
            ? null
            : new Prosecution(reader, blobs, genesis, checkpoint, kept, history)
                .evidence(divergence);
    boolean proved = evidence != null && EvidenceJudge.judge(evidence, log).proved();
    return report(
        proved ? Report.Verdict.MISBEHAVED : Report.Verdict.DIVERGED, divergence, evidence, null);
  }

  private boolean checks(Level level) {
    return settings.level().includes(level);
  }

  private long size() {
    return history == null ? 0 : history.size();
  }

  // Who this is: the id comes from the genesis entry's bytes, the key from the entry, and only then
  // is the checkpoint's signature worth anything.
  private void start() {
    Note note = Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    Checkpoint unverified = Checkpoint.parse(note.text());
    long size = unverified.head().size();
    if (size == 0) {
      throw new UnreachableException("the source has an empty log: nothing to verify");
    }
    byte[] bytes = EntryReader.bytes(reader, 0, size).get(0);
    log = Merkle.leafHash(bytes);
    expectations
        .log()
        .filter(expected -> !expected.equals(log))
        .ifPresent(
            expected -> {
              throw new DivergenceException(Kind.WRONG_LOG, 0, "log " + expected, "log " + log);
            });
    if (!(Entry.parse(bytes, blobs) instanceof GenesisEntry first)) {
      throw new DivergenceException(Kind.MALFORMED, 0, "a genesis entry", "another kind");
    }
    genesis = first;
    checkpoint = verified(note);
    entries = new EntryReader(reader, genesis, blobs);
    begin(new Expectations.Log(log, genesis));
  }

  private void begin(Expectations.Log served) {
    kept = expectations.kept(served);
    Optional<Verified> before =
        expectations.verified(served).filter(verified -> verified.log().equals(log));
    required = new ArrayList<>();
    kept.ifPresent(old -> required.add(old.head()));
    before.ifPresent(old -> required.add(old.head()));
    history = new History(log, genesis, settings.level(), required, tally);
    required.forEach(old -> requireNotShorter(old.size()));
    if (before.filter(old -> old.level().includes(settings.level())).isPresent()) {
      history =
          History.resume(before.get(), genesis, settings.level(), required, tally, this::leaves);
    }
    since = history.size();
    tree = new TreeCheck(reader, history.leaves(), tally, since);
  }

  private void requireNotShorter(long before) {
    long size = checkpoint.head().size();
    if (size < before) {
      throw new DivergenceException(
          Kind.ROLLBACK,
          size,
          "at least " + before + " entries, as its key signed before",
          size + " entries");
    }
  }

  private List<Hash> leaves(long from) {
    Tile tile = Tile.holding(0, from, checkpoint.head().size());
    List<Hash> hashes = reader.tile(tile);
    if (hashes.size() != tile.width()) {
      throw new MalformedException(tile.path() + " has " + hashes.size() + " hashes");
    }
    return hashes;
  }

  // From the end of the history to the checkpoint.
  private void extend() {
    if (!checks(Level.REPLAY)) {
      extendHistory();
    } else if (rerun == null && (settings.jobs() > 1 || history.size() > 0)) {
      extendInSegments();
    } else {
      extendOneByOne();
    }
    tree.run(history.head(), checkpoint.head());
  }

  private void extendHistory() {
    long size = checkpoint.head().size();
    Depth depth = checks(Level.SIGNATURES) ? Depth.SIGNATURE : Depth.FORM;
    while (history.size() < size) {
      for (CheckedEntry checked : entries.next(history.size(), size, depth)) {
        history.append(checked);
        progress.verified(history.size(), size);
      }
    }
  }

  private void extendOneByOne() {
    long size = checkpoint.head().size();
    Tally.Replayed replayed = new Tally.Replayed();
    if (rerun == null) {
      rerun = Rerun.atGenesis(engine, genesis, blobs);
    }
    try {
      while (history.size() < size) {
        for (CheckedEntry checked : entries.next(history.size(), size, Depth.SIGNATURE)) {
          history.append(checked);
          rerun.replay(checked);
          replayed.entry(checked);
          progress.verified(history.size(), size);
        }
      }
    } finally {
      tally.add(replayed);
    }
  }

  // All entries by themselves first. What stops that counts unless the replay of those before it
  // finds something.
  private void extendInSegments() {
    Replay.requireInterpreter(genesis);
    long size = checkpoint.head().size();
    RuntimeException stopped = null;
    try {
      extendHistory();
    } catch (DivergenceException
        | MalformedException
        | MissingBlobException
        | UnreachableException
        | WrongBlobException e) {
      stopped = e;
    }
    if (history.size() > 0) {
      rerun =
          new SegmentedReplay(
                  engine,
                  genesis,
                  reader,
                  entries,
                  history,
                  blobs,
                  since,
                  done -> progress.verified(done, size))
              .run(settings.jobs(), tally);
    }
    if (stopped != null) {
      throw stopped;
    }
  }

  // A live host goes on while it is audited: files that are not those of the audited checkpoint, or
  // that are gone, may be those of a newer one. Then the audit follows, a few times; after that it
  // asks for the files as they were at its own checkpoint.
  private boolean publishedFilesHold() {
    for (int asked = 1; ; asked++) {
      try {
        checkFiles(Optional.empty());
        return true;
      } catch (DivergenceException | UnreachableException e) {
        SignedCheckpoint newest = newest();
        if (newest.head().size() > checkpoint.head().size()) {
          return follow(newest);
        }
        // A host's files may come a moment after their checkpoint, so it is asked again.
        if (asked == TIMES_ASKED) {
          throw e;
        }
      }
    }
  }

  private boolean follow(SignedCheckpoint newer) {
    if (++followed > MAX_FOLLOWED) {
      checkFiles(Optional.of(history.filesRoot()));
      return true;
    }
    checkpoint = newer;
    return false;
  }

  private void checkFiles(Optional<Hash> pinned) {
    new FilesCheck(
            reader,
            history.filesRoot(),
            blobs,
            tally,
            checkpoint.head().size(),
            comparedFiles,
            pinned)
        .run();
  }

  private SignedCheckpoint newest() {
    return verified(Note.parse(reader.checkpoint(), Note.MAX_BYTES));
  }

  private SignedCheckpoint verified(Note note) {
    try {
      return SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    } catch (UnverifiedException e) {
      throw new DivergenceException(
          Kind.CHECKPOINT, size(), "a checkpoint by " + genesis.host().format(), e.getMessage());
    }
  }

  private void requireFilesRoot() {
    expectations
        .filesRoot()
        .filter(expected -> !expected.equals(history.filesRoot()))
        .ifPresent(
            expected -> {
              throw new DivergenceException(
                  Kind.PUBLISHED_FILES,
                  checkpoint.head().size(),
                  "archive root " + expected,
                  "archive root " + history.filesRoot());
            });
  }

  /** What there is to remember once everything is verified; empty before, and of lesser audits. */
  Optional<Verified> verified() {
    return finished && checks(Level.SIGNATURES)
        ? Optional.of(history.verified())
        : Optional.empty();
  }

  private Report report(
      Report.Verdict verdict, Divergence divergence, Evidence evidence, String obstacle) {
    return new Report(
        verdict,
        settings.level(),
        log,
        genesis != null && genesis.debug(),
        engine.name(),
        checkpoint,
        since,
        history == null ? null : history.filesRoot(),
        digest,
        tally.counts(),
        divergence,
        evidence,
        obstacle);
  }

  @Override
  public void close() {
    if (rerun != null) {
      rerun.close();
    }
  }
}
