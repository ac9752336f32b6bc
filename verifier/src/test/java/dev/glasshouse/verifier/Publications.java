package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.ForwardingLogReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Writes what tests audit as what a host would answer over HTTP, with what the auditor knew and the
 * report that came of it, for another verifier to come to the same. One file of JSON for each
 * audit; the answers are in {@code bodies/} by their SHA-256. An empty answer of {@code null} is
 * "not found".
 */
final class Publications {
  /** Where they go; unless it is set, nothing is written. */
  private static final String FOLDER = System.getProperty("glasshouse.publications");

  private static final Map<String, AtomicInteger> COUNTS = new ConcurrentHashMap<>();

  private Publications() {}

  static boolean areWritten() {
    return FOLDER != null;
  }

  /** What one audit reads and knows, to be written when it is done. */
  static final class Recording extends ForwardingLogReader implements Expectations {
    private final LogReader log;
    private final Expectations known;
    private final Map<String, Optional<Hash>> answers = new ConcurrentHashMap<>();
    private final Map<Hash, byte[]> bodies = new ConcurrentHashMap<>();
    private final Map<Long, Optional<byte[]>> entries = new ConcurrentHashMap<>();
    private final Map<String, Object> auditor = new ConcurrentHashMap<>();
    private volatile boolean hasChanged;
    private volatile boolean isUnpublishable;

    Recording(LogReader log, Expectations known, Optional<WitnessDemand> demand) {
      super(log);
      this.log = log;
      this.known = known;
      demand.ifPresent(this::demanded);
    }

    private void demanded(WitnessDemand demand) {
      auditor.put("policy", Witnesses.text(demand.policy()));
      demand.maxAge().ifPresent(age -> auditor.put("maxAgeMillis", age.toMillis()));
      auditor.put("now", demand.clock().instant().getEpochSecond());
    }

    private void answered(String path, byte[] bytes) {
      Optional<Hash> body = Optional.ofNullable(bytes).map(Hash::of);
      body.ifPresent(hash -> bodies.put(hash, bytes));
      Optional<Hash> before = answers.put(path, body);
      hasChanged |= before != null && !before.equals(body);
    }

    private <T> T withheld(String path, Supplier<T> read) {
      try {
        return read.get();
      } catch (RuntimeException e) {
        answered(path, null);
        throw e;
      }
    }

    @Override
    public byte[] checkpoint() {
      byte[] note = withheld("/checkpoint", super::checkpoint);
      answered("/checkpoint", note);
      return note;
    }

    @Override
    public byte[] cosigned() {
      byte[] note = withheld("/cosigned", super::cosigned);
      answered("/cosigned", note);
      return note;
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      try {
        List<byte[]> read = super.entries(from, size);
        for (int i = 0; i < read.size(); i++) {
          byte[] entry = read.get(i);
          Optional<byte[]> before = entries.put(from + i, Optional.of(entry));
          hasChanged |= before != null && !before.map(Hash::of).equals(Optional.of(Hash.of(entry)));
        }
        hasChanged |= read.isEmpty();
        return read;
      } catch (RuntimeException e) {
        entries.putIfAbsent(from, Optional.empty());
        throw e;
      }
    }

    @Override
    public List<Hash> tile(Tile tile) {
      List<Hash> hashes = withheld("/" + tile.path(), () -> super.tile(tile));
      isUnpublishable |= hashes.size() != tile.width();
      ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Hash.BYTES);
      hashes.forEach(hash -> bytes.put(hash.bytes()));
      answered("/" + tile.path(), bytes.array());
      return hashes;
    }

    @Override
    public byte[] blob(Hash hash) {
      byte[] bytes = withheld("/blob/" + hash, () -> super.blob(hash));
      answered("/blob/" + hash, bytes);
      return bytes;
    }

    @Override
    public byte[] page(Hash hash) {
      byte[] bytes = withheld("/page/" + hash, () -> super.page(hash));
      answered("/page/" + hash, bytes);
      return bytes;
    }

    @Override
    public List<Long> images() {
      List<Long> images = withheld("/images", super::images);
      answered("/images", listing(images));
      return images;
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      String asked = "/files" + path + root.map(hash -> "?root=" + hash).orElse("");
      List<String> names = withheld(asked, () -> super.directory(path, root));
      List<Object> list = new ArrayList<>();
      names.forEach(name -> list.add(Map.of("name", name)));
      answered(asked, CanonicalJson.format(new TreeMap<>(Map.of("entries", list))));
      return names;
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      String asked = "/files" + path + root.map(hash -> "?root=" + hash).orElse("");
      byte[] bytes = withheld(asked, () -> super.file(path, root));
      answered(asked, bytes);
      return bytes;
    }

