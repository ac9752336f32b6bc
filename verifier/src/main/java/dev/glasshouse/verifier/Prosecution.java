package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.calllog.evidence.Evidence;
import java.util.List;
import java.util.Optional;

/** Gathers for a finding what shows it to others, from what the source publishes. */
final class Prosecution {
  private final LogReader reader;
  private final BlobReader blobs;
  private final GenesisEntry genesis;
  private final SignedCheckpoint checkpoint;
  private final Optional<SignedCheckpoint> kept;
  private final History history;

  Prosecution(
      LogReader reader,
      BlobReader blobs,
      GenesisEntry genesis,
      SignedCheckpoint checkpoint,
      Optional<SignedCheckpoint> kept,
      History history) {
    this.reader = reader;
    this.blobs = blobs;
    this.genesis = genesis;
    this.checkpoint = checkpoint;
    this.kept = kept;
    this.history = history;
  }

  /** Null if no file would show more than the finding says; the file need not prove it. */
  Evidence evidence(Divergence found) {
    try {
      return switch (found.kind()) {
        case FORK ->
            kept.map(older -> accusation().fork(older, checkpoint, List.of(), tree(older)))
                .orElse(null);
        case ROLLBACK -> kept.map(newer -> accusation().rollback(checkpoint, newer)).orElse(null);
        case CHAIN, MALFORMED, UNSIGNED, SIGNATURE, ADMISSION, INPUTS, OUTCOME ->
            entry(found.index());
        default -> null;
      };
    } catch (UnreachableException
        | MalformedException
        | MissingBlobException
        | WrongBlobException e) {
      // What the source does not give cannot be shown to others.
      return null;
    }
  }

  private Accusation accusation() {
    return new Accusation(genesis);
  }

  private Evidence entry(long index) {
    if (index <= 0 || index >= checkpoint.head().size()) {
      return null;
    }
    CheckedEntry accused = CheckedEntry.check(index, bytes(index), genesis, blobs, Depth.REQUEST);
    // What breaks a rule by itself contradicts no entry before it.
    long earlier =
        accused.failure() != null || accused.signed() == null
            ? -1
            : history.sameSession(
                ((Caller.Key) accused.caller()).key(), accused.signed().session());
    long[] others = earlier > 0 && earlier < index ? new long[] {earlier} : new long[0];
    return accusation().entry(checkpoint, tree(), this::bytes, blobs, index, others);
  }

  private byte[] bytes(long index) {
    return EntryReader.bytes(reader, index, checkpoint.head().size()).get(0);
  }

  // Who names a checkpoint to audit up to may have kept a newer one.
  private HashReader tree(SignedCheckpoint other) {
    long size = Math.max(other.head().size(), checkpoint.head().size());
    return TileHashReader.published(reader, size);
  }

  private HashReader tree() {
    return TileHashReader.published(reader, checkpoint.head().size());
  }
}
