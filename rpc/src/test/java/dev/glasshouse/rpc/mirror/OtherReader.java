package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import java.util.List;
import java.util.Optional;

/** A real source with changes. */
abstract class OtherReader implements LogReader {
  private final LogReader real;

  OtherReader(LogReader real) {
    this.real = real;
  }

  /** Before every question. */
  void asked() {}

  @Override
  public byte[] checkpoint() {
    asked();
    return real.checkpoint();
  }

  @Override
  public byte[] cosigned() {
    asked();
    return real.cosigned();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    asked();
    return real.entries(from, size);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    asked();
    return real.tile(tile);
  }

  @Override
  public byte[] blob(Hash hash) {
    asked();
    return real.blob(hash);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    asked();
    return real.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    asked();
    return real.file(path, root);
  }

  @Override
  public List<Long> images() {
    asked();
    return real.images();
  }

  @Override
  public byte[] page(Hash hash) {
    asked();
    return real.page(hash);
  }
}
