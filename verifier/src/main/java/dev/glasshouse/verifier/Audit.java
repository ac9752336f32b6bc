package dev.glasshouse.verifier;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.Admission;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputMismatchException;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.UnknownInterpreterException;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One audit of one log, from its genesis entry to its checkpoint. Runs on one sandbox thread. */
final class Audit {
  /** How often an audit follows a log that grows before its files could be compared. */
  private static final int MAX_FOLLOWED = 3;

  /** How often files that do not fit are asked for before the host is accused. */
  private static final int TIMES_ASKED = 2;

  private record Session(PublicKey key, String session) {}

  private final LogReader reader;
  private final Expectations expectations;
  private final SandboxEngine engine;
  private final ProgressListener progress;
  private final Tally tally = new Tally();
  private final AuditBlobs blobs;
  private final RightEdge edge = new RightEdge();
  private final Roots roots = new Roots();
  private final LeafHashes leaves = new LeafHashes();
  private final Map<Session, Long> lastNumbers = new HashMap<>();

  private Hash log;
  private GenesisEntry genesis;
  private SignedCheckpoint checkpoint;
  private Optional<SignedCheckpoint> kept = Optional.empty();
  private Hash prev = Hash.ZERO;
  // What the guest's clock showed last: it moves within an entry whose calls wait for timers.
  private long time;
  private Hash filesRoot;
  private int followed;

  Audit(
      LogReader reader,
      Expectations expectations,
      SandboxEngine engine,
      ProgressListener progress) {
    this.reader = reader;
    this.expectations = expectations;
    this.engine = engine;
    this.progress = progress;
    this.blobs = new AuditBlobs(reader, tally);
  }

  Report run() {
    try {
      start();
      try (Executor executor = Replay.executor(engine, genesis, blobs)) {
        do {
          replay(executor);
          new TreeCheck(reader, checkpoint.head(), leaves, tally).run(edge.head());
        } while (!publishedFilesHold());
      }
      requireFilesRoot();
      return report(Report.Verdict.VERIFIED, null, null);
    } catch (DivergenceException e) {
      return report(Report.Verdict.DIVERGED, e.divergence(), null);
    } catch (WrongBlobException e) {
      return report(
          Report.Verdict.DIVERGED,
          new Divergence(Kind.BLOB, edge.size(), null, "the bytes of that hash", e.getMessage()),
          null);
    } catch (UnreachableException
        | MissingBlobException
        | UnknownInterpreterException
        | UnknownEntryException e) {
      return report(Report.Verdict.UNDECIDED, null, e.getMessage());
    } catch (MalformedException e) {
      return report(
          Report.Verdict.DIVERGED,
          new Divergence(
              Kind.MALFORMED, edge.size(), null, "a log in its published form", e.getMessage()),
          null);
    }
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
    byte[] bytes = entries(0, size).get(0);
    log = Merkle.leafHash(bytes);
    expectations
        .log()
        .filter(expected -> !expected.equals(log))
        .ifPresent(
            expected -> {
              throw new DivergenceException(Kind.WRONG_LOG, 0, "log " + expected, "log " + log);
            });
    Entry entry = Entry.parse(bytes, blobs);
    if (!(entry instanceof GenesisEntry first)) {
      throw new DivergenceException(Kind.MALFORMED, 0, "a genesis entry", "another kind");
    }
    genesis = first;
    checkpoint = verified(note);
    kept = expectations.kept(new Expectations.Log(log, genesis));
    kept.filter(old -> old.head().size() > size)
        .ifPresent(
            old -> {
              throw new DivergenceException(
                  Kind.ROLLBACK,
                  size,
                  "at least " + old.head().size() + " entries, as its key signed before",
                  size + " entries");
            });
  }

  private void replay(Executor executor) {
    long size = checkpoint.head().size();
    while (edge.size() < size) {
      for (CheckedEntry checked : nextEntries(size)) {
        verify(checked, executor);
        progress.verified(edge.size(), size);
      }
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
        SignedCheckpoint newest = verified(Note.parse(reader.checkpoint(), Note.MAX_BYTES));
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
      checkFiles(Optional.of(filesRoot));
      return true;
    }
    checkpoint = newer;
    return false;
  }

  private void checkFiles(Optional<Hash> pinned) {
    new FilesCheck(reader, filesRoot, blobs, tally, checkpoint.head().size(), pinned).run();
  }

  private SignedCheckpoint verified(Note note) {
    try {
      return SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    } catch (UnverifiedException e) {
      throw new DivergenceException(
          Kind.CHECKPOINT,
          edge.size(),
          "a checkpoint by " + genesis.host().format(),
          e.getMessage());
    }
  }

  private List<byte[]> entries(long from, long size) {
    List<byte[]> entries = reader.entries(from, size);
    if (entries.isEmpty()) {
      throw new UnreachableException("the source withholds entry " + from);
    }
    return entries;
  }

  private List<CheckedEntry> nextEntries(long size) {
    long from = edge.size();
    List<byte[]> entries = entries(from, size);
    return IntStream.range(0, entries.size())
        .parallel()
        .mapToObj(i -> CheckedEntry.check(from + i, entries.get(i), genesis, blobs))
        .toList();
  }

