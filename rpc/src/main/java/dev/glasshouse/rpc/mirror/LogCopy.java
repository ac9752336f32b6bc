package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies a log's publication into a directory and keeps it up to date, checking all that can be
 * checked without executing a call: the checkpoint's signature, that each checkpoint extends the
 * one before, that every entry and tile is in the signed tree and every entry follows the one
 * before it, and every blob, page and file by its hash. In memory is one bundle of entries and one
 * blob at a time.
 *
 * <p>The checkpoint is the last file that a round writes, but for the cosigned one of a tree that
 * it covers. Whatever stops a round leaves the checkpoint of the round before, all of whose files
 * are still there; the next round goes on from it. Not for several threads.
 */
public final class LogCopy implements AutoCloseable {
  /** Told how far a round is. */
  @FunctionalInterface
  public interface Progress {
    /** So many of the checkpoint's entries are copied. */
    void copied(long entries, long of);
  }

  /**
   * How a copy is made.
   *
   * @param pinned the log that it must be, or null
   * @param plainFiles whether the archive is written as plain files too
   */
  public record Options(Hash pinned, boolean plainFiles) {}

  /** How far the copy is: where the next entry goes on. */
  private record Reached(TreeHead head, Hash leaf, Hash archive) {
    static final Reached NOTHING = new Reached(TreeHead.EMPTY, Hash.ZERO, ArchiveTree.EMPTY_ROOT);
  }

  private final LogReader source;
  private final Path dir;
  private final Options options;
  private final Progress progress;
  private final DirectoryLogReader local;

  private Hash log;
  private GenesisEntry genesis;
  private PublicationFolder folder;
  private EntryBlobs blobs;
  private CosignedCopy cosigned;
  private SignedCheckpoint held;
  private boolean isComplete;

  /** Prepares a copy; nothing is read or written yet. */
  public LogCopy(LogReader source, Path dir, Options options, Progress progress) {
    this.source = source;
    this.dir = dir;
    this.options = options;
    this.progress = progress;
    this.local = new DirectoryLogReader(dir);
  }

  /** The log's id; null before the first round. */
  public Hash log() {
    return log;
  }

  /** The checkpoint up to which all is copied, or null. */
  public SignedCheckpoint checkpoint() {
    return held;
  }

  /** The checkpoint in the directory that the host's witnesses have cosigned, or null. */
  public SignedCheckpoint cosigned() {
    return cosigned == null ? null : cosigned.held();
  }

  /**
   * A sentence, without its full stop, on what the last round did not take; often there is none.
   */
  public Optional<String> remark() {
    return cosigned == null ? Optional.empty() : cosigned.remark();
  }

  /**
   * Copies all that the source's newest checkpoint covers.
   *
   * @return how many entries are new
   * @throws ForkException if the log's key has signed what contradicts the checkpoint in the
   *     directory, or if what the source shows as cosigned contradicts its checkpoint
   * @throws StaleException if a host's checkpoint is older than one of these, without contradiction
   * @throws StaleCopyException if a copy's is
   * @throws UnverifiedException if it is another log, or what the source gives is not in the tree
   * @throws dev.glasshouse.calllog.WrongBlobException if a blob or page is another
   * @throws MalformedException if something is not in its form
   * @throws UnreachableException if the source does not answer, or withholds something
   * @throws dev.glasshouse.calllog.MissingBlobException if it withholds a blob
   * @throws UncheckedIOException if the directory cannot be written, or is not as it was left
   */
  public long round() {
    byte[] shown = CosignedCopy.ask(source);
    Note note = Note.parse(source.checkpoint(), Note.MAX_BYTES);
    long size = Checkpoint.parse(note.text()).head().size();
    if (size == 0) {
      throw new UnreachableException(source + " has an empty log");
    }
    if (genesis == null) {
      identify(size);
    }
    SignedCheckpoint served = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    TreeHead before = held == null ? TreeHead.EMPTY : held.head();
    if (folder != null && isComplete && served.head().equals(before)) {
      if (!served.equals(held)) {
        // The same tree with other cosignatures.
        write(served);
      }
      cosigned.look(shown, served, () -> new TileHashReader(localTiles()));
      cosigned.write(folder, size, this::localTiles);
      return 0;
    }
    ProvedTiles tiles = new ProvedTiles(source, served.head());
    if (folder == null) {
      requireGenesisIn(tiles);
      open();
      before = held == null ? TreeHead.EMPTY : held.head();
    }
    requireExtends(served, tiles);
    cosigned.look(shown, served, () -> new TileHashReader(tiles));
    Reached reached = copyEntries(served.head(), tiles);
    new ImageCopy(folder, source, blobs).run(size);
    if (options.plainFiles()) {
      new PlainArchive(folder, blobs).become(reached.archive());
    }
    write(served);
    cosigned.write(folder, size, this::localTiles);
    isComplete = true;
    dropPartials(before.size(), size);
    return size - before.size();
  }

