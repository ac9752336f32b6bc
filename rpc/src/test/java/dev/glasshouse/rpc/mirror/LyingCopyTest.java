package dev.glasshouse.rpc.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.rpc.client.LyingSource;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies of a log whose host signs anything. */
class LyingCopyTest extends LyingCopies {
  /** A source that gives other bytes as one of its entries. */
  private LyingSource giving(int index, byte[] bytes) {
    return new LyingSource(log) {
      @Override
      public List<byte[]> entries(long from, long size) {
        List<byte[]> entries = new ArrayList<>(super.entries(from, size));
        if (from <= index) {
          entries.set((int) (index - from), bytes);
        }
        return entries;
      }
    };
  }

  private void requireUnverified(String message, LogReader source) {
    UnverifiedException e =
        assertThrows(UnverifiedException.class, () -> copyOnce(source), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
    assertFalse(Files.exists(out.resolve("checkpoint")), message);
  }

  @Test
  void growsWithItsLog() {
    try (LogCopy first = copy(source(3))) {
      assertNull(first.log());
      assertNull(first.cosigned());
      assertTrue(first.remark().isEmpty());
      assertEquals(3, first.round());
      assertEquals(0, first.round());
      assertEquals(log.id(), first.log());
      assertEquals(log.checkpoint(3), first.checkpoint());
    }
    assertEquals(4, copyOnce(source(SIZE)));
    assertHolds(SIZE);
    assertEquals(List.of(3L, 7L), progress);
    assertEquals(0, copyOnce(source(SIZE)));
  }

  @Test
  void whileNothingIsNewOnlyTheCheckpointIsAskedFor() {
    List<Long> asked = new ArrayList<>();
    LyingSource noting =
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            asked.add(from);
            return super.entries(from, size);
          }

          @Override
          public List<Hash> tile(Tile tile) {
            asked.add(tile.index());
            return super.tile(tile);
          }
        };
    try (LogCopy copy = copy(noting.at(log.checkpoint(3)))) {
      assertEquals(3, copy.round());
      asked.clear();
      assertEquals(0, copy.round());
      assertEquals(List.of(), asked);
      noting.at(log.checkpoint(SIZE));
      assertEquals(4, copy.round());
    }
    assertHolds(SIZE);
  }

  @Test
  void plainFilesAreThereIfTheyAreWanted() {
    LogCopy.Options without = new LogCopy.Options(null, false);
    try (LogCopy copy = new LogCopy(source(5), out, without, (at, of) -> {})) {
      copy.round();
    }
    assertFalse(Files.exists(out.resolve("files.root")));
    // A round that failed does not count as one, whatever is served next.
    LyingSource failing =
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return from < 5 ? super.entries(from, 5) : List.of();
          }
        };
    try (LogCopy copy = copy(failing)) {
      assertThrows(UnreachableException.class, copy::round);
      failing.at(log.checkpoint(5));
      assertEquals(0, copy.round());
    }
    assertTrue(Files.exists(out.resolve("files.root")));
  }

  @Test
  void whatIsShownAsCosignedComesAlong() {
    SignedCheckpoint[] shown = new SignedCheckpoint[1];
    LyingSource showing =
        new LyingSource(log) {
          @Override
          public byte[] cosigned() {
            return shown[0] == null ? null : shown[0].format();
          }
        };
    shown[0] = cosigned(3);
    try (LogCopy copy = copy(showing.at(log.checkpoint(5)))) {
      copy.round();
      assertEquals(shown[0], copy.cosigned());
      shown[0] = cosigned(4);
      copy.round();
      assertEquals(shown[0], copy.cosigned(), "though nothing else is new");
      assertArrayEquals(shown[0].format(), new DirectoryLogReader(out).cosigned());
    }
    shown[0] = null;
    try (LogCopy copy = copy(showing.at(log.checkpoint(SIZE)))) {
      copy.round();
      assertEquals(cosigned(4), copy.cosigned(), "from the directory");
      assertTrue(copy.remark().orElseThrow().contains("that of 4 entries stays"));
    }
  }

  @Test
  void aCosignedTreeIsCutFromFullTiles() {
    log.grow(300, "more");
    copyOnce(showing(cosigned(200), false));
    assertTrue(Files.exists(out.resolve("cosigned")));
    assertFalse(Files.exists(out.resolve("tile/0/000.p/200")));
    assertFalse(Files.exists(out.resolve("tile/entries/000.p/200")));
    assertEquals(200, new DirectoryLogReader(out).tile(new Tile(0, 0, 200)).size());
  }

  @Test
  void aCopyWhoseCosignedTreeIsLargerIsBehind() {
    LyingSource copied = showing(cosigned(SIZE), true).at(log.checkpoint(5));
    assertThrows(StaleCopyException.class, () -> copyOnce(copied));
    LyingSource host = showing(cosigned(SIZE), false).at(log.checkpoint(5));
    assertThrows(StaleException.class, () -> copyOnce(host));
    assertEquals(SIZE, copyOnce(showing(cosigned(5), true)));
  }

  private LyingSource showing(SignedCheckpoint shown, boolean isCopy) {
    return new LyingSource(log) {
      @Override
      public byte[] cosigned() {
        return shown.format();
      }

      @Override
      public boolean isCopy() {
        return isCopy;
      }
    };
  }

  private SignedCheckpoint cosigned(int size) {
    Note plain = log.checkpoint(size).note();
    List<NoteSignature> lines = new ArrayList<>(plain.signatures());
    lines.add(Cosignature.sign("w.example", LyingLog.ALICE, plain.text(), 1).line());
    Note note = new Note(plain.text(), lines);
    return SignedCheckpoint.verify(note, log.genesis.origin(), log.genesis.host());
  }

  @Test
  void partialTilesGoWhenTheFullOnesAreThere() {
    log.grow(600, "more");
    copyOnce(source(250));
    copyOnce(source(255));
    assertTrue(Files.exists(out.resolve("tile/0/000.p/250")), "no full one yet");
    copyOnce(source(256));
    copyOnce(source(300));
    assertFalse(Files.exists(out.resolve("tile/0/000.p")));
    assertFalse(Files.exists(out.resolve("tile/entries/000.p")));
    assertTrue(Files.exists(out.resolve("tile/1/000.p/1")));
    copyOnce(source(600));
    assertTrue(Files.exists(out.resolve("tile/1/000.p/1")), "of the second level there is none");
    assertFalse(Files.exists(out.resolve("tile/0/001.p")));
    assertHolds(600);
  }

  @Test
  void newCosignaturesOfTheSameTreeAreTaken() {
    SignedCheckpoint more = cosigned(SIZE);
    LyingSource source = source(SIZE);
    try (LogCopy copy = copy(source)) {
      copy.round();
      source.at(more);
      assertEquals(0, copy.round());
      assertEquals(more, copy.checkpoint());
    }
    assertArrayEquals(more.format(), new DirectoryLogReader(out).checkpoint());
  }

  @Test
  void anEmptyLogIsNone() {
    LyingSource empty = new LyingSource(log).at(log.sign(TreeHead.EMPTY));
    assertThrows(UnreachableException.class, () -> copyOnce(empty));
    assertFalse(Files.exists(out));
  }

  @Test
  void itMustBeTheLogThatIsMeant() {
    LogCopy.Options pinned = new LogCopy.Options(Hash.of("another log"), true);
    try (LogCopy copy = new LogCopy(source(SIZE), out, pinned, (at, of) -> {})) {
      assertThrows(UnverifiedException.class, copy::round);
    }
    LogCopy.Options meant = new LogCopy.Options(log.id(), true);
    try (LogCopy copy = new LogCopy(source(SIZE), out, meant, (at, of) -> {})) {
      assertEquals(SIZE, copy.round());
    }
    LyingSource debug = new LyingSource(new LyingLog(true));
    UnverifiedException e = assertThrows(UnverifiedException.class, () -> copyOnce(debug));
    assertTrue(e.getMessage().contains("holds log " + log.id()), e::getMessage);
  }

  @Test
  void itBeginsWithItsGenesisEntry() {
    requireUnverified("is not a genesis entry", giving(0, log.at(1)));
    requireUnverified("is not in the tree", giving(0, new LyingLog(true).at(0)));
    assertFalse(Files.exists(out), "nothing is written");
  }

  @Test
  void theCheckpointIsSignedByTheLogsKey() {
    SignedCheckpoint eves =
        SignedCheckpoint.sign(log.genesis.origin(), log.head(SIZE), LyingLog.ALICE);
    assertThrows(UnverifiedException.class, () -> copyOnce(new LyingSource(log).at(eves)));
  }

  @Test
  void entriesThatAreNotInTheTreeAreRefused() {
    requireUnverified("entry 4 of the source is not in the tree", giving(4, other.at(4)));
  }

  @Test
  void entriesThatAreWithheldAreMissed() {
    LyingSource withholding =
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return from < 5 ? super.entries(from, 5) : List.of();
          }
        };
    UnreachableException e = assertThrows(UnreachableException.class, () -> copyOnce(withholding));
    assertTrue(e.getMessage().contains("withholds entry 5"), e::getMessage);
  }

  @Test
  void aSourceMayGiveEntriesOneByOneOrTooMany() {
    copyOnce(
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return super.entries(from, size).subList(0, 1);
          }
        }.at(log.checkpoint(5)));
    assertHolds(5);
    copyOnce(
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            List<byte[]> entries = new ArrayList<>(super.entries(from, size));
            entries.add(new byte[1]);
            return entries;
          }
        });
    assertHolds(SIZE);
  }

  @Test
  void everyEntryFollowsTheOneBeforeIt() {
    CallEntry right = log.call(log.request(SIZE, log.head(SIZE), "next"));
    LyingLog seq = whole();
    seq.add(seq.entry(SIZE + 1, seq.last(), seq.time(), right.caller(), "{}"));
    LyingLog prev = whole();
    prev.add(prev.entry(SIZE, Hash.of("other"), prev.time(), right.caller(), "{}"));
    LyingLog genesis = whole();
    genesis.add(genesis.at(0));
    for (LyingLog lie : List.of(seq, prev, genesis)) {
      requireUnverified(
          "entry 7 of the source does not follow the one before it", new LyingSource(lie));
    }
    LyingLog malformed = whole();
    malformed.add("{\"v\":1}".getBytes(UTF_8));
    MalformedException e =
        assertThrows(MalformedException.class, () -> copyOnce(new LyingSource(malformed)));
    assertTrue(e.getMessage().startsWith("entry 7 of the source: "), e::getMessage);
  }

  private LyingLog whole() {
    return log.fork(SIZE);
  }

  @Test
  void anotherHistoryIsAForkAndAShorterOneIsStale() {
    copyOnce(source(5));
    assertThrows(StaleException.class, () -> copyOnce(source(4)));
    LyingSource behind =
        new LyingSource(log) {
          @Override
          public boolean isCopy() {
            return true;
          }
        }.at(log.checkpoint(4));
    assertThrows(StaleCopyException.class, () -> copyOnce(behind));
    for (int size : new int[] {4, 5, SIZE}) {
      LyingSource fork = new LyingSource(other).at(other.checkpoint(size));
      ForkException e = assertThrows(ForkException.class, () -> copyOnce(fork), "of " + size);
      assertTrue(e.getMessage().contains("has forked its log"), e::getMessage);
      assertTrue(EvidenceJudge.judge(e.evidence(), log.id()).proved(), "of " + size);
    }
    assertHolds(5);
    assertEquals(2, copyOnce(behind.at(log.checkpoint(SIZE))));
  }
}
