package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.ProvedTiles;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a real host's log: growing, stopped on the way, and of hosts that lie. */
class LogCopyTest {
  private static final String SCRIPT =
      """
      const fs = System.files
      exports.put = (path, text) => fs.writeFile(path, text)
      exports.rm = path => fs.unlink(path)
      exports.mkdir = path => fs.mkdir(path)
      exports.rmdir = path => fs.rmdir(path, { recursive: true })
      exports.long = n => 'x'.repeat(n)
      """;

  @TempDir Path temp;
  private HostSetup setup;
  private Path out;

  @BeforeEach
  void prepare() {
    setup = HostSetup.of(temp.resolve("host"), SCRIPT).debug();
    out = temp.resolve("out");
  }

  private void call(RunningHost host, MethodCall... calls) {
    KnownLogs known = new KnownLogs(temp.resolve("home"));
    try (Client client = Client.debug(host.address(), "bob", null, known)) {
      for (MethodCall call : calls) {
        client.call(List.of(call));
      }
    }
  }

  private static MethodCall put(String path, String text) {
    return new MethodCall("put", "[\"" + path + "\",\"" + text + "\"]");
  }

  private static MethodCall call(String method, String parameter) {
    return new MethodCall(method, "[" + parameter + "]");
  }

  private static MethodCall[] many(int count) {
    MethodCall[] calls = new MethodCall[count];
    for (int i = 0; i < count; i++) {
      calls[i] = put("/many", "n" + i);
    }
    return calls;
  }

