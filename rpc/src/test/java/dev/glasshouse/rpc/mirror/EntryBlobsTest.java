package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.rpc.client.LyingSource;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What entries of every kind name by hash comes along with them. */
class EntryBlobsTest {
  private static final Hash NO_WRITES = Hash.of("");

  @TempDir Path out;
  private final LyingLog log = new LyingLog(false);
  private final List<Hash> asked = new ArrayList<>();
  private PublicationFolder folder;
  private EntryBlobs blobs;

  @BeforeEach
  void open() {
    folder = PublicationFolder.open(out, log.id());
    blobs =
        new EntryBlobs(
            folder,
            hash -> {
              asked.add(hash);
              return log.blobs.get(hash);
            });
  }

  @AfterEach
  void close() {
    folder.close();
  }

  private Text text(String words) {
    return Text.of("\"" + words.repeat(2000) + "\"", log.blobs);
  }

  private Outcome came(String words) {
    return new Outcome.Ok(text(words), 0);
  }

  private Hash root() {
    return log.genesis.root();
  }

  private byte[] call(Text request, List<Input> inputs, Outcome outcome, Hash root) {
    CallEntry honest = log.call(log.request(1, TreeHead.EMPTY, "words"));
    return new CallEntry(
            1,
            log.last(),
            log.time(),
            honest.caller(),
            request,
            inputs,
            List.of(outcome),
            NO_WRITES,
            root)
        .format(log.blobs);
  }

  private Entry copy(byte[] entry) {
    return blobs.copy(entry, root());
  }

  // All texts that the log has are here, and nothing else.
  private void assertCopied() throws IOException {
    DirectoryLogReader local = new DirectoryLogReader(out);
    for (Hash hash : log.blobs.keySet()) {
      assertArrayEquals(log.blobs.get(hash), local.blob(hash));
    }
    assertEquals(log.blobs.size(), out.resolve("blob").toFile().list().length);
  }

  private Input oracle(String words) {
    return new Input(Input.ORACLE, Hash.of("source"), text(words));
  }

  @Test
  void ofTheGenesisEntry() throws IOException {
    blobs.copy(log.at(0), ArchiveTree.EMPTY_ROOT);
    assertCopied();
  }

  @Test
  void ofALongListOfMethodsAndOfAnImage() throws IOException {
    GenesisEntry honest = log.genesis;
    GenesisEntry genesis =
        new GenesisEntry(
            honest.time(),
            honest.origin(),
            honest.host(),
            honest.debug(),
            honest.title(),
            honest.nonce(),
            honest.script(),
            honest.interpreter(),
            honest.bootstrap(),
            honest.limits(),
            List.of(),
            came("methods"),
            honest.writes(),
            honest.root());
    blobs.copy(genesis.format(log.blobs), root());
    assertCopied();
    HeapReference heap = HeapReference.of("1 2", List.of(Hash.of("page")), log.blobs);
    copy(
        new ImageEntry(1, log.last(), log.time(), heap, ImageEntry.NO_TIMER, NO_WRITES, root())
            .format(log.blobs));
    assertCopied();
  }

  @Test
  void ofCalls() throws IOException {
    log.blobs.clear();
    copy(call(text("asked"), List.of(oracle("heard")), came("said"), root()));
    assertEquals(3, log.blobs.size());
    assertCopied();
    copy(call(new Text.Inline("{}"), List.of(), new Outcome.Thrown("Error", "no", 0), root()));
    assertCopied();
  }

  @Test
  void ofTimersAndAbortedTurns() throws IOException {
    log.blobs.clear();
    copy(
        new TimerEntry(1, log.last(), log.time(), List.of(), came("late"), NO_WRITES, root())
            .format(log.blobs));
    assertCopied();
    CallEntry honest = log.call(log.request(1, TreeHead.EMPTY, "words"));
    copy(
        new AbortEntry(1, log.last(), log.time(), honest.caller(), text("hang"), NO_WRITES, root())
            .format(log.blobs));
    copy(
        new AbortEntry(1, log.last(), log.time(), null, null, NO_WRITES, root()).format(log.blobs));
    assertEquals(2, log.blobs.size());
    assertCopied();
  }

  @Test
  void ofFiles() throws IOException {
    log.blobs.clear();
    byte[] content = new byte[5000];
    log.blobs.put(Hash.of(content), content);
    ArchiveTree tree =
        ArchiveTree.open(ArchiveTree.EMPTY_ROOT, log.blobs::get)
            .put(ArchiveKey.parse("d/"), new ArchiveValue.Directory())
            .put(
                ArchiveKey.parse("d/file"),
                new ArchiveValue.FileRef(Hash.of(content), content.length));
    log.blobs.putAll(tree.newNodes());
    copy(call(new Text.Inline("{}"), List.of(), came(""), tree.rootHash()));
    assertCopied();
  }

  @Test
  void whatIsHereIsNotAskedFor() throws IOException {
    Text request = text("asked");
    byte[] entry = call(request, List.of(), came("said"), root());
    copy(entry);
    assertEquals(2, asked.size());
    copy(entry);
    blobs.blob(((Text.Blob) request).sha256());
    assertEquals(2, asked.size());
    // A torn or damaged file is asked for.
    Hash sha256 = ((Text.Blob) request).sha256();
    for (String damaged : new String[] {"", "damaged"}) {
      Files.writeString(out.resolve("blob").resolve(sha256.hex()), damaged);
      assertArrayEquals(log.blobs.get(sha256), blobs.blob(sha256));
    }
    assertEquals(List.of(sha256, sha256), asked.subList(2, asked.size()));
    assertArrayEquals(log.blobs.get(sha256), new DirectoryLogReader(out).blob(sha256));
  }

