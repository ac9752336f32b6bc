package dev.glasshouse.verifier;

import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.List;
import java.util.stream.IntStream;

/** Reads a log's entries as many at a time as its source gives, and checks each by itself. */
final class EntryReader {
  private final LogReader reader;
  private final GenesisEntry genesis;
  private final AuditBlobs blobs;

  EntryReader(LogReader reader, GenesisEntry genesis, AuditBlobs blobs) {
    this.reader = reader;
    this.genesis = genesis;
    this.blobs = blobs;
  }

  /** The entries from {@code from} to the one before {@code size}, each checked by itself. */
  EntryStream stream(long from, long size, Depth depth) {
    return new EntryStream(this, from, size, depth);
  }

  /** As many entries as the source gives at once; at least one. */
  List<byte[]> read(long from, long size) {
    return bytes(reader, from, size);
  }

  /** Entries that were read already. */
  List<CheckedEntry> check(long from, List<byte[]> entries, Depth depth) {
    return IntStream.range(0, entries.size())
        .mapToObj(i -> check(from + i, entries.get(i), depth))
        .toList();
  }

  /** An entry that was read already. */
  CheckedEntry check(long index, byte[] bytes, Depth depth) {
    return CheckedEntry.check(index, bytes, genesis, blobs, depth);
  }

  /**
   * Entries that were read before and have kept all rules, to be replayed. A source may answer
   * otherwise now.
   */
  List<CheckedEntry> again(long from, long size, AuditedTree tree, Depth depth) {
    List<byte[]> entries = bytes(reader, from, size);
    return IntStream.range(0, (int) Math.min(entries.size(), tree.size() - from))
        .mapToObj(i -> again(from + i, entries.get(i), tree.leaf(from + i), depth))
        .toList();
  }

  private CheckedEntry again(long index, byte[] bytes, Hash leaf, Depth depth) {
    CheckedEntry checked = check(index, bytes, depth);
    if (!checked.leaf().equals(leaf)) {
      throw new DivergenceException(
          Kind.CHANGED, index, "leaf hash " + leaf + ", as before", "leaf hash " + checked.leaf());
    }
    return checked;
  }

  /** Entries as they are; at least one. */
  static List<byte[]> bytes(LogReader reader, long from, long size) {
    List<byte[]> entries = reader.entries(from, size);
    if (entries.isEmpty()) {
      throw new UnreachableException("the source withholds entry " + from);
    }
    return entries;
  }
}
