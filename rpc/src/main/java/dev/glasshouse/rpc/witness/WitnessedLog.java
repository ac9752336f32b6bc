package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.LogCheckpoint;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log in the eyes of a witness: what it cosigned last, and what may follow that. */
final class WitnessedLog {
  private static final Logger LOG = LoggerFactory.getLogger(WitnessedLog.class);

  /** Held while a checkpoint of this log waits for its approval. */
  final ReentrantLock approving = new ReentrantLock();

  private final String origin;
  private final List<NoteKey> keys;
  private final WitnessKey witness;
  private final WitnessFiles files;

  // Null for none. Of what is published, a reader may be a moment behind.
  private LogCheckpoint held;
  private long heldTime;
  private boolean isKnown;
  private volatile byte[] published;

  /**
   * A log, with what was cosigned of it.
   *
   * @throws IOException if that cannot be read, or is not this witness's
   */
  WitnessedLog(String origin, List<NoteKey> keys, WitnessKey witness, WitnessFiles files)
      throws IOException {
    this.origin = origin;
    this.keys = List.copyOf(keys);
    this.witness = witness;
    this.files = files;
    load();
  }

  /** The checkpoint that was cosigned last, or null. */
  byte[] published() {
    return published;
  }

  /**
   * Whether a trusted key signed the note, and none of a trusted key's signatures fails to verify.
   */
  boolean isSigned(Note note) {
    return note.verify(keys.toArray(NoteKey[]::new));
  }

  /**
   * Judges a submission whose signature holds.
   *
   * @return the refusal, or null if it may be cosigned as far as it is known here
   */
  synchronized WitnessReply judge(AddCheckpoint request, LogCheckpoint newer) throws IOException {
    requireKnown();
    long size = held == null ? 0 : held.size();
    boolean sameSize = held != null && newer.size() == size;
    if (sameSize && newer.isPossible() && !newer.root().equals(held.root())) {
      refuse(request, "the log has signed two trees of " + size + " entries");
    }
    if (request.oldSize() != size) {
      return WitnessReply.conflict(size);
    }
    if (!newer.isPossible()) {
      return WitnessReply.failed(422, "an empty tree has the root SHA-256 of no bytes");
    }
    if (size == 0 && !request.proof().isEmpty()) {
      return WitnessReply.failed(422, "from size 0 there is nothing to prove: send no proof");
    }
    if (size > 0 && !Proofs.verifyConsistency(held.head(), newer.head(), request.proof())) {
      Optional<Hash> shown = Proofs.olderRoot(size, newer.head(), request.proof());
      if (shown.isPresent() && !shown.get().equals(held.root())) {
        refuse(request, "the log has signed a tree that does not begin with one it signed before");
      }
      return WitnessReply.failed(
          422, "the proof does not show that the tree extends the one of " + size + " entries");
    }
    return null;
  }

  /** Whether this very tree is cosigned already: then only the time is new. */
  synchronized boolean isHeld(LogCheckpoint newer) {
    return held != null && newer.size() == held.size() && newer.root().equals(held.root());
  }

  /**
   * Judges again and cosigns in one step: whatever was cosigned meanwhile counts.
   *
   * @param sign cosigns the text of a note at a time, in POSIX seconds
   */
  synchronized WitnessReply cosign(
      AddCheckpoint request, LogCheckpoint newer, long now, Function<Long, Cosignature> sign)
      throws IOException {
    WitnessReply refusal = judge(request, newer);
    if (refusal != null) {
      return refusal;
    }
    // A clock that was set back must not make a larger tree older than a smaller one.
    Cosignature cosignature = sign.apply(Math.max(Math.max(now, heldTime), 1));
    List<NoteSignature> lines = new ArrayList<>();
    for (NoteSignature line : newer.note().signatures()) {
      if (keys.stream().anyMatch(key -> key.isNamedBy(line))) {
        lines.add(line);
      }
    }
    lines.add(cosignature.line());
    Note note = new Note(newer.note().text(), lines);
    byte[] bytes = note.format();
    // If we stop or fail before this returns, nobody was told; if the file was replaced all the
    // same, the log learns the new size by a conflict.
    isKnown = false;
    files.put(origin, bytes);
    held = LogCheckpoint.parse(note);
    heldTime = cosignature.time();
    isKnown = true;
    published = bytes;
    return WitnessReply.ok((cosignature + "\n").getBytes(StandardCharsets.UTF_8));
  }

  // A write that failed may have happened: what is on disk counts.
  private void requireKnown() throws IOException {
    if (!isKnown) {
      load();
    }
  }

  private void load() throws IOException {
    byte[] bytes = files.get(origin);
    if (bytes != null) {
      try {
        Note note = Note.parse(bytes, Note.MAX_BYTES);
        LogCheckpoint stored = LogCheckpoint.parse(note);
        heldTime = time(note);
        if (!stored.origin().equals(origin) || !stored.isPossible()) {
          throw new MalformedException("it is of another log");
        }
        held = stored;
      } catch (MalformedException | UnverifiedException e) {
        throw new IOException(
            "the file of "
                + origin
                + " ("
                + WitnessFiles.name(origin)
                + ") is not what this witness cosigned: "
                + e.getMessage()
                + ". If its name or key is to change, it needs a directory of its own",
            e);
      }
      published = bytes;
    }
    isKnown = true;
  }

  private long time(Note note) {
    for (NoteSignature line : note.signatures()) {
      if (witness.isNamedBy(line)) {
        return Cosignature.verify(witness, note.text(), line).time();
      }
    }
    throw new UnverifiedException("it has no cosignature of " + witness.name());
  }

  // Evidence is worth keeping, but a full disk must not turn a refusal into anything else.
  private void refuse(AddCheckpoint request, String found) {
    try {
      Path kept = files.refuse(origin, request.format(), held.note().format());
      if (kept != null) {
        LOG.warn("{}: {}; kept as {}", origin, found, kept);
      }
    } catch (IOException e) {
      LOG.error("{}: {}; it could not be kept: {}", origin, found, e.toString());
    }
  }
}
