package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.rpc.client.StaticFiles;
import java.util.List;
import java.util.Optional;

/** A log that nobody serves, for a verifier. */
final class StoredLogReader implements LogReader {
  private final CallLog log;
  private final SignedCheckpoint cosigned;
  private final StaticFiles files = new StaticFiles(this, StaticFiles.Plain.NONE);

  /**
   * Reads a log.
   *
   * @param cosigned what is shown as cosigned by a quorum, or null
   */
  StoredLogReader(CallLog log, SignedCheckpoint cosigned) {
    this.log = log;
    this.cosigned = cosigned;
  }

  @Override
  public byte[] cosigned() {
    return cosigned == null ? null : cosigned.format();
  }

  @Override
  public byte[] checkpoint() {
    return log.checkpoint().format();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    EntryBundle bundle = EntryBundle.holding(from, size);
    int inBundle = bundle.width() - (int) (from % EntryBundle.FULL_WIDTH);
    return log.store().entries(from, inBundle, Long.MAX_VALUE);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    return log.store().treeHashes(tile.level(), tile.index() * Tile.FULL_WIDTH, tile.width());
  }

  @Override
  public byte[] blob(Hash hash) {
    return log.store().blob(hash);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    return files.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return files.file(path, root);
  }

  @Override
  public List<Long> images() {
    return log.images();
  }

  @Override
  public byte[] page(Hash hash) {
    return log.store().page(hash);
  }
}