  private void verify(CheckedEntry checked, Executor executor) {
    if (checked.failure() != null) {
      throw checked.failure();
    }
    requireChain(checked);
    if (checked.caller() != null) {
      requireAdmission(checked);
    }
    Execution.Derived derived = derive(checked, executor);
    if (!Arrays.equals(derived.bytes(), checked.bytes())) {
      throw new DivergenceException(
          EntryComparison.compare(
              checked, derived.bytes(), hash -> derivedBlob(derived, hash), blobs));
    }
    accept(checked, derived);
  }

  private byte[] derivedBlob(Execution.Derived derived, Hash hash) {
    byte[] own = derived.blobs().get(hash);
    return own != null ? own : blobs.blob(hash);
  }

  private void requireChain(CheckedEntry checked) {
    Entry entry = checked.entry();
    boolean isFirst = checked.index() == 0;
    if (isFirst != (entry instanceof GenesisEntry)) {
      throw new DivergenceException(
          Kind.CHAIN, checked.index(), "one genesis entry, at index 0", "another order");
    }
    if (entry.seq() != checked.index()) {
      throw new DivergenceException(
          Kind.CHAIN, checked.index(), "seq " + checked.index(), "seq " + entry.seq());
    }
    if (!entry.prev().equals(prev)) {
      throw new DivergenceException(
          Kind.CHAIN, checked.index(), "prev " + prev, "prev " + entry.prev());
    }
    if (entry.time() < time) {
      throw new DivergenceException(
          Kind.CHAIN, checked.index(), "a time not before " + time, "time " + entry.time());
    }
  }

  // Of an aborted call no less than of one that was executed: its number is used up, too.
  private void requireAdmission(CheckedEntry checked) {
    if (checked.signed() == null) {
      if (!genesis.debug()) {
        throw new DivergenceException(
            Kind.UNSIGNED, checked.index(), "a signed call", "a call of a user at their word");
      }
      return;
    }
    PublicKey key = ((Caller.Key) checked.caller()).key();
    try {
      Admission.check(
          checked.signed(),
          key,
          log,
          checked.index(),
          new Admission.State() {
            @Override
            public long lastNumber(PublicKey caller, String session) {
              return lastNumbers.getOrDefault(new Session(caller, session), 0L);
            }

            @Override
            public Hash rootAt(long size) {
              return roots.at(size);
            }
          });
    } catch (CallRefused e) {
      throw new DivergenceException(
          new Divergence(
              Kind.ADMISSION,
              checked.index(),
              checked.method(),
              "a call that may be entry " + checked.index(),
              e.getMessage()));
    }
    lastNumbers.put(new Session(key, checked.signed().session()), checked.signed().n());
  }

  private Execution.Derived derive(CheckedEntry checked, Executor executor) {
    try {
      return checked.index() == 0
          ? Replay.genesis(executor, genesis, blobs)
          : Replay.entry(executor, checked.entry(), blobs);
    } catch (InputMismatchException e) {
      String expected =
          isTimersTurn(checked.entry())
              ? "a timer that is due, and the recorded inputs"
              : "the recorded inputs";
      throw new DivergenceException(
          new Divergence(Kind.INPUTS, checked.index(), checked.method(), expected, e.getMessage()));
    } catch (ScriptException e) {
      throw new DivergenceException(Kind.SCRIPT, 0, "a script that loads", e.getMessage());
    }
  }

  private static boolean isTimersTurn(Entry entry) {
    return entry instanceof TimerEntry || (entry instanceof AbortEntry abort && abort.ofTimer());
  }

  private void accept(CheckedEntry checked, Execution.Derived derived) {
    edge.append(checked.leaf());
    leaves.add(checked.leaf());
    roots.add(edge.root());
    blobs.add(derived.blobs());
    prev = checked.leaf();
    time = derived.time();
    filesRoot = checked.entry().root();
    tally.entry(checked);
    kept.filter(old -> old.head().size() == edge.size())
        .filter(old -> !old.head().root().equals(edge.root()))
        .ifPresent(
            old -> {
              throw new DivergenceException(
                  Kind.FORK,
                  old.head().size() - 1,
                  "root " + old.head().root() + " of size " + edge.size() + ", signed before",
                  "root " + edge.root());
            });
  }

  private void requireFilesRoot() {
    expectations
        .filesRoot()
        .filter(expected -> !expected.equals(filesRoot))
        .ifPresent(
            expected -> {
              throw new DivergenceException(
                  Kind.PUBLISHED_FILES,
                  checkpoint.head().size(),
                  "archive root " + expected,
                  "archive root " + filesRoot);
            });
  }

  private Report report(Report.Verdict verdict, Divergence divergence, String obstacle) {
    return new Report(
        verdict,
        log,
        genesis != null && genesis.debug(),
        engine.name(),
        checkpoint,
        filesRoot,
        tally.counts(),
        divergence,
        obstacle);
  }
}
