package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import java.util.List;
import java.util.Optional;

/** A source that answers as a published log does; its kinds differ in one thing. */
abstract class ChangedSource implements LogReader {
  private final LogReader log;

  ChangedSource(LogReader log) {
    this.log = log;
  }

  @Override
  public byte[] checkpoint() {
    return log.checkpoint();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    return log.entries(from, size);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    return log.tile(tile);
  }

  @Override
  public byte[] blob(Hash sha256) {
    return log.blob(sha256);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    return log.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return log.file(path, root);
  }

  @Override
  public List<Long> images() {
    return log.images();
  }

  @Override
  public byte[] page(Hash hash) {
    return log.page(hash);
  }
}
