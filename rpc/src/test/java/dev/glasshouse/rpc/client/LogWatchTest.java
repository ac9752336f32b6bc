package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.evidence.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client's view of a log that has more than one history. */
class LogWatchTest {
  private static final int SIZE = 7;

  @TempDir Path home;
  private final LyingLog log = new LyingLog(false).grow(SIZE, "one");
  private final LyingLog other = log.fork(3).grow(SIZE, "other");
  private KnownLogs known;
  private Host host;
  private LogWatch watch;

  /** What is asked for a proof: one of the histories. */
  private static final class Host implements LogWatch.Source {
    private final LyingLog log;
    private int asked;
    private RuntimeException refusal;
    private boolean withholds;

    Host(LyingLog log) {
      this.log = log;
    }

    @Override
    public List<Hash> consistency(long older, long newer) {
      asked++;
      if (refusal != null) {
        throw refusal;
      }
      return Proofs.consistency(older, newer, log);
    }

    @Override
    public HashReader tree(long size) {
      if (withholds) {
        return (level, index) -> {
          throw new UnreachableException("no tiles today");
        };
      }
      return log;
    }
  }

  @BeforeEach
  void start() {
    known = new KnownLogs(home);
    host = new Host(log);
    watch = watch(host);
  }

  private LogWatch watch(Host asked) {
    return new LogWatch(
        known, new HostDescription(log.id(), log.genesis, log.checkpoint(1)), asked);
  }

  private Optional<SignedCheckpoint> kept() {
    return known.checkpoint(log.id(), log.genesis.origin(), log.genesis.host());
  }

  private List<Hash> proof(long older, long newer) {
    return Proofs.consistency(older, newer, log);
  }

  private CaughtHostException requireCaught(String claim, boolean proved, Runnable shown) {
    CaughtHostException e = assertThrows(CaughtHostException.class, shown::run, claim);
    assertTrue(e.getMessage().contains(claim), e::getMessage);
    assertEquals(proved, e.proved(), e::getMessage);
    return e;
  }

  private Evidence evidence(CaughtHostException caught) throws IOException {
    return Evidence.parse(Files.readAllBytes(caught.evidence().orElseThrow()));
  }

  @Test
  void hasSeenWhatItTook() {
    assertEquals(TreeHead.EMPTY, watch.seen());
    watch.newest(log.checkpoint(3));
    assertEquals(log.head(3), watch.seen());
    watch.newest(log.checkpoint(3));
    watch.accept(log.checkpoint(2), List.of(), 0);
    assertEquals(log.head(3), watch.seen(), "an older one is held against it, and no more");
    watch.newest(log.checkpoint(5));
    assertEquals(log.head(5), watch.seen());
  }

  @Test
  void aProofThatComesAlongIsEnough() {
    watch.newest(log.checkpoint(3));
    watch.accept(log.checkpoint(5), proof(3, 5), 3);
    assertEquals(0, host.asked);
    assertEquals(log.head(5), watch.seen());
  }

  @Test
  void theFirstCheckpointGoesOnFromNone() {
    watch.accept(log.checkpoint(3), proof(2, 3), 2);
    assertEquals(log.head(3), watch.seen());
    assertEquals(0, host.asked);
  }

  @Test
  void aProofIsEnoughWithoutTheTree() {
    host.withholds = true;
    watch.newest(log.checkpoint(3));
    watch.newest(log.checkpoint(5));
    assertEquals(log.head(5), watch.seen());
  }

  @Test
  void aProofFromElsewhereIsNot() {
    watch.newest(log.checkpoint(3));
    watch.accept(log.checkpoint(5), proof(4, 5), 4);
    assertEquals(1, host.asked);
    watch.accept(log.checkpoint(6), proof(3, 6), 5);
    assertEquals(2, host.asked, "one that does not hold");
    assertEquals(log.head(6), watch.seen());
  }

  @Test
  void nothingIsAskedOfTheSameTree() {
    watch.newest(log.checkpoint(5));
    watch.newest(log.checkpoint(5));
    assertEquals(0, host.asked);
  }

  @Test
  void whoServesLessThanItSignedHasRolledBack() throws IOException {
    watch.newest(log.checkpoint(5));
    CaughtHostException e =
        requireCaught(
            "has signed 5 entries and now serves 4", false, () -> watch.newest(log.checkpoint(4)));
    assertEquals(Evidence.Claim.ROLLBACK, evidence(e).claim());
    assertEquals(log.head(5), watch.seen());
  }