  // Which log this is: all else follows from its first entry.
  private void identify(long size) {
    byte[] first = source.entries(0, size).get(0);
    Hash id = Merkle.leafHash(first);
    if (options.pinned() != null && !options.pinned().equals(id)) {
      throw new UnverifiedException(
          source + " serves log " + id + ", not " + options.pinned() + " as you asked for");
    }
    Optional<Hash> there = PublicationFolder.log(dir);
    if (there.isPresent() && !there.get().equals(id)) {
      throw new UnverifiedException(
          dir + " holds log " + there.get() + ", but " + source + " serves " + id);
    }
    if (!(Entry.parse(first, new CheckedBlobs(source)) instanceof GenesisEntry found)) {
      throw new UnverifiedException("the first entry of " + source + " is not a genesis entry");
    }
    log = id;
    genesis = found;
  }

  private void requireGenesisIn(ProvedTiles tiles) {
    if (!tiles.at(0, 0).equals(log)) {
      throw new UnverifiedException(
          "the first entry of " + source + " is not in the tree that was signed");
    }
  }

  private void open() {
    PublicationFolder opened = PublicationFolder.open(dir, log);
    try {
      if (opened.has(Layout.CHECKPOINT)) {
        held = SignedCheckpoint.verify(local.checkpoint(), genesis.origin(), genesis.host());
      }
    } catch (MalformedException | UnverifiedException e) {
      opened.close();
      throw damaged("its checkpoint", e);
    }
    folder = opened;
    blobs = new EntryBlobs(folder, source);
    cosigned = new CosignedCopy(source, genesis);
    cosigned.open(local);
  }

  private UncheckedIOException damaged(String what, RuntimeException e) {
    return new UncheckedIOException(
        new IOException(
            dir + " is not as it was left, " + what + ": " + e.getMessage() + "; copy anew", e));
  }

  private void requireExtends(SignedCheckpoint served, ProvedTiles tiles) {
    if (held == null) {
      return;
    }
    boolean grew = served.head().size() >= held.head().size();
    SignedCheckpoint older = grew ? held : served;
    SignedCheckpoint newer = grew ? served : held;
    TileHashReader hashes = new TileHashReader(grew ? tiles : localTiles());
    long size = older.head().size();
    if (!Proofs.root(size, hashes).equals(older.head().root())) {
      throw new ForkException(
          source
              + " has forked its log: the tree of "
              + newer.head().size()
              + " entries that its key signed does not begin with the tree of "
              + size
              + " entries that it signed too",
          new Accusation(genesis).fork(older, newer, List.of(), hashes));
    }
    if (!grew && source.isCopy()) {
      throw new StaleCopyException(source, served.head().size(), held.head().size());
    }
    if (!grew) {
      throw new StaleException(
          source
              + " has signed "
              + held.head().size()
              + " entries and now serves a checkpoint of "
              + served.head().size());
    }
  }

  private ProvedTiles localTiles() {
    try {
      return new ProvedTiles(local, held.head());
    } catch (MalformedException | UnverifiedException | UnreachableException e) {
      throw damaged("its tiles", e);
    }
  }

  private Reached reached() {
    if (held == null) {
      return Reached.NOTHING;
    }
    long size = held.head().size();
    try {
      byte[] last = local.entries(size - 1, size).get(0);
      Hash leaf = Merkle.leafHash(last);
      if (!leaf.equals(localTiles().at(0, size - 1))) {
        throw new UnverifiedException("it is not in its tree");
      }
      return new Reached(held.head(), leaf, Entry.parse(last, blobs).root());
    } catch (MalformedException | UnverifiedException | UnreachableException e) {
      throw damaged("its last entry", e);
    }
  }

