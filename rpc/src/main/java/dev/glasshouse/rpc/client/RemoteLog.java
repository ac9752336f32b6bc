package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entries of a host as they were at its newest checkpoint, each proved to be in the tree that
 * the host has signed. What they came to is not executed again: that is an audit.
 */
public final class RemoteLog {
  private final LogReader reader;
  private final HostDescription host;
  private final KnownLogs known;
  private final HashReader hashes;

  private RemoteLog(LogReader reader, HostDescription host, KnownLogs known) {
    this.reader = reader;
    this.host = host;
    this.known = known;
    this.hashes = TileHashReader.published(reader, host.checkpoint().head().size());
  }

  /**
   * Reads a host's checkpoint and genesis entry; keeps the checkpoint, which must be consistent
   * with the one that was kept of this log before.
   *
   * @param place the address or URL that the user gave; which log it serves is remembered
   * @param pinned the log that is meant, or null for the one that this place served last
   * @throws CaughtHostException if what the host publishes does not hold together
   * @throws ClientException if it served another log last
   * @throws StaleCopyException if it is a copy that is behind the checkpoint that was kept
   * @throws UnverifiedException if the checkpoint is not signed by the log's key
   * @throws dev.glasshouse.calllog.MalformedException if it publishes no log
   */
  public static RemoteLog open(LogReader reader, String place, Hash pinned, KnownLogs known) {
    RemoteLog remote = read(reader, known, log -> known.requireMeant(place, pinned, log));
    remote.compareWithKept();
    known.served(place, remote.host.log());
    return remote;
  }

  /**
   * As above, from a place of which nothing is remembered, such as a directory.
   *
   * @param pinned the log that is meant, or null for whichever is there
   */
  public static RemoteLog open(LogReader reader, Hash pinned, KnownLogs known) {
    RemoteLog remote =
        read(
            reader,
            known,
            log -> {
              if (pinned != null && !pinned.equals(log)) {
                throw new CaughtHostException(
                    "the host serves log " + log + ", not " + pinned + " as you asked for");
              }
            });
    remote.compareWithKept();
    return remote;
  }

  private static RemoteLog read(LogReader reader, KnownLogs known, Consumer<Hash> requireMeant) {
    Note note = Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    long size = Checkpoint.parse(note.text()).head().size();
    if (size == 0) {
      throw new UnreachableException("the host has an empty log");
    }
    byte[] first = reader.entries(0, size).get(0);
    Hash log = Merkle.leafHash(first);
    requireMeant.accept(log);
    if (!(Entry.parse(first, new CheckedBlobs(reader)) instanceof GenesisEntry genesis)) {
      throw new CaughtHostException("the host's first entry is not a genesis entry");
    }

    SignedCheckpoint signed = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    RemoteLog remote = new RemoteLog(reader, new HostDescription(log, genesis, signed), known);
    remote.prove(0, first, signed);
    return remote;
  }

  /** The log's id, its genesis entry, and the checkpoint that all receipts of this object have. */
  public HostDescription host() {
    return host;
  }

  /**
   * An entry with its proof, verified.
   *
   * @param index below the size of the checkpoint
   * @throws CaughtHostException if the entry is not in the tree
   */
  public Receipt receipt(long index) {
    return receipt(index, host.checkpoint());
  }

  /**
   * The same in the tree of another checkpoint of this log.
   *
   * @param signed one of {@link #compared}
   * @param index below its size
   */
  public Receipt receipt(long index, SignedCheckpoint signed) {
    return prove(index, reader.entries(index, host.checkpoint().head().size()).get(0), signed);
  }

  /**
   * A checkpoint of this log that the source shows beside its newest one, such as {@link
   * LogReader#cosigned}, held against that one and the one that is kept.
   *
   * @throws UnverifiedException if it is not signed by the log's key
   * @throws dev.glasshouse.calllog.MalformedException if it is no checkpoint
   * @throws CaughtHostException if they contradict each other
   */
  public SignedCheckpoint compared(byte[] note) {
    GenesisEntry genesis = host.genesis();
    SignedCheckpoint shown = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    try (LogWatch watch = new LogWatch(known, host, new Published())) {
      watch.accept(shown, List.of(), 0);
    }
    return shown;
  }

  /**
   * Says that an entry of this log breaks a rule, with a file of evidence if that proves it to
   * anybody; who calls it throws the result.
   *
   * @param receipt one of {@link #receipt}
   */
  public CaughtHostException caught(Receipt receipt, BrokenRuleException broken) {
    String claim = "the host has logged what breaks a rule: " + broken.getMessage();
    SignedCheckpoint signed = receipt.verify(host.genesis().origin(), host.genesis().host());
    return EntryEvidence.of(host, receipt, signed, reader, tree(signed.head().size()))
        .map(evidence -> known.caught(claim, evidence))
        .orElseGet(() -> new CaughtHostException(claim, broken));
  }

  private Receipt prove(long index, byte[] entry, SignedCheckpoint signed) {
    long size = signed.head().size();
    List<Hash> proof = Proofs.inclusion(index, size, tree(size));
    Receipt receipt = new Receipt(index, entry, proof, signed.note());
    try {
      receipt.requireIncluded(signed);
    } catch (UnverifiedException e) {
      throw new CaughtHostException(
          "entry " + index + " as the host gives it is not in the tree that it signed", e);
    }
    return receipt;
  }

  private void compareWithKept() {
    try (LogWatch watch = new LogWatch(known, host, new Published())) {
      long size = host.checkpoint().head().size();
      if (size < watch.seen().size() && reader.isCopy()) {
        throw new StaleCopyException(reader, size, watch.seen().size());
      }
      watch.newest(host.checkpoint());
    }
  }

  // A copy has the tiles of its own checkpoint, in which those of a smaller tree are.
  private HashReader tree(long size) {
    return size <= host.checkpoint().head().size()
        ? hashes
        : TileHashReader.published(reader, size);
  }

  /** A source that has nothing but tiles to make proofs from. */
  private final class Published implements LogWatch.Source {
    @Override
    public List<Hash> consistency(long older, long newer) {
      return Proofs.consistency(older, newer, tree(newer));
    }

    @Override
    public HashReader tree(long size) {
      return RemoteLog.this.tree(size);
    }
  }
}
