package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.StaleCopyException;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entries of a log whose host signs anything. */
class RemoteLogTest {
  private static final String PLACE = "host:1";
  private static final int SIZE = 7;

  @TempDir Path home;
  private final LyingLog log = new LyingLog(false).grow(SIZE, "one");
  private final LyingLog other = log.fork(3).grow(SIZE, "other");
  private KnownLogs known;

  @BeforeEach
  void remember() {
    known = new KnownLogs(home);
  }

  private RemoteLog open(LogReader source) {
    return RemoteLog.open(source, PLACE, null, known);
  }

  private LyingSource source(int size) {
    return new LyingSource(log).at(log.checkpoint(size));
  }

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

  /** A source that is somebody's copy. */
  private LyingSource copy(int size) {
    return new LyingSource(log) {
      @Override
      public boolean isCopy() {
        return true;
      }
    }.at(log.checkpoint(size));
  }

  private Optional<SignedCheckpoint> kept() {
    return known.checkpoint(log.id(), log.genesis.origin(), log.genesis.host());
  }

  @Test
  void eachEntryIsProved() {
    RemoteLog remote = open(source(SIZE));
    for (int i = 0; i < SIZE; i++) {
      Receipt receipt = remote.receipt(i);
      receipt.verify(log.genesis.origin(), log.genesis.host());
      assertArrayEquals(log.at(i), receipt.entry());
      assertEquals(i, receipt.index());
    }
    assertEquals(Optional.of(log.checkpoint(SIZE)), kept());
    assertEquals(Optional.of(log.id()), known.servedLast(PLACE));
  }

  @Test
  void anEntryThatIsNotInTheTreeIsCaught() {
    RemoteLog remote = open(giving(4, other.at(4)));
    assertArrayEquals(log.at(3), remote.receipt(3).entry());
    CaughtHostException e = assertThrows(CaughtHostException.class, () -> remote.receipt(4));
    assertTrue(e.getMessage().contains("entry 4 as the host gives it is not"), e::getMessage);
    LyingLog debug = new LyingLog(true);
    LyingSource debugging = giving(0, debug.at(0));
    assertThrows(CaughtHostException.class, () -> RemoteLog.open(debugging, "host:2", null, known));
  }

  @Test
  void aLogBeginsWithItsGenesisEntry() {
    assertThrows(CaughtHostException.class, () -> open(giving(0, log.at(1))));
    LyingSource empty = new LyingSource(log).at(log.sign(TreeHead.EMPTY));
    assertThrows(UnreachableException.class, () -> open(empty));
    assertEquals(Optional.empty(), known.servedLast(PLACE), "nothing is remembered");
  }

  @Test
  void theLogThatIsMeantIsServed() {
    Hash another = Hash.of("another log");
    LyingSource source = source(SIZE);
    assertThrows(CaughtHostException.class, () -> RemoteLog.open(source, PLACE, another, known));
    assertThrows(CaughtHostException.class, () -> RemoteLog.open(source, another, known));
    assertEquals(log.id(), RemoteLog.open(source, log.id(), known).host().log());
    assertEquals(log.id(), RemoteLog.open(source, null, known).host().log());
    known.served(PLACE, another);
    assertThrows(ClientException.class, () -> open(source));
  }

  @Test
  void whatWasKeptIsCompared() {
    open(source(5));
    RemoteLog.open(source(6), null, known);
    assertEquals(Optional.of(log.checkpoint(6)), kept());
    assertThrows(CaughtHostException.class, () -> open(source(5)), "a rollback");
    assertThrows(CaughtHostException.class, () -> RemoteLog.open(source(5), null, known));
    LyingSource fork = new LyingSource(other);
    assertThrows(CaughtHostException.class, () -> open(fork));
    assertEquals(Optional.of(log.checkpoint(6)), kept());
  }

  @Test
  void aCopyMayBeBehind() {
    open(source(6));
    assertThrows(StaleCopyException.class, () -> open(copy(5)));
    open(copy(6));
    open(copy(7));
  }

  @Test
  void aCheckpointBesideTheNewestIsCompared() {
    RemoteLog remote = open(source(5));
    SignedCheckpoint older = remote.compared(log.checkpoint(4).format());
    assertEquals(4, older.head().size());
    assertArrayEquals(log.at(2), remote.receipt(2, older).entry());
    // One that is newer has tiles of its own.
    SignedCheckpoint newer = remote.compared(log.checkpoint(7).format());
    Receipt receipt = remote.receipt(4, newer);
    assertEquals(7, receipt.checkpointSize());
    receipt.requireIncluded(newer);
    assertThrows(CaughtHostException.class, () -> remote.compared(other.checkpoint(4).format()));
    SignedCheckpoint eves =
        SignedCheckpoint.sign(log.genesis.origin(), log.head(4), LyingLog.ALICE);
    assertThrows(UnverifiedException.class, () -> remote.compared(eves.format()));
    assertThrows(MalformedException.class, () -> remote.compared(new byte[] {1}));
  }

  /** As a copy does, which has the partial tiles of its own checkpoint. */
  @Test
  void theTreeOfTheCheckpointIsReadWhateverIsProved() {
    LyingSource own =
        new LyingSource(log) {
          @Override
          public List<Hash> tile(Tile tile) {
            if (tile.width() != SIZE) {
              throw new UnreachableException("no " + tile.path());
            }
            return super.tile(tile);
          }
        };
    RemoteLog remote = open(own);
    SignedCheckpoint older = remote.compared(log.checkpoint(4).format());
    assertEquals(4, remote.receipt(2, older).checkpointSize());
  }

  @Test
  void whatBreaksARuleIsWrittenDown() {
    byte[] none = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
    log.add(none);
    RemoteLog remote = open(new LyingSource(log));
    Receipt receipt = remote.receipt(SIZE);
    BrokenRuleException broken =
        assertThrows(
            BrokenRuleException.class,
            () -> EntryRules.alone(SIZE, receipt.entry(), log.genesis, log.blobs::get, Depth.FORM));
    CaughtHostException e = remote.caught(receipt, broken);
    assertTrue(e.proved(), e::getMessage);
    assertTrue(Files.exists(e.evidence().orElseThrow()));
    // Of the first entry nothing can be said to others: it is the log.
    CaughtHostException first = remote.caught(remote.receipt(0), broken);
    assertFalse(first.proved());
  }
}
