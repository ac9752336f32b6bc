package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.UnknownInterpreterException;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.DirHash;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One audit of one log, from its genesis entry, or from where an earlier audit ended, to its newest
 * checkpoint. Runs on one sandbox thread.
 */
final class Audit implements AutoCloseable {
  private final LogReader reader;
  private final Expectations expectations;
  private final AuditSettings settings;
  private final SandboxEngine engine;
  private final ProgressListener progress;
  private final Tally tally = new Tally();
  private final AuditBlobs blobs;
  private final PublishedFiles files;
  private final WitnessHearing witnesses;

  private Hash log;
  private GenesisEntry genesis;
  private SignedCheckpoint checkpoint;
  // What its key has signed elsewhere, or before.
  private List<SignedCheckpoint> signed = List.of();
  private EntryAudit entries;
  private History history;
  private TreeCheck tree;
  private List<TreeHead> required;
  private String digest;
  private long since;
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
    boolean follows = settings.share().isEmpty() && settings.checkpoint().isEmpty();
    this.files = new PublishedFiles(reader, blobs, tally, follows);
    this.witnesses = new WitnessHearing(reader, settings);
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
            seeNewest();
          } else {
            Optional<SignedCheckpoint> next = Optional.of(checkpoint);
            while (next.isPresent()) {
              checkpoint = next.get();
              extend();
              next = files.compare(checkpoint, history.filesRoot(), this::newest);
            }
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
    boolean wasMet = witnesses.obstacle() == null;
    Report report =
        reported(
            () -> {
              witnesses.ask();
              SignedCheckpoint newest = newest();
              boolean isNewer = !newest.head().equals(checkpoint.head());
              signed = new ArrayList<>(List.of(checkpoint));
              checkpoint = newest;
              if (isNewer) {
                digest = null;
                requireNotShorter(size);
                requireContinues(signed.get(0));
              }
              Optional<SignedCheckpoint> other = hear();
              other.ifPresent(this::requireContinues);
              other.ifPresent(witnesses::see);
              if (!isNewer || !checks(Level.HASHES)) {
                seeNewest();
              } else {
                extend();
                files.compareAsOf(checkpoint, history.filesRoot());
              }
            });
    boolean same = report.verdict() == Report.Verdict.VERIFIED && checkpoint.head().size() == size;
    return same && wasMet ? null : report;
  }

  private Report reported(Runnable checks) {
    finished = false;
    try {
      checks.run();
      finished = true;
      String obstacle = witnesses.obstacle();
      return report(
          obstacle == null ? Report.Verdict.VERIFIED : Report.Verdict.UNDECIDED,
          null,
          null,
          obstacle);
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
        history == null
            ? null
            : new Prosecution(reader, blobs, genesis, checkpoint, contradicted(divergence), history)
                .evidence(divergence);
    boolean proved = evidence != null && EvidenceJudge.judge(evidence, log).proved();
    return report(
        proved ? Report.Verdict.MISBEHAVED : Report.Verdict.DIVERGED, divergence, evidence, null);
  }

  // What a finding about the whole is about; otherwise what was kept.
  private Optional<SignedCheckpoint> contradicted(Divergence found) {
    return signed.stream()
        .filter(
            old ->
                found.kind() == Kind.ROLLBACK
                    ? old.head().size() > found.index()
                    : old.head().size() == found.index() + 1 && !old.head().equals(history.head()))
        .findFirst()
        .or(() -> signed.stream().findFirst());
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
    witnesses.ask();
    Note note =
        settings.checkpoint().orElseGet(() -> Note.parse(reader.checkpoint(), Note.MAX_BYTES));
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
    checkpoint = settings.checkpoint().isPresent() ? given(note) : verified(note);
    begin(new Expectations.Log(log, genesis));
  }

  private void begin(Expectations.Log served) {
    signed = new ArrayList<>();
    expectations.kept(served).ifPresent(signed::add);
    signed.addAll(expectations.cosigned(served));
    Optional<Verified> before =
        expectations
            .verified(served)
            .filter(verified -> verified.log().equals(log) && settings.checkpoint().isEmpty());
    required = new ArrayList<>();
    history = new History(log, genesis, settings.level(), required, tally);
    before.ifPresent(old -> required.add(old.head()));
    Optional<SignedCheckpoint> other = hear();
    signed.forEach(old -> required.add(old.head()));
    if (settings.checkpoint().isPresent()) {
      // Who names a checkpoint may mean one from before the newest that is known.
      required.removeIf(this::continuesGiven);
    }
    required.forEach(old -> requireNotShorter(old.size()));
    history = new History(log, genesis, settings.level(), required, tally);
    // What shares add up to has nothing verified before it.
    if (settings.share().isEmpty()
        && before.filter(old -> old.level().includes(settings.level())).isPresent()) {
      history = resumed(before.get()).orElse(history);
    }
    since = history.size();
    witnesses.begin(genesis, since, history.time(), expectations.cosigned(served));
    other.ifPresent(witnesses::see);
    tree = new TreeCheck(reader, history.tree(), tally, since);
    entries =
        new EntryAudit(
            reader, genesis, settings, engine, blobs, history, tally, witnesses::passed, progress);
  }

  // Another checkpoint than the one that is audited, which must be of the same log.
  private Optional<SignedCheckpoint> hear() {
    Optional<SignedCheckpoint> other =
        witnesses.hear(genesis).filter(shown -> !shown.head().equals(checkpoint.head()));
    if (other.isEmpty()) {
      return other;
    }
    signed.add(other.get());
    if (settings.checkpoint().isPresent()) {
      // It may well be of a longer log, which then begins with this one.
      return other;
    }
    long size = other.get().head().size();
    if (size > checkpoint.head().size()) {
      // A cache on the way may have kept the one longer than the other.
      checkpoint = newest();
    }
    requireNotShorter(size);
    return other;
  }

  private void seeNewest() {
    witnesses.see(checkpoint);
    witnesses.seeHeard();
  }

  private void requireContinues(SignedCheckpoint old) {
    new ReceiptCheck(reader, checkpoint.head(), tally).requireContinues(old.head());
  }

  // Whether a head is of a longer log than is audited, which must be the same log.
  private boolean continuesGiven(TreeHead newer) {
    if (newer.size() <= checkpoint.head().size()) {
      return false;
    }
    new ReceiptCheck(reader, newer, tally).requireContinues(checkpoint.head());
    return true;
  }

  private void requireNotShorter(long before) {
    long size = checkpoint.head().size();
    if (size < before && reader.isCopy()) {
      throw new StaleCopyException(reader, size, before);
    }
    if (size < before) {
      throw new DivergenceException(
          Kind.ROLLBACK,
          size,
          "at least " + before + " entries, as its key signed before",
          size + " entries");
    }
  }

  // A log that does not go on from there is audited from its genesis, which shows where it differs.
  private Optional<History> resumed(Verified before) {
    try {
      ProvedTiles tiles = new ProvedTiles(reader, checkpoint.head());
      return History.resume(before, genesis, settings.level(), required, tally, tiles);
    } catch (UnverifiedException e) {
      return Optional.empty();
    }
  }

  // From the end of the history to the checkpoint.
  private void extend() {
    entries.run(checkpoint.head().size());
    tree.run(checkpoint.head());
    seeNewest();
  }

  private SignedCheckpoint newest() {
    return verified(Note.parse(reader.checkpoint(), Note.MAX_BYTES));
  }

  // It is the user who gives it: that it is of another log accuses no host.
  private SignedCheckpoint given(Note note) {
    try {
      return SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    } catch (UnverifiedException e) {
      throw new UnreachableException(
          "the checkpoint to audit up to is not of this log: " + e.getMessage());
    }
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
    return finished && checks(Level.SIGNATURES) && settings.share().isEmpty()
        ? Optional.of(history.verified())
        : Optional.empty();
  }

  private Segment segment() {
    return entries == null
        ? settings.share().map(Segment::unknown).orElse(null)
        : entries.segment();
  }

  private Report report(
      Report.Verdict verdict, Divergence divergence, Evidence evidence, String obstacle) {
    return new Report(
        verdict,
        settings.level(),
        log,
        genesis == null ? null : genesis.host(),
        genesis != null && genesis.debug(),
        engine.name(),
        checkpoint,
        since,
        segment(),
        history == null ? null : history.filesRoot(),
        digest,
        tally.counts(),
        witnesses.result(),
        divergence,
        evidence,
        obstacle);
  }

  @Override
  public void close() {
    if (entries != null) {
      entries.close();
    }
  }
}
