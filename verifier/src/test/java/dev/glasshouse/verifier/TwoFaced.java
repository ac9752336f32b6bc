package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import java.util.List;
import java.util.Optional;

/** A source that gives one log's entries when first asked, and then another's. */
final class TwoFaced implements LogReader {
  private final PublishedLog first;
  private final PublishedLog second;
  private boolean asked;

  TwoFaced(PublishedLog first, PublishedLog second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public byte[] checkpoint() {
    return first.checkpoint();
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    PublishedLog log = asked ? second : first;
    asked = true;
    return log.entries(from, Math.min(size, log.size()));
  }

  @Override
  public List<Hash> tile(Tile tile) {
    return first.tile(tile);
  }

  @Override
  public byte[] blob(Hash sha256) {
    byte[] blob = first.blob(sha256);
    return blob == null ? second.blob(sha256) : blob;
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    return first.directory(path, root);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return first.file(path, root);
  }
}
