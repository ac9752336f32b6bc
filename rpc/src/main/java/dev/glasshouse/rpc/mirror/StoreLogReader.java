package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.rpc.client.StaticFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A log in the directory of a host that is not running, read without changing anything there. Its
 * checkpoint is the last one that the host put aside: after a crash there may be entries that it
 * does not cover yet, which the host signs when it starts again.
 */
public final class StoreLogReader implements LogReader {
  private static final String LOG = "log";

  private final Path dir;
  private final byte[] note;
  private final Store store;
  private final StaticFiles files = new StaticFiles(this, StaticFiles.Plain.NONE);

  private StoreLogReader(Path dir, byte[] note, Store store) {
    this.dir = dir;
    this.note = note;
    this.store = store;
  }

  /** Whether a directory is that of a host. */
  public static boolean isHostDirectory(Path dir) {
    return Files.isDirectory(dir.resolve(LOG));
  }

  /**
   * Opens the directory of a host.
   *
   * @throws dev.glasshouse.calllog.store.StoreException if a host has it open
   * @throws dev.glasshouse.calllog.store.StoreDamagedException if it is not as it was left
   * @throws UnreachableException if no checkpoint lies there
   */
  public static StoreLogReader open(Path dir) {
    byte[] note;
    try {
      note = Files.readAllBytes(dir.resolve(Layout.CHECKPOINT));
    } catch (IOException e) {
      throw new UnreachableException(
          dir + " has no checkpoint that was signed: start its host once, and stop it", e);
    }
    return new StoreLogReader(dir, note, RocksStore.openReadOnly(dir.resolve(LOG), size(note)));
  }

  private static long size(byte[] note) {
    return Checkpoint.parse(Note.parse(note, Note.MAX_BYTES).text()).head().size();
  }

  /** How many entries are there, of which the last may not be signed yet. */
  public long size() {
    return store.size();
  }

  @Override
  public byte[] checkpoint() {
    return note.clone();
  }

  @Override
  public byte[] cosigned() {
    try (InputStream in = Files.newInputStream(dir.resolve(Layout.COSIGNED))) {
      byte[] cosigned = in.readNBytes(Note.MAX_BYTES);
      // After a crash the checkpoint beside it may be the older one.
      return size(cosigned) <= size(note) ? cosigned : null;
    } catch (IOException | MalformedException e) {
      // Written now and then, for convenience: a host can do without it, and so can its reader.
      return null;
    }
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    EntryBundle bundle = EntryBundle.holding(from, size);
    int inBundle = bundle.width() - (int) (from % EntryBundle.FULL_WIDTH);
    return store.entries(from, inBundle, Long.MAX_VALUE);
  }

  @Override
  public List<Hash> tile(Tile tile) {
    if (!tile.isWithin(store.size())) {
      throw new UnreachableException(dir + " does not have " + tile.path());
    }
    return store.treeHashes(tile.level(), tile.index() * Tile.FULL_WIDTH, tile.width());
  }

  @Override
  public byte[] blob(Hash hash) {
    return store.blob(hash);
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
    List<Long> newestFirst = new ArrayList<>(store.images());
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  @Override
  public byte[] page(Hash hash) {
    return store.page(hash);
  }

  /** A directory may be a backup, and after a crash its checkpoint is not the last one. */
  @Override
  public boolean isCopy() {
    return true;
  }

  @Override
  public void close() {
    store.close();
  }

  /** The directory. */
  @Override
  public String toString() {
    return dir.toString();
  }
}