  private Set<Hash> named(byte[] entry, Hash before) {
    Set<Hash> names = new HashSet<>();
    NamedBlobs.of(Entry.parse(entry, log.blobs::get), before, log.blobs::get, names::add);
    return names;
  }

  @Test
  void areNamedWithoutBeingCopied() {
    assertEquals(log.blobs.keySet(), named(log.at(0), null));
    byte[] content = {1};
    ArchiveTree tree =
        ArchiveTree.open(root(), log.blobs::get)
            .put(ArchiveKey.parse("a"), new ArchiveValue.FileRef(Hash.of(content), 1));
    log.blobs.putAll(tree.newNodes());
    Text.Blob request = (Text.Blob) text("asked");
    Outcome done = new Outcome.Ok(new Text.Inline("1"), 0);
    byte[] entry = call(request, List.of(), done, tree.rootHash());
    assertEquals(Set.of(request.sha256()), named(entry, tree.rootHash()));
    assertEquals(Set.of(request.sha256(), Hash.of(content)), named(entry, root()));
  }

  @Test
  void whatIsWithheldIsMissed() {
    Text request = text("asked");
    byte[] entry = call(request, List.of(), came(""), root());
    log.blobs.clear();
    assertNull(blobs.blob(((Text.Blob) request).sha256()));
    assertThrows(MissingBlobException.class, () -> copy(entry));
    assertFalse(Files.exists(out.resolve("blob").resolve(((Text.Blob) request).sha256().hex())));
    log.blobs.put(((Text.Blob) request).sha256(), new byte[] {1});
    assertThrows(WrongBlobException.class, () -> copy(entry));
  }

  @Test
  void whatIsOfAnotherLengthIsNoText() {
    Text.Blob request = (Text.Blob) text("asked");
    Text longer = new Text.Blob(request.sha256(), request.length() + 1);
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> copy(call(longer, List.of(), came(""), root())));
    assertTrue(e.getMessage().contains("bytes, not " + (request.length() + 1)), e::getMessage);
  }

  // --- The pages of images ---

  private static byte[] filled(int fill) {
    byte[] page = new byte[HeapReference.PAGE_BYTES];
    Arrays.fill(page, (byte) fill);
    return page;
  }

  /** A source of a log whose entries 1 to 3 are images of one page more each. */
  private final class Images extends LyingSource {
    private List<Long> listed;
    private boolean dropped;
    private int given;

    Images(Long... listed) {
      super(log);
      this.listed = List.of(listed);
    }

    @Override
    public List<Long> images() {
      if (listed.isEmpty()) {
        throw new UnreachableException("no images");
      }
      return listed;
    }

    @Override
    public byte[] page(Hash hash) {
      given++;
      for (int i = 1; i <= 4 && !dropped; i++) {
        if (Hash.of(filled(i)).equals(hash)) {
          return filled(i);
        }
      }
      return dropped ? null : new byte[1];
    }
  }

  private void image(int pages) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 1; i <= pages; i++) {
      hashes.add(Hash.of(filled(i)));
    }
    HeapReference heap = HeapReference.of("1 2", hashes, log.blobs);
    log.add(
        new ImageEntry(
            log.size(), log.last(), log.time(), heap, ImageEntry.NO_TIMER, NO_WRITES, root()));
  }

  private List<Long> copied(Images source) {
    folder.close();
    LogCopy.Options options = new LogCopy.Options(null, false);
    try (LogCopy copy = new LogCopy(source, out, options, (at, of) -> {})) {
      copy.round();
    } finally {
      folder = PublicationFolder.open(out, log.id());
    }
    return new DirectoryLogReader(out).images();
  }

  private int pages() {
    String[] names = out.resolve("page").toFile().list();
    return names == null ? 0 : names.length;
  }

  @Test
  void pagesOfImagesComeAndGoWithThem() throws IOException {
    image(1);
    image(2);
    Images source = new Images(2L, 1L);
    assertEquals(List.of(2L, 1L), copied(source));
    assertEquals(2, pages());
    assertEquals(2, source.given, "each page once");
    image(3);
    Images later = new Images(3L, 9L, 1L);
    assertEquals(List.of(3L, 1L), copied(later), "9 is not there yet");
    assertEquals(1, later.given);
    assertEquals(3, pages());
    log.grow(5, "words");
    assertEquals(List.of(1L), copied(new Images(1L)));
    assertEquals(1, pages());
    assertCopied();
  }

  @Test
  void theImagesThatAreHereStayWhereNoneArePublished() {
    image(1);
    copied(new Images(1L));
    log.grow(3, "words");
    assertEquals(List.of(1L), copied(new Images()));
    assertEquals(1, pages());
  }

  @Test
  void anImageThatWasDroppedMeanwhileIsNotListed() {
    image(1);
    Images source = new Images(1L);
    source.dropped = true;
    assertEquals(List.of(), copied(source));
  }

  @Test
  void otherPagesAndOtherEntriesAreRefused() {
    image(5);
    assertThrows(WrongBlobException.class, () -> copied(new Images(1L)));
    log.grow(3, "words");
    UnverifiedException e = assertThrows(UnverifiedException.class, () -> copied(new Images(2L)));
    assertTrue(e.getMessage().contains("entry 2, which is no image"), e::getMessage);
  }

  @Test
  void aLongListOfImagesIsCut() {
    image(1);
    List<Long> many = new ArrayList<>(Collections.nCopies(64, 1L));
    many.add(2L);
    log.grow(3, "words");
    assertEquals(64, copied(new Images(many.toArray(Long[]::new))).size());
  }
}
