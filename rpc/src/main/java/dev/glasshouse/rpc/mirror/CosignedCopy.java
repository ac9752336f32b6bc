package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.evidence.Accusation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the checkpoint that a host's witnesses have cosigned. Whose cosignatures count is for its
 * readers to say, each by a policy of their own; here it must be signed by the log's key, and its
 * tree must be what the newest checkpoint's begins with. What a host no longer shows stays: it is
 * as true as it was.
 */
final class CosignedCopy {
  private final LogReader source;
  private final GenesisEntry genesis;
  private SignedCheckpoint held;
  private SignedCheckpoint next;
  private String remark;

  /** Of the log that begins with this entry. */
  CosignedCopy(LogReader source, GenesisEntry genesis) {
    this.source = source;
    this.genesis = genesis;
  }

  /**
   * What a source shows, or null. Not to be asked after it is asked for its newest checkpoint,
   * which may be of a larger tree but not of a smaller one.
   */
  static byte[] ask(LogReader source) {
    try {
      return source.cosigned();
    } catch (UnreachableException | MalformedException e) {
      // That it shows none says enough.
      return null;
    }
  }

  /** The one that is in the directory, or null. */
  SignedCheckpoint held() {
    return held;
  }

  /** What is to be said of what was shown last, if anything. */
  Optional<String> remark() {
    return Optional.ofNullable(remark);
  }

  /** Finds what an earlier copy left in a directory; what is of no use there is replaced. */
  void open(DirectoryLogReader local) {
    byte[] bytes = local.cosigned();
    try {
      held = bytes == null ? null : verified(bytes);
    } catch (MalformedException | UnverifiedException e) {
      held = null;
    }
  }

  /**
   * Looks at what was shown, before anything of this round is written.
   *
   * @param shown what {@link #ask} had
   * @param served the newest checkpoint
   * @param tree its tree, asked for only if it matters
   * @throws ForkException if the two contradict each other
   * @throws StaleException if a host's cosigned one is of a larger tree
   * @throws StaleCopyException if a copy's is
   */
  void look(byte[] shown, SignedCheckpoint served, Supplier<? extends HashReader> tree) {
    next = null;
    remark = null;
    if (shown == null) {
      remark = stays("shows no cosigned checkpoint any more");
      return;
    }
    SignedCheckpoint found;
    try {
      found = verified(shown);
    } catch (MalformedException | UnverifiedException e) {
      // Many web servers have a page for what they do not have.
      remark = stays("shows as cosigned what is no checkpoint of this log");
      return;
    }
    if (held == null || !found.head().equals(held.head())) {
      requireBegins(found, served, tree);
    }
    if (found.note().signatures().size() < 2) {
      remark = stays("shows as cosigned what nobody has cosigned");
    } else if (held != null && found.head().size() < held.head().size()) {
      remark = stays("now shows a cosigned checkpoint of " + found.head().size() + " entries only");
    } else if (held != null && hasFewer(found)) {
      remark = stays("now shows fewer cosignatures");
    } else {
      next = found;
    }
  }

  private boolean hasFewer(SignedCheckpoint found) {
    return found.head().equals(held.head())
        && found.note().signatures().size() < held.note().signatures().size();
  }

  private SignedCheckpoint verified(byte[] note) {
    SignedCheckpoint found = SignedCheckpoint.verify(note, genesis.origin(), genesis.host());
    if (found.head().size() == 0) {
      throw new UnverifiedException("an empty tree has nothing to cosign");
    }
    return found;
  }

  private String stays(String what) {
    return held == null
        ? null
        : source + " " + what + "; that of " + held.head().size() + " entries stays";
  }

  private void requireBegins(
      SignedCheckpoint found, SignedCheckpoint served, Supplier<? extends HashReader> tree) {
    long size = found.head().size();
    long all = served.head().size();
    if (size > all && source.isCopy()) {
      throw new StaleCopyException(source, all, size);
    }
    if (size > all) {
      throw new StaleException(
          source
              + " shows as cosigned a tree of "
              + size
              + " entries, and serves a checkpoint of "
              + all);
    }
    if (found.head().equals(served.head())) {
      return;
    }
    HashReader hashes = tree.get();
    if (!Proofs.root(size, hashes).equals(found.head().root())) {
      throw new ForkException(
          source
              + " has forked its log: the tree of "
              + all
              + " entries that its key signed does not begin with the tree of "
              + size
              + " entries that it shows as cosigned",
          new Accusation(genesis).fork(found, served, List.of(), hashes));
    }
  }

  /**
   * Writes what was found, after the checkpoint that it is the beginning of: whoever reads it first
   * then finds no smaller tree.
   *
   * @param size of the newest checkpoint; all that it covers is in the directory
   * @param tiles the tiles in the directory, asked for only if they matter
   */
  void write(PublicationFolder folder, long size, Supplier<ProvedTiles> tiles) {
    if (next == null || next.equals(held)) {
      return;
    }
    if (held == null || !next.head().equals(held.head())) {
      writePartials(folder, size, tiles.get());
    }
    folder.write(Layout.COSIGNED, next.format());
    held = next;
  }

  // As of every checkpoint that is written: of a tile that is full, a reader cuts the full one.
  private void writePartials(PublicationFolder folder, long all, ProvedTiles tiles) {
    long size = next.head().size();
    for (Tile tile : Tile.partials(size)) {
      Tile full = new Tile(tile.level(), tile.index(), Tile.FULL_WIDTH);
      if (!folder.has(tile.path()) && !folder.has(full.path())) {
        List<Hash> hashes = tiles.tile(tile.level(), tile.index()).subList(0, tile.width());
        folder.write(tile.path(), Tile.encode(hashes));
      }
    }
    EntryBundle bundle = EntryBundle.holding(size - 1, size);
    EntryBundle full = new EntryBundle(bundle.index(), EntryBundle.FULL_WIDTH);
    if (!folder.has(bundle.path()) && !folder.has(full.path())) {
      long first = bundle.index() * EntryBundle.FULL_WIDTH;
      // The newest bundle has them, and more.
      List<byte[]> entries = new DirectoryLogReader(folder.dir()).entries(first, all);
      folder.write(bundle.path(), EntryBundle.encode(entries.subList(0, bundle.width())));
    }
  }
}