  private Reached copyEntries(TreeHead head, ProvedTiles tiles) {
    Reached reached = reached();
    long from = reached.head().size();
    TileWriter writer = new TileWriter(folder, reached.head(), held == null ? null : localTiles());
    long index = from - from % EntryBundle.FULL_WIDTH;
    while (writer.size() < head.size()) {
      EntryBundle bundle = EntryBundle.holding(index, head.size());
      List<Hash> leaves = tiles.tile(0, bundle.index());
      List<byte[]> entries = entries(bundle, leaves, head.size());
      for (int i = (int) (writer.size() - index); i < entries.size(); i++) {
        reached = copy(entries.get(i), index + i, reached);
      }
      folder.write(bundle.path(), EntryBundle.encode(entries));
      for (Hash leaf : leaves.subList((int) (writer.size() - index), leaves.size())) {
        writer.append(leaf);
      }
      index += entries.size();
      progress.copied(index, head.size());
      requireNotInterrupted();
    }
    if (!writer.finish().equals(head)) {
      throw new UnverifiedException("the entries of " + source + " are not the tree it signed");
    }
    return reached;
  }

  private Reached copy(byte[] bytes, long index, Reached before) {
    try {
      Entry entry = blobs.copy(bytes, before.archive());
      // What was identified is the first, and a genesis entry has no other place by its form.
      if (entry.seq() != index || !entry.prev().equals(before.leaf())) {
        throw new UnverifiedException(
            "entry " + index + " of " + source + " does not follow the one before it");
      }
      return new Reached(before.head(), Merkle.leafHash(bytes), entry.root());
    } catch (MalformedException e) {
      throw new MalformedException("entry " + index + " of " + source + ": " + e.getMessage(), e);
    }
  }

  // A bundle that is here already, from a copy that was stopped, need not be fetched again.
  private List<byte[]> entries(EntryBundle bundle, List<Hash> leaves, long size) {
    if (folder.has(bundle.path())) {
      try {
        List<byte[]> here = local.entries(bundle.index() * EntryBundle.FULL_WIDTH, size);
        if (leaves(here).equals(leaves)) {
          return here;
        }
      } catch (MalformedException e) {
        // Fetched again, like one with other entries.
      }
    }
    long first = bundle.index() * EntryBundle.FULL_WIDTH;
    List<byte[]> entries = new ArrayList<>();
    while (entries.size() < bundle.width()) {
      List<byte[]> more = source.entries(first + entries.size(), size);
      if (more.isEmpty()) {
        throw new UnreachableException(source + " withholds entry " + (first + entries.size()));
      }
      entries.addAll(more.subList(0, Math.min(more.size(), bundle.width() - entries.size())));
    }
    List<Hash> served = leaves(entries);
    for (int i = 0; i < leaves.size(); i++) {
      if (!served.get(i).equals(leaves.get(i))) {
        throw new UnverifiedException(
            "entry " + (first + i) + " of " + source + " is not in the tree that was signed");
      }
    }
    return entries;
  }

  private static List<Hash> leaves(List<byte[]> entries) {
    return entries.stream().map(Merkle::leafHash).toList();
  }

  private void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new UnreachableException("interrupted while copying " + source);
    }
  }

  private void write(SignedCheckpoint served) {
    // If we stop before this, the directory is that of the checkpoint before.
    folder.write(Layout.CHECKPOINT, served.format());
    held = served;
  }

  // A reader of an older checkpoint finds the full tile in place of a partial one.
  private void dropPartials(long before, long size) {
    for (Tile tile : Tile.partials(before)) {
      Tile full = new Tile(tile.level(), tile.index(), Tile.FULL_WIDTH);
      if (full.isWithin(size)) {
        folder.deleteAll(full.path() + ".p");
      }
    }
    EntryBundle full = new EntryBundle(before / EntryBundle.FULL_WIDTH, EntryBundle.FULL_WIDTH);
    if (full.isWithin(size)) {
      folder.deleteAll(full.path() + ".p");
    }
  }

  /** Lets others write to the directory. The source stays open. */
  @Override
  public void close() {
    if (folder != null) {
      folder.close();
    }
  }
}
