package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one {@link Store#commit} adds: consecutive entries, the tree hashes that they complete, the
 * blobs they name and the tickets of the calls in them. Things can be added, never taken away. Not
 * safe for several threads.
 */
public final class Batch {
  /** One tree hash and its place. */
  record TreeNode(int tileLevel, long index, Hash hash) {}

  private final long first;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<TreeNode> treeNodes = new ArrayList<>();
  private final long[] nextTreeIndex = new long[Store.TILE_LEVELS];
  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();
  private final TreeMap<byte[], Ticket> tickets = new TreeMap<>(Arrays::compareUnsigned);

  /** Starts a batch whose first entry will have index {@code first}: the size of the store. */
  public Batch(long first) {
    this.first = Keys.requireIndex(first);
    for (int level = 0; level < Store.TILE_LEVELS; level++) {
      nextTreeIndex[level] = Store.treeHashCount(level, first);
    }
  }

  /** Index of the first entry. */
  public long first() {
    return first;
  }

  /** Index after the last entry: the size of the store once this is committed. */
  public long end() {
    return first + entries.size();
  }

  /** Adds an entry and returns its index. */
  public long addEntry(byte[] entry) {
    entries.add(entry.clone());
    return end() - 1;
  }

  /**
   * Adds the hash of a complete subtree. Each level has its hashes in order and without gaps, level
   * 0 (leaf hashes) included.
   */
  public void addTreeHash(int tileLevel, long index, Hash hash) {
    long next = nextTreeIndex[Keys.requireTileLevel(tileLevel)];
    if (index != next) {
      throw new IllegalArgumentException(
          "the next tree hash of level " + tileLevel + " has index " + next + ", not " + index);
    }
    treeNodes.add(new TreeNode(tileLevel, index, hash));
    nextTreeIndex[tileLevel]++;
  }

  /** Adds a blob and returns its SHA-256. The same bytes twice are one blob. */
  public Hash addBlob(byte[] bytes) {
    Hash hash = Hash.of(bytes);
    if (!blobs.containsKey(hash)) {
      blobs.put(hash, bytes.clone());
    }
    return hash;
  }

  /** Adds the ticket of call number {@code n} (from 1), which is in an entry of this batch. */
  public void addTicket(byte[] key, byte[] session, long n, Ticket ticket) {
    if (ticket.index() < first || ticket.index() >= end()) {
      throw new IllegalArgumentException(
          "entry " + ticket.index() + " is not in this batch of " + first + " to " + end());
    }
    if (tickets.putIfAbsent(Keys.ticket(key, session, n), ticket) != null) {
      throw new IllegalArgumentException("call number " + n + " is twice in this batch");
    }
  }

  List<byte[]> entries() {
    return Collections.unmodifiableList(entries);
  }

  List<TreeNode> treeNodes() {
    return Collections.unmodifiableList(treeNodes);
  }

  Map<Hash, byte[]> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  /** By the bytes of {@link Keys#ticket}. */
  Map<byte[], Ticket> tickets() {
    return Collections.unmodifiableMap(tickets);
  }

  /**
   * Refuses a batch that would leave a gap, an overlap or an incomplete tree after {@code size}.
   */
  void requireFollows(long size) {
    if (first != size) {
      throw new IllegalStateException(
          "a batch that starts at " + first + " cannot follow " + size + " entries");
    }
    for (int level = 0; level < Store.TILE_LEVELS; level++) {
      long complete = Store.treeHashCount(level, end());
      if (nextTreeIndex[level] != complete) {
        throw new IllegalArgumentException(
            end()
                + " entries have "
                + complete
                + " tree hashes of level "
                + level
                + ", the batch ends at "
                + nextTreeIndex[level]);
      }
    }
  }

  static IllegalStateException taken(byte[] ticketKey) {
    return new IllegalStateException(
        "call number " + Keys.last(ticketKey) + " of this session already has a ticket");
  }
}
