package dev.glasshouse.rpc.client;

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
  private final HashReader hashes;

  private RemoteLog(LogReader reader, HostDescription host) {
    this.reader = reader;
    this.host = host;
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
   * @throws UnverifiedException if the checkpoint is not signed by the log's key
   * @throws dev.glasshouse.calllog.MalformedException if it publishes no log
   */
  public static RemoteLog open(LogReader reader, String place, Hash pinned, KnownLogs known) {
    RemoteLog remote = read(reader, log -> known.requireMeant(place, pinned, log));
    remote.compareWithKept(known);
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
            log -> {
              if (pinned != null && !pinned.equals(log)) {
                throw new CaughtHostException(
                    "the host serves log " + log + ", not " + pinned + " as you asked for");
              }
            });
    remote.compareWithKept(known);
    return remote;
  }

  private static RemoteLog read(LogReader reader, Consumer<Hash> requireMeant) {
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
    RemoteLog remote = new RemoteLog(reader, new HostDescription(log, genesis, signed));
    remote.prove(0, first);
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
    return prove(index, reader.entries(index, host.checkpoint().head().size()).get(0));
  }

  private Receipt prove(long index, byte[] entry) {
    List<Hash> proof = Proofs.inclusion(index, host.checkpoint().head().size(), hashes);
    Receipt receipt = new Receipt(index, entry, proof, host.checkpoint().note());
    try {
      receipt.requireIncluded(host.checkpoint());
    } catch (UnverifiedException e) {
      throw new CaughtHostException(
          "entry " + index + " as the host gives it is not in the tree that it signed", e);
    }
    return receipt;
  }

  private void compareWithKept(KnownLogs known) {
    try (LogWatch watch = new LogWatch(known, host, new Published())) {
      watch.newest(host.checkpoint());
    }
  }

  /** A source that has nothing but tiles to make proofs from. */
  private final class Published implements LogWatch.Source {
    @Override
    public List<Hash> consistency(long older, long newer) {
      return Proofs.consistency(older, newer, tree(newer));
    }

    @Override
    public HashReader tree(long size) {
      return size == host.checkpoint().head().size()
          ? hashes
          : TileHashReader.published(reader, size);
    }
  }
}