  private LogCopy copy(LogReader source) {
    return new LogCopy(source, out, new LogCopy.Options(null, true), (at, of) -> {});
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private long copyOnce(LogReader source) {
    try (LogCopy copy = copy(source)) {
      return copy.round();
    }
  }

  private static LogReader reader(RunningHost host) {
    return new HttpLogReader(host.address());
  }

  /** Everything below a directory but what is not part of the publication. */
  private static SortedMap<String, Hash> content(Path dir) throws IOException {
    SortedMap<String, Hash> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = dir.relativize(file).toString();
        if (Files.isRegularFile(file) && !name.startsWith(".")) {
          content.put(name, Hash.of(Files.readAllBytes(file)));
        }
      }
    }
    return content;
  }

  private void assertHolds(RunningHost host) throws IOException {
    DirectoryLogReader local = new DirectoryLogReader(out);
    assertArrayEquals(host.module().log().checkpoint().format(), local.checkpoint());
    Path files = out.resolve("files");
    List<String> listed = new ArrayList<>();
    ArchiveTree archive = host.module().files();
    archive
        .entries()
        .forEachRemaining(entry -> listed.add(entry.key().text().replaceFirst("/$", "")));
    try (Stream<Path> found = Files.walk(files)) {
      assertEquals(
          listed.stream().sorted().toList(),
          found
              .map(path -> files.relativize(path).toString())
              .filter(s -> !s.isEmpty())
              .sorted()
              .toList());
    }
    long size = host.size();
    for (long at = 0; at < size; at++) {
      assertArrayEquals(
          host.module().log().store().entry(at), local.entries(at, size).get(0), "entry " + at);
    }
    new ProvedTiles(local, host.module().log().head()).tile(0, 0);
  }

  @Test
  void copyGrowsWithItsHost() throws Exception {
    try (RunningHost host = setup.start();
        LogCopy copy = copy(reader(host))) {
      call(host, put("/a", "1"), call("mkdir", "\"/d\""), put("/d/x", "2"), call("long", "9999"));
      assertEquals(5, copy.round());
      assertHolds(host);
      assertEquals(0, copy.round());
      assertTrue(Files.exists(out.resolve("tile/0/000.p/5")));
      call(host, call("rmdir", "\"/d\""), put("/d", "now a file"), call("rm", "\"/a\""));
      call(host, call("mkdir", "\"/a\""), put("/a/b c", ""), put("/a/\u00fc", "3"));
      assertEquals(6, copy.round());
      assertHolds(host);
      assertEquals("now a file", Files.readString(out.resolve("files/d")));
      call(host, many(300));
      assertEquals(300, copy.round());
      assertHolds(host);
      assertFalse(Files.exists(out.resolve("tile/0/000.p")), "the full one is there");
      assertFalse(Files.exists(out.resolve("tile/entries/000.p")));
      // Who has an older checkpoint gets its tiles from the full ones.
      DirectoryLogReader local = new DirectoryLogReader(out);
      assertEquals(5, local.tile(new Tile(0, 0, 5)).size());
      assertEquals(5, local.entries(0, 5).size());
    }
  }

  @Test
  void copiesFromHostDirectoryAndCopyAreTheSame() throws Exception {
    Path dir = setup.dir();
    try (RunningHost host = setup.images(20, 0).start()) {
      call(host, many(50));
      call(host, call("long", "5000"), put("/a", "1"));
      StoreException e = assertThrows(StoreException.class, () -> StoreLogReader.open(dir));
      assertTrue(e.getMessage().contains("already open"), e.getMessage());
      copyOnce(reader(host));
    }
    SortedMap<String, Hash> before = content(dir);
    try (StoreLogReader stored = StoreLogReader.open(dir)) {
      assertTrue(copyOnce(stored) > 0, "the image of the stop");
      assertThrows(StoreException.class, () -> setup.start().close(), "it is being read");
    }
    SortedMap<String, Hash> after = content(dir);
    after.keySet().removeIf(name -> name.startsWith("log/LOG"));
    before.keySet().removeIf(name -> name.startsWith("log/LOG"));
    assertEquals(before, after, "nothing changed there");
    Path first = out;
    out = temp.resolve("second");
    copyOnce(new DirectoryLogReader(first));
    for (String name : content(out).keySet()) {
      assertEquals(content(first).get(name), content(out).get(name), name);
    }
    assertTrue(Files.exists(out.resolve("images")));
    assertEquals(new DirectoryLogReader(first).images(), new DirectoryLogReader(out).images());
    try (RunningHost host = setup.start()) {
      assertNotNull(host, "and it serves again");
    }
  }

  /** A reader that stops answering after so many questions. */
  private static final class Failing extends OtherReader {
    private int left;

    Failing(LogReader real, int left) {
      super(real);
      this.left = left;
    }

    @Override
    void asked() {
      if (left-- <= 0) {
        throw new UnreachableException("gone");
      }
    }
  }

  @Test
  void copyThatIsStoppedAnywhereGoesOn() throws Exception {
    try (RunningHost host = setup.images(3, 0).start()) {
      call(host, put("/a", "1"), call("long", "5000"), put("/b", "2"));
      int stops = 0;
      for (int questions = 0; ; questions++) {
        LogReader source = new Failing(reader(host), questions);
        try (LogCopy copy = copy(source)) {
          copy.round();
          break;
        } catch (UnreachableException e) {
          stops++;
          assertFalse(Files.exists(out.resolve("checkpoint")), "after " + questions);
        }
      }
      assertTrue(stops > 5, "stopped " + stops + " times");
      assertHolds(host);
    }
  }

  @Test
  void plainFilesAreFinishedByTheNextRound() throws Exception {
    try (RunningHost host = setup.start()) {
      call(host, put("/a", "1"), put("/b", "1"));
      copyOnce(reader(host));
      Hash from = host.module().files().rootHash();
      call(host, call("rm", "\"/a\""), call("mkdir", "\"/a\""), put("/a/x", "2"), put("/c", "2"));
      Hash to = host.module().files().rootHash();
      LogCopy.Options withoutFiles = new LogCopy.Options(null, false);
      try (LogCopy copy = new LogCopy(reader(host), out, withoutFiles, (at, of) -> {})) {
        copy.round();
      }
      try (LogCopy copy = copy(reader(host))) {
        // Stopped while the files were replaced: some are there, some are not.
        Files.writeString(out.resolve("files.root"), from + "\n" + to + "\n");
        Files.delete(out.resolve("files/a"));
        Files.createDirectories(out.resolve("files/a"));
        Files.writeString(out.resolve("files/a/x"), "2");
        call(host, put("/d", "3"));
        copy.round();
      }
      assertHolds(host);
    }
  }

  @Test
  void forkIsProvedAndRollbackIsStale() throws Exception {
    Path one = setup.dir();
    HostSetup other = setup.in(temp.resolve("other"));
    try (RunningHost host = setup.start()) {
      call(host, put("/a", "1"));
    }
    try (Stream<Path> files = Files.walk(one)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, other.dir().resolve(one.relativize(file)));
      }
    }
    try (RunningHost host = setup.start()) {
      call(host, put("/a", "2"), put("/a", "3"));
      copyOnce(reader(host));
    }
    SortedMap<String, Hash> before = content(out);
    try (RunningHost host = other.start()) {
      assertThrows(StaleException.class, () -> copyOnce(reader(host)));
      for (int longer = 0; longer < 4; longer++) {
        KnownLogs known = new KnownLogs(temp.resolve("stranger"));
        try (Client client = Client.debug(host.address(), "eve", null, known)) {
          client.call(List.of(put("/a", "x" + longer)));
        }
        ForkException e = assertThrows(ForkException.class, () -> copyOnce(reader(host)));
        assertTrue(
            EvidenceJudge.judge(e.evidence(), host.module().log().id()).proved(),
            "of " + host.size() + " entries");
      }
    }
    assertEquals(before, content(out), "what was there stays");
  }

  @Test
  void anotherLogIsRefused() throws Exception {
    try (RunningHost host = setup.start();
        RunningHost other = setup.in(temp.resolve("other")).start()) {
      LogCopy.Options pinned = new LogCopy.Options(other.module().log().id(), true);
      try (LogCopy copy = new LogCopy(reader(host), out, pinned, (at, of) -> {})) {
        assertThrows(UnverifiedException.class, copy::round);
      }
      assertFalse(Files.exists(out), "nothing is written");
      copyOnce(reader(host));
      assertThrows(UnverifiedException.class, () -> copyOnce(reader(other)));
      out = Files.createDirectory(temp.resolve("mine"));
      Files.writeString(out.resolve("letter"), "mine");
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> copyOnce(reader(host)));
      assertTrue(e.getMessage().contains("is not empty"), e.getMessage());
    }
  }

  @Test
  void twoCannotWriteAtOnce() throws Exception {
    try (RunningHost host = setup.start();
        LogCopy first = copy(reader(host))) {
      first.round();
      assertThrows(UncheckedIOException.class, () -> copyOnce(reader(host)));
    }
  }

  @Test
  void lyingSourcesAreNotCopied() throws Exception {
    try (RunningHost host = setup.start()) {
      call(host, put("/a", "1"), call("long", "5000"));
      LogReader real = reader(host);
      assertThrows(
          UnverifiedException.class,
          () ->
              copyOnce(
                  new OtherReader(real) {
                    @Override
                    public List<Hash> tile(Tile tile) {
                      List<Hash> hashes = new ArrayList<>(real.tile(tile));
                      hashes.set(1, Hash.of("x"));
                      return hashes;
                    }
                  }));
      assertFalse(Files.exists(out), "nothing is written");
      assertThrows(
          UnverifiedException.class,
          () ->
              copyOnce(
                  new OtherReader(real) {
                    @Override
                    public List<byte[]> entries(long from, long size) {
                      List<byte[]> entries = new ArrayList<>(real.entries(from, size));
                      entries.get(entries.size() - 1)[20] ^= 1;
                      return entries;
                    }
                  }));
      assertThrows(
          WrongBlobException.class,
          () ->
              copyOnce(
                  new OtherReader(real) {
                    @Override
                    public byte[] blob(Hash hash) {
                      byte[] bytes = real.blob(hash);
                      bytes[bytes.length / 2] ^= 1;
                      return bytes;
                    }
                  }));
      assertThrows(
          MissingBlobException.class,
          () ->
              copyOnce(
                  new OtherReader(real) {
                    @Override
                    public byte[] blob(Hash hash) {
                      byte[] bytes = real.blob(hash);
                      return bytes.length > 5000 ? bytes : null;
                    }
                  }));
      assertFalse(Files.exists(out.resolve("checkpoint")));
      copyOnce(real);
      assertHolds(host);
    }
  }

  @Test
  void pagesGoWithTheirImages() throws Exception {
    try (RunningHost host = setup.images(2, 0).start()) {
      call(host, put("/a", "1"), put("/a", "2"), put("/a", "3"), put("/a", "4"));
      LogReader real = reader(host);
      copyOnce(real);
      DirectoryLogReader local = new DirectoryLogReader(out);
      assertEquals(real.images(), local.images());
      assertTrue(local.images().size() > 1);
      int before = out.resolve("page").toFile().list().length;
      long newest = local.images().get(0);
      call(host, put("/a", "5"));
      copyOnce(
          new OtherReader(real) {
            @Override
            public List<Long> images() {
              return List.of(newest);
            }
          });
      assertEquals(List.of(newest), local.images());
      assertTrue(out.resolve("page").toFile().list().length < before);
    }
  }

  @Test
  void readerTellsPlainFilesFromTheArchive() throws Exception {
    try (RunningHost host = setup.start()) {
      call(host, put("/a", "1"), call("mkdir", "\"/d\""), put("/d/x", "22"));
      Hash earlier = host.module().files().rootHash();
      call(host, put("/d/x", "33"));
      copyOnce(reader(host));
      DirectoryLogReader local = new DirectoryLogReader(out);
      assertEquals(
          List.of("a", "d/"), local.directory("/", Optional.empty()).stream().sorted().toList());
      assertEquals("33", text(local.file("/d/x", Optional.empty())));
      assertEquals("22", text(local.file("/d/x", Optional.of(earlier))));
      Files.writeString(out.resolve("files/d/x"), "44");
      assertEquals("44", text(local.file("/d/x", Optional.empty())), "as it lies there");
      Path elsewhere = Files.move(out.resolve("files/d/x"), temp.resolve("elsewhere"));
      Files.createSymbolicLink(out.resolve("files/d/x"), elsewhere);
      assertThrows(UnreachableException.class, () -> local.file("/d/x", Optional.empty()));
      Files.writeString(out.resolve("files/new"), "");
      assertEquals(3, local.directory("/", Optional.empty()).size());
      assertThrows(UnreachableException.class, () -> local.file("/none", Optional.empty()));
      assertThrows(
          UnreachableException.class, () -> local.file("/../checkpoint", Optional.empty()));
      assertThrows(UnreachableException.class, () -> local.directory("/a/", Optional.empty()));
      Files.delete(out.resolve("files.root"));
      assertEquals("33", text(local.file("/d/x", Optional.empty())), "from the blobs");
      assertEquals(List.of("a", "d/"), local.directory("/", Optional.empty()));
    }
  }
}
