package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that a host has logged which signs anything. */
class ForgedArchiveTest {
  @TempDir Path home;
  private final LyingLog log = new LyingLog(false).grow(2, "words");

  private void addWithRoot(Hash root) {
    CallEntry call = log.call(log.request(log.size(), TreeHead.EMPTY, "words"));
    log.add(
        new CallEntry(
            call.seq(),
            call.prev(),
            call.time(),
            call.caller(),
            call.request(),
            call.inputs(),
            call.outcomes(),
            call.writes(),
            root));
  }

  private RemoteArchive open(LogReader source, long index) {
    KnownLogs known = new KnownLogs(home);
    return RemoteArchive.at(source, RemoteLog.open(source, "host:1", null, known), index);
  }

  private RemoteArchive open() {
    return open(new LyingSource(log), log.size() - 1);
  }

  private ArchiveValue.FileRef file(String path, byte[] content, long length) {
    log.blobs.put(Hash.of(content), content);
    ArchiveValue.FileRef file = new ArchiveValue.FileRef(Hash.of(content), length);
    ArchiveTree tree =
        ArchiveTree.open(ArchiveTree.EMPTY_ROOT, log.blobs::get).put(ArchiveKey.parse(path), file);
    log.blobs.putAll(tree.newNodes());
    addWithRoot(tree.rootHash());
    return file;
  }

  private static byte[] copy(RemoteArchive archive, ArchiveValue.FileRef file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.copy(file, out);
    return out.toByteArray();
  }

  @Test
  void filesAreReadAndProved() throws IOException {
    byte[] content = "content".getBytes(UTF_8);
    ArchiveValue.FileRef file = file("a", content, content.length);
    RemoteArchive archive = open();

    assertArrayEquals(content, copy(archive, file));

    assertEquals(2, archive.receipt().index());
    assertEquals(log.id(), archive.host().log());
    ArchiveKey a = ArchiveKey.parse("a");
    assertEquals(file, archive.provePath(a).verifyPath(archive.root(), a).orElseThrow());
    assertEquals(
        1,
        archive
            .proveListing(ArchiveKey.ROOT)
            .verifyListing(archive.root(), ArchiveKey.ROOT)
            .orElseThrow()
            .size());
    List<String> names = new ArrayList<>();
    archive.below(ArchiveKey.ROOT).forEachRemaining(each -> names.add(each.key().text()));
    assertEquals(List.of("a"), names);
  }

  @Test
  void aFileOverTheLogsOwnLimitIsNotFetched() {
    long most = log.genesis.limits().file();
    ArchiveValue.FileRef file = file("a", new byte[1], most + 1);
    CaughtHostException e = assertThrows(CaughtHostException.class, () -> copy(open(), file));
    assertTrue(e.getMessage().contains("none has more than " + most), e::getMessage);
  }

  @Test
  void aFileOfAnotherLengthThanWasLoggedIsCaught() {
    ArchiveValue.FileRef longer = file("a", new byte[7], 8);
    CaughtHostException e = assertThrows(CaughtHostException.class, () -> copy(open(), longer));
    assertTrue(e.getMessage().contains("of 8 bytes that has 7"), e::getMessage);
    ArchiveValue.FileRef shorter = file("a", new byte[7], 6);
    assertThrows(WrongBlobException.class, () -> copy(open(), shorter));
  }

  @Test
  void aContentThatIsWithheldOrAnotherIsNoFile() {
    byte[] content = new byte[100_000];
    ArchiveValue.FileRef file = file("a", content, content.length);
    RemoteArchive archive = open();
    log.blobs.put(Hash.of(content), "other".getBytes(UTF_8));
    assertThrows(WrongBlobException.class, () -> copy(archive, file));
    log.blobs.remove(Hash.of(content));
    assertThrows(MissingBlobException.class, () -> copy(archive, file));
  }

  @Test
  void aContentWithoutAnEndIsGivenUp() {
    byte[] content = new byte[100];
    ArchiveValue.FileRef file = file("a", content, content.length);
    LyingSource endless =
        new LyingSource(log) {
          @Override
          public InputStream openBlob(Hash sha256) {
            return new InputStream() {
              @Override
              public int read() {
                return 0;
              }
            };
          }
        };
    assertThrows(WrongBlobException.class, () -> copy(open(endless, 2), file));
  }

  @Test
  void aContentThatBreaksOffIsNoLie() {
    byte[] content = new byte[100];
    ArchiveValue.FileRef file = file("a", content, content.length);
    for (IOException failure : List.of(new IOException("reset"), new IOException())) {
      LyingSource breaking =
          new LyingSource(log) {
            @Override
            public InputStream openBlob(Hash sha256) {
              return new ByteArrayInputStream(content) {
                @Override
                public int read(byte[] target) throws IOException {
                  throw failure;
                }
              };
            }
          };
      UnreachableException e =
          assertThrows(UnreachableException.class, () -> copy(open(breaking, 2), file));
      assertEquals(
          "the content of a file breaks off"
              + (failure.getMessage() == null ? "" : ": " + failure.getMessage()),
          e.getMessage());
    }
  }

  @Test
  void whatIsNoArchiveIsCaught() {
    byte[] none = "no node".getBytes(UTF_8);
    log.blobs.put(Hash.of(none), none);
    addWithRoot(Hash.of(none));
    RemoteArchive archive = open();
    for (Runnable reading :
        List.<Runnable>of(
            () -> archive.below(ArchiveKey.ROOT).next(),
            () -> archive.provePath(ArchiveKey.parse("a")),
            () -> archive.proveListing(ArchiveKey.ROOT))) {
      CaughtHostException e = assertThrows(CaughtHostException.class, reading::run);
      assertTrue(e.getMessage().contains("logged what is no archive"), e::getMessage);
    }
  }

  @Test
  void anEntryThatBreaksARuleNamesNoArchive() {
    CallEntry call = log.call(log.request(2, TreeHead.EMPTY, "words"));
    log.add(
        log.entry(9, log.last(), log.time(), call.caller(), call.request().read(log.blobs::get)));
    CaughtHostException e = assertThrows(CaughtHostException.class, this::open);
    assertTrue(e.proved(), e::getMessage);
    log.add("{\"v\":1}".getBytes(UTF_8));
    assertThrows(CaughtHostException.class, this::open);
    log.add("{\"kind\":\"later\",\"v\":1}".getBytes(UTF_8));
    assertThrows(UnknownEntryException.class, this::open);
    assertFalse(open(new LyingSource(log), 1).below(ArchiveKey.ROOT).hasNext());
  }
}
