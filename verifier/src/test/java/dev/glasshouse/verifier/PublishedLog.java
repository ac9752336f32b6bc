package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a host publishes, in memory and open to every change. A host that lies rebuilds what depends
 * on the lie: {@link #rechain} the entries, {@link #retile} the tree, {@link #sign} the checkpoint.
 */
final class PublishedLog implements LogReader {
  private static final int BUNDLE = 256;

  final List<byte[]> entries;
  final Map<Hash, byte[]> blobs;

  /** The pages of every image, which a host keeps for itself. */
  final Map<Hash, byte[]> pages = new HashMap<>();

  /** The published files by absolute path; a directory's ends in a slash. */
  final SortedMap<String, byte[]> files = new TreeMap<>();

  /** Tiles that are not what the leaves come to. */
  final Map<Tile, List<Hash>> wrongTiles = new HashMap<>();

  byte[] checkpoint;

  private final Identity host;
  private final String origin;
  private List<Hash> leaves;

  PublishedLog(
      Identity host, String origin, List<byte[]> entries, Map<Hash, byte[]> blobs, Hash root) {
    this.host = host;
    this.origin = origin;
    this.entries = new ArrayList<>(entries);
    this.blobs = new HashMap<>(blobs);
    publishFiles(root);
    retile().sign();
  }

  /** The same log, to be changed. */
  PublishedLog copy() {
    PublishedLog copy = new PublishedLog(host, origin, entries, blobs, ArchiveTree.EMPTY_ROOT);
    copy.files.putAll(files);
    copy.pages.putAll(pages);
    copy.wrongTiles.putAll(wrongTiles);
    copy.checkpoint = checkpoint;
    copy.leaves = leaves;
    return copy;
  }

  /** The log as it was when it had {@code size} entries. */
  PublishedLog prefix(int size) {
    Hash root = Entry.parse(entries.get(size - 1), blobs::get).root();
    return new PublishedLog(host, origin, entries.subList(0, size), blobs, root);
  }

  int size() {
    return entries.size();
  }

  Hash id() {
    return Merkle.leafHash(entries.get(0));
  }

  TreeHead head() {
    return new TreeHead(leaves.size(), Merkle.root(leaves));
  }

  SignedCheckpoint signedCheckpoint() {
    return SignedCheckpoint.verify(
        Note.parse(checkpoint, Note.MAX_BYTES), origin, host.publicKey());
  }

  // --- Lying ---

  /** Changes an entry's members, and nothing that depends on it. */
  PublishedLog edit(int index, Consumer<Map<String, Object>> change) {
    Map<String, Object> entry = entry(index);
    change.accept(entry);
    entries.set(index, CanonicalJson.format(entry));
    return this;
  }

  /** Tells a lie about an entry and makes everything that depends on it fit. */
  PublishedLog lie(int index, Consumer<Map<String, Object>> change) {
    return edit(index, change).rebuild();
  }

  PublishedLog rebuild() {
    return rechain().retile().sign();
  }

  /** Gives every entry after genesis its place and the leaf hash of the one before it. */
  PublishedLog rechain() {
    for (int i = 1; i < entries.size(); i++) {
      Map<String, Object> entry = entry(i);
      entry.put("seq", (long) i);
      entry.put("prev", Merkle.leafHash(entries.get(i - 1)).hex());
      entries.set(i, CanonicalJson.format(entry));
    }
    return this;
  }

  /** Builds the tree of the entries as they are. */
  PublishedLog retile() {
    leaves = new ArrayList<>();
    for (byte[] entry : entries) {
      leaves.add(Merkle.leafHash(entry));
    }
    return this;
  }

  /** Signs the tree as it is. */
  PublishedLog sign() {
    return sign(host, origin, head());
  }

  PublishedLog sign(Identity identity, String name, TreeHead head) {
    checkpoint = SignedCheckpoint.sign(name, head, identity).format();
    return this;
  }

  /** A blob of the host's making, as entries name it. */
  Map<String, Object> blob(byte[] bytes) {
    blobs.put(Hash.of(bytes), bytes);
    Map<String, Object> reference = new TreeMap<>();
    reference.put("len", (long) bytes.length);
    reference.put("sha256", Hash.of(bytes).hex());
    return reference;
  }

  Map<String, Object> entry(int index) {
    return object(CanonicalJson.parse(entries.get(index), Entry.MAX_BYTES));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object json) {
    return (Map<String, Object>) json;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object json) {
    return (List<Object>) json;
  }

  /** The members of the one outcome of an entry, or of its call {@code call}. */
  static Map<String, Object> outcome(Map<String, Object> entry, int call) {
    Object one = entry.get("outcome");
    return object(one != null ? one : list(entry.get("outcomes")).get(call));
  }

  static Map<String, Object> input(Map<String, Object> entry, int at) {
    return object(list(entry.get("inputs")).get(at));
  }

  // --- Publishing ---

  void publishFiles(Hash root) {
    files.clear();
    files.putAll(archive(root));
  }

  private SortedMap<String, byte[]> archive(Hash root) {
    SortedMap<String, byte[]> archive = new TreeMap<>();
    Iterator<ArchiveEntry> all = ArchiveTree.open(root, blobs::get).entries();
    while (all.hasNext()) {
      ArchiveEntry entry = all.next();
      byte[] content =
          entry.value() instanceof ArchiveValue.FileRef
              ? blobs.get(((ArchiveValue.FileRef) entry.value()).sha256())
              : new byte[0];
      archive.put("/" + entry.key().text(), content);
    }
    return archive;
  }

  @Override
  public byte[] checkpoint() {
    return checkpoint;
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    long end = Math.min((from / BUNDLE + 1) * BUNDLE, size);
    if (end > entries.size()) {
      throw new UnreachableException("the source does not have entry " + (end - 1));
    }
    return List.copyOf(entries.subList((int) from, (int) end));
  }

  @Override
  public List<Hash> tile(Tile tile) {
    List<Hash> wrong = wrongTiles.get(tile);
    if (wrong != null) {
      return wrong;
    }
    List<Hash> hashes = new ArrayList<>();
    int below = 1 << (Tile.LEVELS * tile.level());
    for (int i = 0; i < tile.width(); i++) {
      int first = ((int) tile.index() * Tile.FULL_WIDTH + i) * below;
      if (first + below > leaves.size()) {
        throw new UnreachableException("the source does not have " + tile.path());
      }
      hashes.add(Merkle.root(leaves.subList(first, first + below)));
    }
    return hashes;
  }

  @Override
  public byte[] blob(Hash sha256) {
    return blobs.get(sha256);
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    SortedMap<String, byte[]> all = root.map(this::archive).orElse(files);
    if (!path.equals("/") && !all.containsKey(path)) {
      throw new UnreachableException("the source does not have " + path);
    }
    List<String> names = new ArrayList<>();
    for (String known : all.keySet()) {
      String below = known.startsWith(path) ? known.substring(path.length()) : "";
      int slash = below.indexOf('/');
      if (!below.isEmpty() && (slash < 0 || slash == below.length() - 1)) {
        names.add(below);
      }
    }
    return names;
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    byte[] bytes = root.map(this::archive).orElse(files).get(path);
    if (bytes == null) {
      throw new UnreachableException("the source does not have " + path);
    }
    return bytes;
  }

  @Override
  public List<Long> images() {
    List<Long> images = new ArrayList<>();
    for (int i = entries.size() - 1; i > 0; i--) {
      if (new String(entries.get(i), StandardCharsets.UTF_8).contains("\"kind\":\"image\"")) {
        images.add((long) i);
      }
    }
    return images;
  }

  @Override
  public byte[] page(Hash hash) {
    return pages.get(hash);
  }
}
