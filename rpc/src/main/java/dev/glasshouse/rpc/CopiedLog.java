package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
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
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is published of a log that nobody adds to here: a backup, an export, a mirror, the directory
 * of a host that is stopped. It ends with the newest checkpoint that is there; entries after it,
 * which a crash may leave behind, were never signed and are not shown. If the copy grows, so does
 * this.
 *
 * <p>Of what it shows it has checked that the log's key has signed the checkpoint, and blobs by
 * their hashes. Readers check the rest, as they do with a host.
 */
public final class CopiedLog implements Published {
  /** What whoever makes a call is told. */
  static final String NO_CALLS =
      "this is a copy of a log, to be read: it takes no calls, and nothing is signed here";

  private final LogReader reader;
  private final CheckedBlobs blobs;
  private final Hash id;
  private final GenesisEntry genesis;
  private volatile Newest newest;

  /** The newest checkpoint with the root of the files at that time. */
  private record Newest(SignedCheckpoint signed, Hash root) {
    boolean is(byte[] note) {
      return Arrays.equals(signed.format(), note);
    }
  }

  private CopiedLog(LogReader reader, byte[] first) {
    this.reader = reader;
    this.blobs = new CheckedBlobs(reader);
    this.id = Merkle.leafHash(first);
    if (!(Entry.parse(first, blobs) instanceof GenesisEntry entry)) {
      throw new MalformedException("the first entry in " + reader + " is no genesis entry");
    }
    this.genesis = entry;
  }

  /**
   * Looks at a copy.
   *
   * @param reader stays the caller's, to be closed when this is no longer served
   * @throws UnreachableException if there is no log, or it cannot be read
   * @throws MalformedException if it is in no log's form
   * @throws UnverifiedException if the log's key has not signed the checkpoint
   */
  public static CopiedLog open(LogReader reader) {
    byte[] note = reader.checkpoint();
    long size = Checkpoint.parse(Note.parse(note, Note.MAX_BYTES).text()).head().size();
    if (size == 0) {
      throw new UnreachableException(reader + " has an empty log");
    }
    CopiedLog copy = new CopiedLog(reader, reader.entries(0, size).get(0));
    Newest unused = copy.newest();
    return copy;
  }

  private Newest newest() {
    byte[] note = reader.checkpoint();
    Newest before = newest;
    if (before != null && before.is(note)) {
      return before;
    }
    SignedCheckpoint signed = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    long size = signed.head().size();
    Hash root = Entry.parse(reader.entries(size - 1, size).get(0), blobs).root();
    Newest now = new Newest(signed, root);
    newest = now;
    return now;
  }

  @Override
  public Hash id() {
    return id;
  }

  @Override
  public GenesisEntry genesis() {
    return genesis;
  }

  @Override
  public long size() {
    return newest().signed().head().size();
  }

  @Override
  public SignedCheckpoint checkpoint() {
    return newest().signed();
  }

  // A copy can do without it: it is asked for, and not relied on.
  @Override
  public Optional<SignedCheckpoint> cosigned() {
    byte[] note = reader.cosigned();
    try {
      return note == null
          ? Optional.empty()
          : Optional.of(SignedCheckpoint.verify(note, genesis.origin(), genesis.host()));
    } catch (MalformedException | UnverifiedException e) {
      return Optional.empty();
    }
  }

  // A copy may have only the widest of the partial bundles and tiles.
  @Override
  public List<byte[]> entries(EntryBundle bundle) {
    return reader
        .entries(bundle.index() * EntryBundle.FULL_WIDTH, size())
        .subList(0, bundle.width());
  }

  @Override
  public List<Hash> tile(Tile tile) {
    long first = tile.index() * Tile.FULL_WIDTH;
    return reader.tile(Tile.holding(tile.level(), first, size())).subList(0, tile.width());
  }

  @Override
  public BlobReader blobs() {
    return blobs;
  }

  @Override
  public byte[] page(Hash hash) {
    return reader.page(hash);
  }

  @Override
  public List<Long> images() {
    return reader.images();
  }

  @Override
  public ArchiveTree files() {
    return ArchiveTree.open(newest().root(), blobs);
  }

  @Override
  public boolean isCopy() {
    return true;
  }

  @Override
  public String failed() {
    return null;
  }

  @Override
  public String unready() {
    return NO_CALLS;
  }

  @Override
  public int waiting() {
    return 0;
  }
}
