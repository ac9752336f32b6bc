package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TileHashReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of {@code /cosigned} in a copy, whatever a source shows there. */
class CosignedCopyTest {
  private static final long TIME = 1_700_000_000;

  @TempDir Path temp;
  private HostSetup setup;
  private RunningHost host;
  private Path out;
  private byte[] shown;
  private LogCopy copy;

  @BeforeEach
  void start() throws Exception {
    setup = HostSetup.of(temp.resolve("host"), "let n = 0; exports.add = k => n += k").debug();
    host = setup.start();
    out = temp.resolve("out");
    copy = new LogCopy(source(), out, new LogCopy.Options(null, true), (at, of) -> {});
    grow(4);
  }

  @AfterEach
  void stop() {
    copy.close();
    host.close();
  }

  private LogReader source() {
    return new OtherReader(new HttpLogReader(host.address())) {
      @Override
      public byte[] cosigned() {
        return shown;
      }
    };
  }

  private void grow(int calls) {
    KnownLogs known = new KnownLogs(temp.resolve("home"));
    try (Client client = Client.debug(host.address(), "bob", null, known)) {
      client.call(Collections.nCopies(calls, new MethodCall("add", "[1]")));
    }
  }

  private TreeHead head(long size) {
    TileHashReader tree = TileHashReader.published(new HttpLogReader(host.address()), host.size());
    return new TreeHead(size, Proofs.root(size, tree));
  }

