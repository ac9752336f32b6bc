package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one {@link Store#commit} adds: consecutive entries, the tree hashes that they complete, the
 * blobs they name, the pages of the images in them and the tickets of their calls. Things can be
 * added, never taken away. Not safe for several threads.
 */
public final class Batch {
  /** One tree hash and its place. */
  record TreeNode(int tileLevel, long index, Hash hash) {}

  private final long first;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<TreeNode> treeNodes = new ArrayList<>();
  private final long[] nextTreeIndex = new long[Store.TILE_LEVELS];
  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();
  private final TreeMap<Long, List<Hash>> images = new TreeMap<>();
  private final Map<Hash, byte[]> pages = new HashMap<>();
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

  /**
   * Keeps pages with the entry that was added last, an image.
   *
   * @param pageHashes the SHA-256 of each page, in order
   * @param newPages the bytes of those that no kept image has; more of them do no harm
   */
  public void addImage(List<Hash> pageHashes, Map<Hash, byte[]> newPages) {
    if (entries.isEmpty() || images.containsKey(end() - 1)) {
      throw new IllegalStateException("an image belongs to the entry that was just added");
    }
    if (pageHashes.isEmpty()) {
      throw new IllegalArgumentException("an image has at least one page");
    }
    Set<Hash> named = new HashSet<>(pageHashes);
    newPages.forEach(
        (hash, bytes) -> {
          if (!named.contains(hash) || !Hash.of(bytes).equals(hash)) {
            throw new IllegalArgumentException("page " + hash + " is none of the image's");
          }
        });
    newPages.forEach((hash, bytes) -> pages.computeIfAbsent(hash, key -> bytes.clone()));
    images.put(end() - 1, List.copyOf(pageHashes));
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

  /** The hashes of the pages of each image, by its index. */
  SortedMap<Long, List<Hash>> images() {
    return Collections.unmodifiableSortedMap(images);
  }

  /** The bytes of new pages. */
  Map<Hash, byte[]> pages() {
    return Collections.unmodifiableMap(pages);
  }

  /** The pages that images of this batch use and that it does not bring. */
  Set<Hash> pagesOfOthers() {
    Set<Hash> others = new HashSet<>();
    images.values().forEach(others::addAll);
    others.removeAll(pages.keySet());
    return others;
  }

  static IllegalArgumentException lacking(Set<Hash> pages) {
    return new IllegalArgumentException(
        pages.size() + " pages of an image are not there, one is " + pages.iterator().next());
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