    @Override
    public Optional<SignedCheckpoint> kept(Log served) {
      Optional<SignedCheckpoint> kept = known.kept(served);
      kept.ifPresent(note -> auditor.put("kept", text(note.format())));
      return kept;
    }

    @Override
    public Optional<Verified> verified(Log served) {
      Optional<Verified> verified = known.verified(served);
      verified.ifPresent(before -> auditor.put("verified", text(before.toJson())));
      return verified;
    }

    @Override
    public List<SignedCheckpoint> cosigned(Log served) {
      List<SignedCheckpoint> cosigned = known.cosigned(served);
      if (!cosigned.isEmpty()) {
        auditor.put("cosigned", notes(cosigned));
      }
      return cosigned;
    }

    @Override
    public Optional<Hash> log() {
      known.log().ifPresent(id -> auditor.put("log", id.hex()));
      return known.log();
    }

    @Override
    public Optional<Hash> filesRoot() {
      known.filesRoot().ifPresent(root -> auditor.put("files", root.hex()));
      return known.filesRoot();
    }

    /**
     * Writes it, unless the source answered one thing and then another, is a copy, or gives what
     * has no form over HTTP.
     */
    void write(Report report) {
      published(log).ifPresent(this::addUnasked);
      isUnpublishable |=
          entries.values().stream()
              .anyMatch(e -> e.map(b -> b.length).orElse(0) > EntryBundle.MAX_ENTRY_BYTES);
      if (hasChanged || isUnpublishable || log.isCopy() || report.checkpoint() == null) {
        return;
      }
      addBundles(report.checkpoint().head().size());
      Map<String, Object> paths = new TreeMap<>();
      answers.forEach((path, body) -> paths.put(path, body.map(Hash::hex).orElse(null)));
      Map<String, Object> json = new TreeMap<>();
      json.put("answers", paths);
      json.put("auditor", new TreeMap<>(auditor));
      if (report.witnesses() != null) {
        json.put("keep", notes(report.witnesses().keep()));
      }
      json.put("report", CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
      Path folder = Path.of(FOLDER);
      try {
        Files.createDirectories(folder.resolve("bodies"));
        for (Optional<Hash> body : answers.values()) {
          Path file = folder.resolve("bodies").resolve(body.map(Hash::hex).orElse("none"));
          if (body.isPresent() && !Files.exists(file)) {
            Files.write(file, bodies.get(body.get()));
          }
        }
        Files.write(folder.resolve(name() + ".json"), CanonicalJson.format(json));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void addUnasked(PublishedLog published) {
      published.blobs.forEach((hash, bytes) -> unasked("/blob/" + hash, bytes));
      published.pages.forEach((hash, bytes) -> unasked("/page/" + hash, bytes));
      unasked("/images", listing(published.images()));
      for (int i = 0; i < published.entries.size(); i++) {
        entries.putIfAbsent((long) i, Optional.of(published.entries.get(i)));
      }
    }

    private void unasked(String path, byte[] bytes) {
      if (!answers.containsKey(path)) {
        answered(path, bytes);
      }
    }

    private void addBundles(long size) {
      for (long from = 0; from < size && entries.containsKey(from); ) {
        EntryBundle bundle = EntryBundle.holding(from, size);
        List<byte[]> held = new ArrayList<>();
        for (int i = 0; i < bundle.width(); i++) {
          entries.getOrDefault(from + i, Optional.empty()).ifPresent(held::add);
        }
        boolean isWhole = held.size() == bundle.width();
        answered("/" + bundle.path(), isWhole ? EntryBundle.encode(held) : null);
        from += bundle.width();
      }
    }
  }

  private static List<Object> notes(List<SignedCheckpoint> checkpoints) {
    List<Object> notes = new ArrayList<>();
    checkpoints.forEach(each -> notes.add(text(each.format())));
    return notes;
  }

  private static byte[] listing(List<Long> images) {
    List<Object> list = new ArrayList<>();
    images.forEach(index -> list.add(new TreeMap<>(Map.of("index", index))));
    return CanonicalJson.format(list);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  // The log at the bottom, of which some answers are changed.
  private static Optional<PublishedLog> published(LogReader reader) {
    if (reader instanceof PublishedLog published) {
      return Optional.of(published);
    }
    if (!(reader instanceof ForwardingLogReader)) {
      return Optional.empty();
    }
    try {
      var field = ForwardingLogReader.class.getDeclaredField("reader");
      field.setAccessible(true);
      return published((LogReader) field.get(reader));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  // The test, and which of its audits it is.
  private static String name() {
    String test =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.endsWith("Test"))
                        .findFirst())
            .orElse("Audit");
    String shown = test.substring(test.lastIndexOf('.') + 1);
    int count = COUNTS.computeIfAbsent(shown, each -> new AtomicInteger()).incrementAndGet();
    return String.format(Locale.ROOT, "%s-%03d", shown, count);
  }
}
