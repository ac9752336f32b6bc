package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;
import java.util.Optional;

/** What is published of a module: its log, whichever that is after it was loaded again. */
record ModuleLog(HostedModule module) implements Published {
  @Override
  public Hash id() {
    return module.log().id();
  }

  @Override
  public GenesisEntry genesis() {
    return module.log().genesis();
  }

  @Override
  public long size() {
    return module.log().head().size();
  }

  @Override
  public SignedCheckpoint checkpoint() {
    return module.checkpoint();
  }

  @Override
  public Optional<SignedCheckpoint> cosigned() {
    return module.cosigned();
  }

  @Override
  public List<byte[]> entries(EntryBundle bundle) {
    long from = bundle.index() * EntryBundle.FULL_WIDTH;
    return module.log().store().entries(from, bundle.width(), Long.MAX_VALUE);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    long from = tile.index() * Tile.FULL_WIDTH;
    return module.log().store().treeHashes(tile.level(), from, tile.width());
  }

  @Override
  public BlobReader blobs() {
    return module.log().store();
  }

  @Override
  public byte[] page(Hash hash) {
    return module.log().store().page(hash);
  }

  @Override
  public List<Long> images() {
    return module.log().images();
  }

  @Override
  public ArchiveTree files() {
    return module.files();
  }

  @Override
  public boolean isCopy() {
    return false;
  }

  @Override
  public String failed() {
    return module.failed();
  }

  @Override
  public String unready() {
    return module.unready();
  }

  @Override
  public int waiting() {
    return module.waiting();
  }
}
