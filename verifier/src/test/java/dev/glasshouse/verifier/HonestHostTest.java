package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.HonestLog.Settings;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HonestHostTest {
  @Test
  void theWholeStoryIsVerifiedAndCounted() {
    PublishedLog log = Story.signed();
    List<Long> heard = new ArrayList<>();

    Report report =
        new Verifier(V8Engine.instance(), AuditSettings.FULL)
            .verify(log, Audits.pinned(log.id()), (entries, of) -> heard.add(entries * 100 + of))
            .report();

    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
    // A signature for each entry but genesis; four batches of 3 calls and one of 20. Blobs: the
    // script, a long request, a long answer of an oracle, a long list of outcomes.
    Counts expected = new Counts(18, 17, 12 + 4 * 3 + 20, 0, 0, 4, 1, 3, 13, 7, 3, 0, 18, 0, 0);
    assertEquals(expected, report.counts());
    assertEquals(log.id(), report.log());
    assertArrayEquals(log.checkpoint(), report.checkpoint().format());
    Entry last = Entry.parse(log.entries.get(Story.LAST), log);
    assertEquals(last.root(), report.filesRoot());
    assertEquals(18, heard.size());
    assertEquals(118, heard.get(0));
    assertEquals(1818, heard.get(17));
  }

  @Test
  void aLogOfGenesisAloneIsVerified() {
    PublishedLog log = Story.signed().prefix(1);

    Report report = Audits.requireVerified(log, "genesis alone");

    // The script, and the entropy that it drew while it loaded.
    assertEquals(new Counts(1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0), report.counts());
  }

  @Test
  void everyPrefixIsVerified() {
    PublishedLog log = Story.signed();
    for (int size = 1; size <= log.size(); size++) {
      Audits.requireVerified(log.prefix(size), "size " + size);
    }
  }

  @Test
  void aDebugLogIsVerifiedAndSaysWhoWasNotAuthenticated() {
    Report report = Audits.requireVerified(Story.unsigned(), "debug");

    assertEquals(new Counts(6, 1, 6, 0, 0, 1, 1, 1, 1, 0, 1, 0, 6, 0, 4), report.counts());
    assertTrue(report.debug());
    assertEquals("v8", report.engine());
    assertNull(report.divergence());
  }

  @Test
  void aLogOfSeveralTilesIsVerified() {
    PublishedLog log = Story.manyEntries();

    Report report = Audits.requireVerified(log, "several tiles");

    assertEquals(600, report.counts().entries());
    // Two full tiles and a part of one, and the tile above them.
    assertEquals(4, report.counts().tiles());
  }

  @Test
  void theCheckpointsAndRootsThatWereSeenBeforeAreNoObstacle() {
    PublishedLog log = Story.signed();
    for (int size = 1; size <= log.size(); size += 4) {
      Report report = Audits.audit(log, Audits.kept(log.prefix(size).signedCheckpoint()));
      int kept = size;
      assertEquals(Verdict.VERIFIED, report.verdict(), () -> "kept " + kept + ": " + report);
    }
    Entry last = Entry.parse(log.entries.get(Story.LAST), log);
    Report report = Audits.audit(log, Audits.filesRoot(last.root()));
    assertEquals(Verdict.VERIFIED, report.verdict(), report::toString);
  }

  static LongStream seeds() {
    return LongStream.range(0, 24);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noHonestRunIsAccused(long seed) {
    Random random = new Random(seed);
    boolean debug = random.nextInt(4) == 0;
    Settings settings = new Settings(Story.SOURCE, Story.LIMITS, debug, 100 + seed);
    PublishedLog log = HonestLog.run(settings, host -> play(host, random, debug));

    Audits.requireVerified(log, "seed " + seed);
  }

  private static void play(HonestLog host, Random random, boolean debug) {
    List<Peer> peers = List.of(new Peer("alice", 1), new Peer("alice", 2), new Peer("bob", 1));
    int requests = 5 + random.nextInt(15);
    for (int i = 0; i < requests; i++) {
      MethodCall[] calls = new MethodCall[1 + random.nextInt(4)];
      for (int c = 0; c < calls.length; c++) {
        calls[c] = call(random);
      }
      Peer peer = peers.get(random.nextInt(peers.size()));
      if (random.nextBoolean()) {
        host.show(peer);
      }
      if (debug && random.nextBoolean()) {
        host.user(random.nextBoolean() ? "dora" : null, calls);
      } else {
        host.call(peer, calls);
      }
    }
  }

  private static MethodCall call(Random random) {
    String path = "\"/" + (random.nextBoolean() ? "d/" : "") + random.nextInt(3) + "\"";
    return switch (random.nextInt(14)) {
      case 0 -> method("spin");
      case 1 -> method("work", String.valueOf(random.nextInt(40_000)));
      case 2 -> method("random");
      case 3 -> method(random.nextBoolean() ? "two" : "same");
      case 4 -> method(random.nextBoolean() ? "fetched" : "lost");
      case 5 -> method("long", String.valueOf(random.nextInt(5000)));
      case 6 -> method("remove", path);
      case 7 -> method("move", path, "\"/m" + random.nextInt(3) + "\"");
      case 8 -> method("writeAndFail", path);
      case 9 -> method("fail", "\"\uD83D\uDE00 é\"");
      case 10 -> method("now");
      case 11 -> method("missing", "null");
      case 12 -> method("add", "0.1");
      default -> method("write", path, "\"" + "t".repeat(random.nextInt(900)) + "\"");
    };
  }
}
