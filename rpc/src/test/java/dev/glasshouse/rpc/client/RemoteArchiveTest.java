package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over HTTP, each byte of them proved. */
class RemoteArchiveTest {
  @TempDir Path dir;
  private RunningHost host;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    String script = "exports.write = (p, s) => System.files.writeFile(p, s)";
    host = HostSetup.of(dir.resolve("host"), script).debug().start();
    proxy = new Proxy(host.service().port());
    KnownLogs known = new KnownLogs(dir.resolve("home"));
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

  @Test
  void filesAreReadByHash() {
    RemoteArchive remote = new RemoteArchive(reader());
    ArchiveTree files = remote.open(host.module().log().id());
    assertEquals(host.module().files().rootHash(), files.rootHash());
    ArchiveValue.FileRef file =
        (ArchiveValue.FileRef) files.get(ArchiveKey.parse("second")).orElseThrow();
    assertArrayEquals("content-two".getBytes(StandardCharsets.UTF_8), remote.blob(file.sha256()));
    proxy.toClient = Proxy.replacing("content-two", "content-six");
    assertThrows(WrongBlobException.class, () -> remote.blob(file.sha256()));
  }

  @Test
  void forgedEntriesAreNotInTheSignedTree() {
    proxy.toClient = Proxy.replacing("\"user\":\"bob\"", "\"user\":\"eve\"");
    assertThrows(CaughtHostException.class, () -> new RemoteArchive(reader()).open(null));
    proxy.toClient = Proxy.Rule.PASS;
    assertThrows(
        CaughtHostException.class, () -> new RemoteArchive(reader()).open(Hash.of("another log")));
    proxy.toClient = Proxy.replacing("\"kind\":\"genesis\"", "\"kind\":\"generic\"");
    assertThrows(RuntimeException.class, () -> new RemoteArchive(reader()).open(null));
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
    assertTrue(e.getMessage().contains("Is the host running?"), e.getMessage());
  }
}