  @Test
  void twoTreesOfOneSizeAreProved() {
    watch.newest(log.checkpoint(5));
    requireCaught("two logs of the same size", true, () -> watch.newest(other.checkpoint(5)));
  }

  @Test
  void aTreeThatDoesNotGoOnIsProved() {
    host = new Host(other);
    watch = watch(host);
    watch.newest(log.checkpoint(5));
    requireCaught("has forked its log", true, () -> watch.newest(other.checkpoint(7)));
    assertEquals(1, host.asked);
    assertEquals(log.head(5), watch.seen());
  }

  @Test
  void aTreeThatDoesNotBeginTheKnownOneIsProved() {
    watch.newest(log.checkpoint(6));
    requireCaught(
        "has forked its log", true, () -> watch.accept(other.checkpoint(5), List.of(), 0));
  }

  @Test
  void whoRefusesAProofIsAskedForItsTiles() {
    watch.newest(log.checkpoint(3));
    host.refusal = new MalformedException("no proof today");
    watch.newest(log.checkpoint(5));
    host.refusal = new RefusedException(-32601, "unknown method", null);
    watch.newest(log.checkpoint(6));
    assertEquals(log.head(6), watch.seen());
    assertEquals(2, host.asked);
    assertFalse(Files.exists(home.resolve("evidence")));
  }

  @Test
  void whoWithholdsItsTreeIsCaughtWithoutProof() throws IOException {
    watch.newest(log.checkpoint(4));
    host.refusal = new MalformedException("no proof today");
    host.withholds = true;
    CaughtHostException e =
        requireCaught(
            "does not show that its tree of 7", false, () -> watch.newest(log.checkpoint(7)));
    assertNull(evidence(e).prefix());
  }

  @Test
  void theNewestIsKeptAndRemembered() {
    watch.newest(log.checkpoint(3));
    assertEquals(Optional.of(log.checkpoint(3)), kept());
    LogWatch later = watch(host);
    assertEquals(log.head(3), later.seen());
    later.newest(log.checkpoint(5));
    assertEquals(Optional.of(log.checkpoint(5)), kept(), "nothing was kept for long");
    assertEquals(1, host.asked, "what was kept last is no other program's");
    later.newest(log.checkpoint(6));
    later.close();
    assertEquals(Optional.of(log.checkpoint(6)), kept());
    later.close();
  }

  @Test
  void whoSawNothingKeepsNothing() {
    watch.close();
    assertEquals(Optional.empty(), kept());
  }

  @Test
  void whatAnotherProgramKeptStaysIfItIsNewer() {
    watch.newest(log.checkpoint(3));
    LogWatch mine = watch(host);
    known.keep(log.id(), log.checkpoint(6));
    mine.newest(log.checkpoint(5));
    assertEquals(log.head(6), mine.seen());
    assertEquals(Optional.of(log.checkpoint(6)), kept());
  }

  @Test
  void whatAnotherProgramKeptIsReplacedIfItIsOlder() {
    watch.newest(log.checkpoint(3));
    LogWatch mine = watch(host);
    known.keep(log.id(), log.checkpoint(4));
    mine.newest(log.checkpoint(5));
    assertEquals(Optional.of(log.checkpoint(5)), kept());
  }

  @Test
  void twoProgramsCannotBeShownTwoHistories() {
    watch.newest(log.checkpoint(3));
    LogWatch older = watch(host);
    known.keep(log.id(), other.checkpoint(4));
    requireCaught("has forked its log", true, () -> older.newest(log.checkpoint(5)));
    known.keep(log.id(), log.checkpoint(3));
    LogWatch newer = watch(new Host(other));
    known.keep(log.id(), other.checkpoint(7));
    requireCaught(
        "has forked its log", true, () -> newer.accept(log.checkpoint(5), proof(3, 5), 3));
  }

  @Test
  void aHostThatIsAwayKeepsNobodyFromClosing() {
    watch.newest(log.checkpoint(3));
    watch.newest(log.checkpoint(5));
    known.keep(log.id(), log.checkpoint(4));
    host.refusal = new ClientException("away", null);
    watch.close();
    assertNotNull(watch.seen());
  }
}
