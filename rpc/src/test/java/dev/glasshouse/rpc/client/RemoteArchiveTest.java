package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over HTTP, each byte of them proved. */
class RemoteArchiveTest {
  @TempDir Path dir;
  private RunningHost host;
  private Proxy proxy;
  private KnownLogs known;

  @BeforeEach
  void start() throws Exception {
    String script = "exports.write = (p, s) => System.files.writeFile(p, s)";
    host = HostSetup.of(dir.resolve("host"), script).debug().start();
    proxy = new Proxy(host.service().port());
    known = new KnownLogs(dir.resolve("home"));
    try (Client client = Client.debug(host.address(), "bob", null, known)) {
      client.call(
          List.of(
              new MethodCall("write", "[\"/a b\u00fc\",\"content-one\"]"),
              new MethodCall("write", "[\"/second\",\"content-two\"]")));
    }
  }

  @AfterEach
  void stop() {
    proxy.close();
    host.close();
  }

  private HttpLogReader reader() {
    return new HttpLogReader(proxy.address());
  }

  private RemoteArchive open(Hash pinned) {
    RemoteLog log = RemoteLog.open(reader(), proxy.address().toString(), pinned, known);
    return RemoteArchive.at(reader(), log, log.host().checkpoint().head().size() - 1);
  }

  private static String copy(RemoteArchive remote, ArchiveValue.FileRef file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    remote.copy(file, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void filesAreReadByHash() throws IOException {
    RemoteArchive remote = open(host.module().log().id());
    assertEquals(host.module().files().rootHash(), remote.root());
    ArchiveKey second = ArchiveKey.parse("second");
    ArchiveValue.FileRef file =
        (ArchiveValue.FileRef)
            remote.provePath(second).verifyPath(remote.root(), second).orElseThrow();
    assertEquals("content-two", copy(remote, file));
    proxy.toClient = Proxy.replacing("content-two", "content-six");
    assertThrows(WrongBlobException.class, () -> copy(remote, file));
    proxy.toClient = Proxy.cutting("content-two", 100);
    assertThrows(UnreachableException.class, () -> copy(remote, file));
  }

  @Test
  void aContentThatBreaksOffIsNoLie() {
    String large = "x".repeat(2 << 20);
    try (Client client = Client.debug(host.address(), "bob", null, known)) {
      client.call(List.of(new MethodCall("write", "[\"/large\",\"" + large + "\"]")));
    }
    RemoteArchive remote = open(null);
    ArchiveValue.FileRef file = new ArchiveValue.FileRef(Hash.of(large), large.length());
    AtomicInteger pieces = new AtomicInteger();
    proxy.toClient = piece -> pieces.incrementAndGet() > 3 ? null : piece;
    UnreachableException e = assertThrows(UnreachableException.class, () -> copy(remote, file));
    assertTrue(e.getMessage().startsWith("the content of a file breaks off"), e.getMessage());
  }

  @Test
  void everythingIsWalked() {
    RemoteArchive remote = open(null);
    List<String> names = new ArrayList<>();
    remote.below(ArchiveKey.ROOT).forEachRemaining(entry -> names.add(entry.key().text()));
    assertEquals(List.of("a b\u00fc", "second"), names);
    RemoteLog log = RemoteLog.open(reader(), proxy.address().toString(), null, known);
    assertFalse(RemoteArchive.at(reader(), log, 0).below(ArchiveKey.ROOT).hasNext());
  }

  @Test
  void forgedEntriesAreNotInTheSignedTree() {
    // Entries come compressed unless nobody asks for it.
    proxy.toHost = Proxy.replacing("gzip, identity", "identity, none");
    proxy.toClient = Proxy.replacing("\"user\":\"bob\"", "\"user\":\"eve\"");
    assertThrows(CaughtHostException.class, () -> open(null));
    proxy.toClient = Proxy.Rule.PASS;
    assertThrows(CaughtHostException.class, () -> open(Hash.of("another log")));
    proxy.toClient = Proxy.replacing("\"kind\":\"genesis\"", "\"kind\":\"generic\"");
    assertThrows(RuntimeException.class, () -> open(null));
  }

  @Test
  void readerReadsListingsAndFiles() {
    HttpLogReader reader = reader();
    assertEquals(List.of("a b\u00fc", "second"), reader.directory("/", Optional.empty()));
    assertArrayEquals(
        "content-one".getBytes(StandardCharsets.UTF_8),
        reader.file("/a b\u00fc", Optional.empty()));
    assertThrows(UnreachableException.class, () -> reader.file("/none", Optional.empty()));
    assertThrows(UnreachableException.class, () -> reader.directory("/none/", Optional.empty()));
    Hash root = host.module().files().rootHash();
    assertEquals(2, reader.directory("/", Optional.of(root)).size());
  }

  @Test
  void hostThatIsAwayIsUnreachable() {
    HttpLogReader reader = reader();
    proxy.toHost = piece -> null;
    UnreachableException e = assertThrows(UnreachableException.class, reader::checkpoint);
    assertTrue(e.getMessage().contains("is a host running there?"), e.getMessage());
  }
}
