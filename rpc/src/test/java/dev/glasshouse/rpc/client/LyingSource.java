package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes a log whose host signs anything; without files, and without a host that runs. */
public class LyingSource implements LogReader {
  private final LyingLog log;
  private SignedCheckpoint checkpoint;

  /** A source whose newest checkpoint is of all entries that the log has now. */
  public LyingSource(LyingLog log) {
    this.log = log;
    this.checkpoint = log.checkpoint(log.size());
  }

  /** Serves another checkpoint as the newest one. */
  public LyingSource at(SignedCheckpoint newest) {
    checkpoint = newest;
    return this;
  }

  /** What the source says of its log. */
  public HostDescription host() {
    return new HostDescription(log.id(), log.genesis, checkpoint);
  }

  @Override
  public byte[] checkpoint() {
    return checkpoint.format();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    List<byte[]> entries = new ArrayList<>();
    for (long i = from; i < Math.min(size, (from / 256 + 1) * 256); i++) {
      entries.add(log.at(i).clone());
    }
    return entries;
  }

  @Override
  public List<Hash> tile(Tile tile) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < tile.width(); i++) {
      hashes.add(log.subtree(tile.level() * Tile.LEVELS, tile.index() * Tile.FULL_WIDTH + i));
    }
    return hashes;
  }

  @Override
  public byte[] blob(Hash sha256) {
    return log.blobs.get(sha256);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    throw new UnreachableException("no files");
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    throw new UnreachableException("no files");
  }

  @Override
  public String toString() {
    return "the source";
  }
}
