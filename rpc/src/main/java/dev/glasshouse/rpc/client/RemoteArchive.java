package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a host, each byte proved to belong to its signed checkpoint: the last entry is shown
 * to be in the signed tree, it names the archive's root, and from there on everything is read by
 * hash. That the root is what the calls come to, only an audit shows.
 */
public final class RemoteArchive {
  private final LogReader reader;
  private final CheckedBlobs blobs;

  public RemoteArchive(LogReader reader) {
    this.reader = reader;
    this.blobs = new CheckedBlobs(reader);
  }

  /**
   * The archive at the newest checkpoint.
   *
   * @param pinned the log that is meant, or null
   * @throws CaughtHostException if what the host publishes does not hold together
   */
  public ArchiveTree open(Hash pinned) {
    Note note = Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    long size = Checkpoint.parse(note.text()).head().size();
    byte[] first = reader.entries(0, size).get(0);
    if (pinned != null && !pinned.equals(Merkle.leafHash(first))) {
      throw new CaughtHostException(
          "the host serves log "
              + Merkle.leafHash(first)
              + ", not "
              + pinned
              + " as you asked for");
    }
    Entry entry = Entry.parse(first, blobs);
    if (!(entry instanceof GenesisEntry genesis)) {
      throw new CaughtHostException("the host's first entry is not a genesis entry");
    }

    TreeHead head = SignedCheckpoint.verify(note, genesis.origin(), genesis.host()).head();
    byte[] last = reader.entries(size - 1, size).get(0);
    requireInTree(head, 0, first);
    requireInTree(head, size - 1, last);
    return ArchiveTree.open(Entry.parse(last, blobs).root(), blobs);
  }

  /** A blob by its hash, or null if the host does not have it. */
  public byte[] blob(Hash hash) {
    return blobs.blob(hash);
  }

  private void requireInTree(TreeHead head, long index, byte[] entry) {
    Map<Tile, List<Hash>> tiles = new HashMap<>();
    TileHashReader hashes =
        new TileHashReader(
            (level, at) -> {
              Tile tile = Tile.holding(level, at, head.size());
              return tiles.computeIfAbsent(tile, reader::tile).get((int) (at % Tile.FULL_WIDTH));
            });
    List<Hash> proof = Proofs.inclusion(index, head.size(), hashes);
    if (!Proofs.verifyInclusion(index, Merkle.leafHash(entry), head, proof)) {
      throw new CaughtHostException(
          "entry " + index + " as the host gives it is not in the tree that it signed");
    }
  }
}
