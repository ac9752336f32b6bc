package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.evidence.Accusation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user has seen, in files that somebody may damage. */
class KnownLogsTest {
  @TempDir Path home;
  private final LyingLog log = new LyingLog(false).grow(5, "words");
  private KnownLogs known;

  @BeforeEach
  void open() {
    known = new KnownLogs(home);
  }

  private Optional<SignedCheckpoint> checkpoint() {
    return known.checkpoint(log.id(), log.genesis.origin(), log.genesis.host());
  }

  private List<SignedCheckpoint> cosigned() {
    return known.cosigned(log.id(), log.genesis.origin(), log.genesis.host());
  }

  private Path file(String name) {
    return home.resolve("logs").resolve(log.id().hex()).resolve(name);
  }

  private static void requireDamaged(Runnable reading) {
    ClientException e = assertThrows(ClientException.class, reading::run);
    assertTrue(e.getMessage().contains("damaged"), e::getMessage);
  }

  @Test
  void checkpointsAreKept() throws IOException {
    assertEquals(Optional.empty(), checkpoint());
    known.keep(log.id(), log.checkpoint(3));
    known.keep(log.id(), log.checkpoint(4));
    assertEquals(Optional.of(log.checkpoint(4)), checkpoint());
    Files.writeString(file("checkpoint"), "damaged");
    requireDamaged(this::checkpoint);
  }

  @Test
  void cosignedCheckpointsAreKept() throws IOException {
    assertEquals(List.of(), cosigned());
    List<SignedCheckpoint> two = List.of(log.checkpoint(3), log.checkpoint(4));
    known.keepCosigned(log.id(), two);
    assertEquals(two, cosigned());
    SignedCheckpoint eves =
        SignedCheckpoint.sign(log.genesis.origin(), log.head(3), LyingLog.ALICE);
    known.keepCosigned(log.id(), List.of(eves));
    requireDamaged(this::cosigned);
    for (Object damaged : new Object[] {"text", List.of(1L), List.of("no note")}) {
      Files.write(file("cosigned.json"), CanonicalJson.format(damaged));
      requireDamaged(this::cosigned);
    }
  }

  @Test
  void whatEachPlaceServedIsRemembered() throws IOException {
    List<String> places =
        List.of("host:1", "host_1", "http://h/a", "http://h_a", "h:1/", "a".repeat(300) + ":1");
    for (String place : places) {
      assertEquals(Optional.empty(), known.servedLast(place));
      known.served(place, Hash.of(place));
    }
    for (String place : places) {
      assertEquals(Optional.of(Hash.of(place)), known.servedLast(place), place);
    }
    assertTrue(
        Files.exists(home.resolve("hosts").resolve("host_1")), "a name that people can read");
    Files.writeString(home.resolve("hosts").resolve("host_1"), "?");
    requireDamaged(() -> known.servedLast("host:1"));
  }

  @Test
  void theLogThatIsMeantMustBeServed() {
    Hash one = Hash.of("one");
    Hash other = Hash.of("other");
    known.requireMeant("host:1", null, one);
    known.requireMeant("host:1", one, one);
    assertThrows(CaughtHostException.class, () -> known.requireMeant("host:1", other, one));
    known.served("host:1", one);
    known.requireMeant("host:1", null, one);
    known.requireMeant("host:1", other, other);
    ClientException e =
        assertThrows(ClientException.class, () -> known.requireMeant("host:1", null, other));
    assertFalse(e instanceof CaughtHostException, e::getMessage);
  }

  @Test
  void whatIsCaughtSaysWhetherItIsProved() throws IOException {
    Accusation accusation = new Accusation(log.genesis);
    LyingLog other = log.fork(2).grow(5, "other");
    CaughtHostException proved =
        known.caught(
            "claim", accusation.fork(log.checkpoint(5), other.checkpoint(5), List.of(), log));
    assertTrue(proved.proved());
    assertTrue(proved.getMessage().contains(" proves it to anybody: "), proved::getMessage);
    CaughtHostException unproved =
        known.caught("claim", accusation.rollback(log.checkpoint(4), log.checkpoint(5)));
    assertFalse(unproved.proved());
    assertTrue(unproved.getMessage().contains(" which is no proof: "), unproved::getMessage);
  }
}
