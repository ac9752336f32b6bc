package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A store on the heap: atomic, not durable. For tests and for logs that nobody keeps. */
public final class MemoryStore implements Store {
  private record Image(long ordinal, List<Hash> pages) {}

  private final List<byte[]> entries = new ArrayList<>();
  private final List<List<Hash>> tree = new ArrayList<>();
  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private final TreeMap<Long, Image> images = new TreeMap<>();
  private final Map<Hash, byte[]> pages = new HashMap<>();
  private final TreeMap<byte[], Ticket> tickets = new TreeMap<>(Arrays::compareUnsigned);
  private boolean closed;

  /** An empty store. */
  public MemoryStore() {
    for (int level = 0; level < TILE_LEVELS; level++) {
      tree.add(new ArrayList<>());
    }
  }

  @Override
  public synchronized long size() {
    requireOpen();
    return entries.size();
  }

  @Override
  public synchronized byte[] entry(long index) {
    requireOpen();
    return Keys.requireIndex(index) < entries.size() ? entries.get((int) index).clone() : null;
  }

  @Override
  public synchronized List<byte[]> entries(long from, int max, long maxBytes) {
    requireOpen();
    List<byte[]> range = new ArrayList<>();
    long bytes = 0;
    for (byte[] entry : slice(entries, from, max)) {
      bytes += entry.length;
      if (bytes > maxBytes && !range.isEmpty()) {
        break;
      }
      range.add(entry.clone());
    }
    return range;
  }

  @Override
  public synchronized Hash treeHash(int tileLevel, long index) {
    requireOpen();
    List<Hash> level = tree.get(Keys.requireTileLevel(tileLevel));
    return Keys.requireIndex(index) < level.size() ? level.get((int) index) : null;
  }

  @Override
  public synchronized List<Hash> treeHashes(int tileLevel, long from, int max) {
    requireOpen();
    return new ArrayList<>(slice(tree.get(Keys.requireTileLevel(tileLevel)), from, max));
  }

  @Override
  public synchronized byte[] blob(Hash hash) {
    requireOpen();
    byte[] bytes = blobs.get(hash);
    return bytes == null ? null : bytes.clone();
  }

  @Override
  public synchronized boolean hasBlob(Hash hash) {
    requireOpen();
    return blobs.containsKey(hash);
  }

  @Override
  public synchronized byte[] page(Hash hash) {
    requireOpen();
    byte[] bytes = pages.get(hash);
    return bytes == null ? null : bytes.clone();
  }

  @Override
  public synchronized List<Long> images() {
    requireOpen();
    return List.copyOf(images.keySet());
  }

  @Override
  public synchronized long imageOrdinal(long index) {
    requireOpen();
    Image image = images.get(Keys.requireIndex(index));
    return image == null ? -1 : image.ordinal();
  }

  @Override
  public synchronized void dropImages(Collection<Long> indexes) {
    requireOpen();
    images.keySet().removeAll(Set.copyOf(indexes));
    Set<Hash> used = new HashSet<>();
    images.values().forEach(image -> used.addAll(image.pages()));
    pages.keySet().retainAll(used);
  }

  @Override
  public synchronized Ticket ticket(byte[] key, byte[] session, long n) {
    requireOpen();
    return tickets.get(Keys.ticket(key, session, n));
  }

  @Override
  public synchronized long lastN(byte[] key, byte[] session) {
    requireOpen();
    byte[] bound = Keys.ticket(key, session, Long.MAX_VALUE);
    byte[] found = tickets.floorKey(bound);
    return found != null && Keys.sameSession(found, bound) ? Keys.last(found) : 0;
  }

  @Override
  public synchronized void commit(Batch batch) {
    requireOpen();
    batch.requireFollows(entries.size());
    for (byte[] key : batch.tickets().keySet()) {
      if (tickets.containsKey(key)) {
        throw Batch.taken(key);
      }
    }
    Set<Hash> needed = batch.pagesOfOthers();
    needed.removeAll(pages.keySet());
    if (!needed.isEmpty()) {
      throw Batch.lacking(needed);
    }
    entries.addAll(batch.entries());
    for (Batch.TreeNode node : batch.treeNodes()) {
      tree.get(node.tileLevel()).add(node.hash());
    }
    blobs.putAll(batch.blobs());
    pages.putAll(batch.pages());
    for (Map.Entry<Long, List<Hash>> image : batch.images().entrySet()) {
      long ordinal = images.isEmpty() ? 0 : images.lastEntry().getValue().ordinal() + 1;
      images.put(image.getKey(), new Image(ordinal, image.getValue()));
    }
    tickets.putAll(batch.tickets());
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  private static <T> List<T> slice(List<T> all, long from, int max) {
    int start = (int) Math.min(Keys.requireIndex(from), all.size());
    return all.subList(start, start + Math.min(Keys.requireMax(max), all.size() - start));
  }
}