  private byte[] cosigned(TreeHead head, long... times) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    return cosigned(head, Identity.ofSeed(seed), times);
  }

  // By so many witnesses, each with its time.
  private byte[] cosigned(TreeHead head, Identity key, long... times) {
    String origin = host.module().log().genesis().origin();
    Note note = SignedCheckpoint.sign(origin, head, key).note();
    List<NoteSignature> lines = new ArrayList<>(note.signatures());
    for (int i = 0; i < times.length; i++) {
      byte[] seed = new byte[Identity.SEED_BYTES];
      seed[0] = (byte) i;
      Identity witness = Identity.ofSeed(seed);
      lines.add(Cosignature.sign("example.com/" + i, witness, note.text(), times[i]).line());
    }
    return new Note(note.text(), lines).format();
  }

  private void assertHolds(byte[] note) {
    assertArrayEquals(note, new DirectoryLogReader(out).cosigned());
    assertArrayEquals(note, copy.cosigned().format());
  }

  private void assertTakes(byte[] note) {
    shown = note;
    copy.round();
    assertHolds(note);
    assertEquals(Optional.empty(), copy.remark());
  }

  private void assertStays(byte[] held, String why, byte[] note) {
    shown = note;
    copy.round();
    assertHolds(held);
    assertTrue(copy.remark().orElseThrow().contains(why), copy.remark()::toString);
  }

  @Test
  void isCopiedAndBroughtUpToDate() {
    copy.round();
    assertNull(copy.cosigned());
    assertFalse(Files.exists(out.resolve("cosigned")), "the host shows none");
    assertTakes(cosigned(head(3), TIME));
    assertTakes(cosigned(head(3), TIME + 60));
    assertTakes(cosigned(head(3), TIME + 60, TIME + 61));
    assertTakes(cosigned(head(4), TIME + 70));
    grow(2);
    assertTakes(cosigned(head(5), TIME + 80));
    assertTakes(cosigned(head(host.size()), TIME + 90));
    byte[] last = shown;
    copy.close();
    copy = new LogCopy(source(), out, new LogCopy.Options(null, true), (at, of) -> {});
    assertStays(last, "now shows a cosigned checkpoint of 5", cosigned(head(5), TIME + 99));
  }

  @Test
  void hasTheTilesOfItsTree() throws Exception {
    assertTakes(cosigned(head(3), TIME));
    DirectoryLogReader local = new DirectoryLogReader(out);
    assertTrue(Files.exists(out.resolve("tile/0/000.p/3")));
    assertEquals(3, local.entries(0, 3).size());
    TileHashReader tree = TileHashReader.published(local, 3);
    assertEquals(head(3).root(), Proofs.root(3, tree));
    for (int i = 0; i < 30; i++) {
      grow(10);
    }
    copy.round();
    assertTakes(cosigned(head(200), TIME + 1));
    for (String path : List.of("tile/0/000", "tile/entries/000")) {
      assertTrue(Files.exists(out.resolve(path)), path);
      assertFalse(Files.exists(out.resolve(path + ".p/200")), "a reader cuts the full " + path);
    }
    assertTakes(cosigned(head(290), TIME + 2));
    assertTrue(Files.exists(out.resolve("tile/entries/001.p/34")));
    assertTrue(Files.exists(out.resolve("tile/1/000.p/1")));
    for (long size : new long[] {200, 256, 290, host.size()}) {
      assertEquals(
          head(size).root(), Proofs.root(size, TileHashReader.published(local, size)), "" + size);
    }
  }

  @Test
  void whatIsWithdrawnStays() throws Exception {
    byte[] held = cosigned(head(3), TIME, TIME);
    assertTakes(held);
    assertStays(held, "shows no cosigned checkpoint any more; that of 3 entries stays", null);
    byte[] page = "<html>not here</html>".getBytes(StandardCharsets.UTF_8);
    assertStays(held, "shows as cosigned what is no checkpoint of this log", page);
    Identity other = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    assertStays(held, "no checkpoint of this log", cosigned(head(4), other, TIME));
    assertStays(held, "now shows a cosigned checkpoint of 2", cosigned(head(2), TIME, TIME));
    assertStays(held, "now shows fewer cosignatures", cosigned(head(3), TIME + 60));
    assertStays(held, "nobody has cosigned", cosigned(head(4)));
    assertStays(held, "no checkpoint of this log", cosigned(TreeHead.EMPTY, TIME));
    assertTakes(cosigned(head(4), TIME));
  }

  @Test
  void ofNothingThatIsOfUseThereIsNoWord() throws Exception {
    Identity other = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    for (byte[] note : new byte[][] {{}, {'4'}, cosigned(head(3)), cosigned(head(3), other, 1)}) {
      shown = note;
      copy.round();
      assertEquals(Optional.empty(), copy.remark());
      assertFalse(Files.exists(out.resolve("cosigned")));
    }
    Files.writeString(out.resolve("cosigned"), "damaged");
    copy.close();
    copy = new LogCopy(source(), out, new LogCopy.Options(null, true), (at, of) -> {});
    assertTakes(cosigned(head(3), TIME));
  }

  @Test
  void anotherHistoryIsAFork() throws Exception {
    byte[] held = cosigned(head(2), TIME);
    assertTakes(held);
    byte[] before = Files.readAllBytes(out.resolve("checkpoint"));
    grow(1);
    for (long size : new long[] {1, 3, host.size()}) {
      shown = cosigned(new TreeHead(size, Hash.of("another")), TIME + 1);
      ForkException e = assertThrows(ForkException.class, copy::round);
      assertTrue(e.getMessage().contains("shows as cosigned"), e.getMessage());
      assertTrue(EvidenceJudge.judge(e.evidence(), host.module().log().id()).proved(), "" + size);
      assertHolds(held);
      assertArrayEquals(before, Files.readAllBytes(out.resolve("checkpoint")), "nothing is new");
    }
  }

  @Test
  void aLargerTreeThanTheCheckpointsIsARollbackOrASlowCache() throws IOException {
    byte[] larger = cosigned(new TreeHead(99, Hash.of("not served")), TIME);
    shown = larger;
    StaleException e = assertThrows(StaleException.class, copy::round);
    assertTrue(e.getMessage().contains("shows as cosigned a tree of 99 entries"), e.getMessage());
    assertFalse(Files.exists(out.resolve("checkpoint")), "nothing is written");
    byte[] held = cosigned(head(4), TIME);
    assertTakes(held);
    shown = larger;
    assertThrows(StaleException.class, copy::round);
    assertHolds(held);
  }

  @Test
  void aSourceThatCannotSayHasNone() {
    LogReader source =
        new OtherReader(new HttpLogReader(host.address())) {
          @Override
          public byte[] cosigned() {
            throw new UnreachableException("status 403");
          }
        };
    copy.close();
    copy = new LogCopy(source, out, new LogCopy.Options(null, true), (at, of) -> {});
    assertEquals(host.size(), copy.round());
    assertNull(copy.cosigned());
  }

  @Test
  void copiesOfStoppedHostsAndOfCopiesHaveIt() throws Exception {
    byte[] held = cosigned(head(3), TIME);
    assertTakes(held);
    Path second = temp.resolve("second");
    LogCopy.Options options = new LogCopy.Options(null, true);
    try (LogCopy again =
        new LogCopy(new DirectoryLogReader(out), second, options, (at, of) -> {})) {
      again.round();
    }
    assertArrayEquals(held, new DirectoryLogReader(second).cosigned());

    byte[] later = cosigned(new TreeHead(99, Hash.of("lost in a crash")), TIME);
    host.close();
    Files.write(setup.dir().resolve("cosigned"), held);
    try (StoreLogReader stored = StoreLogReader.open(setup.dir())) {
      assertArrayEquals(held, stored.cosigned());
      Files.write(setup.dir().resolve("cosigned"), later);
      assertNull(stored.cosigned(), "the checkpoint beside it does not cover it yet");
      Files.writeString(setup.dir().resolve("cosigned"), "damaged");
      assertNull(stored.cosigned());
    }
  }
}
