package dev.glasshouse.calllog;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A reader that answers as another one does; its kinds differ in something. */
public abstract class ForwardingLogReader implements LogReader {
  private final LogReader reader;

  /** Forwards to a reader, which is closed with this one. */
  protected ForwardingLogReader(LogReader reader) {
    this.reader = reader;
  }

  @Override
  public byte[] checkpoint() {
    return reader.checkpoint();
  }

  @Override
  public byte[] cosigned() {
    return reader.cosigned();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    return reader.entries(from, size);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    return reader.tile(tile);
  }

  @Override
  public byte[] blob(Hash sha256) {
    return reader.blob(sha256);
  }

  @Override
  public InputStream openBlob(Hash sha256) {
    return reader.openBlob(sha256);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    return reader.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return reader.file(path, root);
  }

  @Override
  public List<Long> images() {
    return reader.images();
  }

  @Override
  public byte[] page(Hash hash) {
    return reader.page(hash);
  }

  @Override
  public boolean isCopy() {
    return reader.isCopy();
  }

  @Override
  public void close() {
    reader.close();
  }

  /** What the other one is called. */
  @Override
  public String toString() {
    return reader.toString();
  }
}
