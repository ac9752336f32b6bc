package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** A continuous audit of a host that goes on. */
final class WatchTest {
  /** A host whose state is the next one whenever its watcher waits. */
  private static final class Moving implements LogReader, Watcher {
    final List<String> heard = new ArrayList<>();
    private final IntFunction<LogReader> states;
    private final int last;
    private int state;

    Moving(int states, IntFunction<LogReader> all) {
      this.states = all;
      this.last = states - 1;
    }

    private LogReader now() {
      return states.apply(state);
    }

    @Override
    public void audited(Audited audited) {
      Report report = audited.report();
      heard.add(report.verdict() + " " + report.checkpoint().head().size());
    }

    @Override
    public boolean waits(String obstacle) {
      if (obstacle != null) {
        heard.add(obstacle);
      }
      return state++ < last;
    }

    @Override
    public byte[] checkpoint() {
      return now().checkpoint();
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      return now().entries(from, size);
    }

    @Override
    public List<Hash> tile(Tile tile) {
      return now().tile(tile);
    }

    @Override
    public byte[] blob(Hash sha256) {
      return now().blob(sha256);
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      return now().directory(path, root);
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      return now().file(path, root);
    }

    @Override
    public List<Long> images() {
      return now().images();
    }

    @Override
    public byte[] page(Hash hash) {
      return now().page(hash);
    }
  }

  @Test
  void verifiesEachNewerCheckpointOnce() {
    PublishedLog log = Story.signed();
    int[] sizes = {3, 3, 4, 4, 9, 18};
    Moving host = new Moving(sizes.length, state -> log.prefix(sizes[state]));

    Audited audited = watch(host);

    assertEquals(List.of("VERIFIED 3", "VERIFIED 4", "VERIFIED 9", "VERIFIED 18"), host.heard);
    assertEquals(18, audited.verified().orElseThrow().head().size());
    assertEquals(18, audited.report().counts().entries());
    assertEquals(1, audited.report().counts().tiles());
  }

  @Test
  void endsWithTheFirstFinding() {
    PublishedLog log = Story.signed();
    PublishedLog lie =
        Story.signed().lie(Story.ADD, entry -> PublishedLog.outcome(entry, 0).put("ok", "2"));
    Moving host = new Moving(9, state -> state == 0 ? log.prefix(Story.ADD) : lie);

    Audited audited = watch(host);

    assertEquals(Verdict.DIVERGED, audited.report().verdict());
    assertEquals(Kind.OUTCOME, audited.report().divergence().kind());
    assertEquals(2, host.heard.size(), host.heard::toString);
  }

  @Test
  void waitsForAHostThatIsAwayAndGoesOnWhereItEnded() {
    PublishedLog log = Story.signed();
    Moving host =
        new Moving(
            4,
            state ->
                state == 1 || state == 2
                    ? new ChangedSource(log.prefix(7)) {
                      @Override
                      public byte[] checkpoint() {
                        throw new UnreachableException("away");
                      }
                    }
                    : log.prefix(state == 0 ? 5 : 7));

    Audited audited = watch(host);

    assertEquals(List.of("VERIFIED 5", "away", "away", "VERIFIED 7"), host.heard);
    assertEquals(5, audited.report().since());
  }

  @Test
  void anObstacleInTheMiddleOfAnEntryLosesNothing() {
    PublishedLog log = Story.signed();
    PublishedLog lacking = Story.signed();
    Object reference = lacking.entry(Story.LENGTH).get("request");
    Hash missing = Hash.parseHex((String) PublishedLog.object(reference).get("sha256"));
    lacking.blobs.remove(missing);
    Moving host = new Moving(3, state -> state == 0 ? log.prefix(4) : state == 1 ? lacking : log);

    Audited audited = watch(host);

    assertEquals(Verdict.VERIFIED, audited.report().verdict(), () -> audited.toString());
    assertEquals("VERIFIED 18", host.heard.get(2), host.heard::toString);
  }

  @Test
  void aHostThatGoesBackIsFound() {
    PublishedLog log = Story.signed();
    Moving host = new Moving(5, state -> log.prefix(state == 0 ? 9 : 8));

    Audited audited = watch(host);

    assertEquals(Kind.ROLLBACK, audited.report().divergence().kind());
  }

  @Test
  void aHostThatForksIsFoundWithProof() {
    PublishedLog log = Story.signed();
    PublishedLog fork =
        Story.signed().lie(4, entry -> entry.put("time", (Long) entry.get("time") + 1));
    Moving host = new Moving(5, state -> state == 0 ? log.prefix(9) : fork);

    Audited audited = watch(host);

    assertEquals(Verdict.MISBEHAVED, audited.report().verdict(), () -> audited.toString());
    assertEquals(Kind.FORK, audited.report().divergence().kind());
  }

  @Test
  void whileNothingIsNewNothingButTheCheckpointIsAskedFor() {
    PublishedLog log = Story.counting();
    List<String> asked = new ArrayList<>();
    LogReader noting =
        new ChangedSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            asked.add("entries");
            return super.entries(from, size);
          }

          @Override
          public List<Hash> tile(Tile tile) {
            asked.add(tile.path());
            return super.tile(tile);
          }

          @Override
          public List<String> directory(String path, Optional<Hash> root) {
            asked.add(path);
            return super.directory(path, root);
          }
        };
    Moving once = new Moving(1, state -> noting);
    watch(once, Level.SIGNATURES);
    List<String> first = List.copyOf(asked);
    asked.clear();
    Moving host = new Moving(4, state -> noting);

    Audited audited = watch(host, Level.SIGNATURES);

    assertEquals(first, asked);
    assertEquals(List.of("VERIFIED 7"), host.heard);
    assertTrue(audited.report().filesDigest().startsWith("h1:"));
  }

  @Test
  void filesOfANewerCheckpointThatAreOthersAreFound() {
    PublishedLog log = Story.busy();
    LogReader wrong =
        new ChangedSource(log.prefix(5)) {
          @Override
          public byte[] file(String path, Optional<Hash> root) {
            return new byte[] {1};
          }
        };
    Moving host = new Moving(3, state -> state == 0 ? log.prefix(2) : wrong);

    Audited audited = watch(host, Level.SIGNATURES);

    assertEquals(Kind.PUBLISHED_FILES, audited.report().divergence().kind());
  }

  @Test
  void aLesserAuditGoesOnToo() {
    PublishedLog log = Story.counting();
    Moving host = new Moving(3, state -> log.prefix(3 + state));

    watch(host, Level.HASHES);

    assertEquals(List.of("VERIFIED 3", "VERIFIED 4", "VERIFIED 5"), host.heard);
  }

  @Test
  void ofReceiptsNoEntryIsLookedAtLaterEither() {
    PublishedLog log = Story.counting();
    Moving host = new Moving(3, state -> log.prefix(3 + state));

    Audited audited = watch(host, Level.RECEIPT);

    assertEquals(List.of("VERIFIED 3", "VERIFIED 4", "VERIFIED 5"), host.heard);
    assertEquals(1, audited.report().counts().entries());
    assertEquals(0, audited.report().counts().files());
  }

  @Test
  void endsWhileItsHostIsAway() {
    PublishedLog log = Story.counting();
    LogReader away =
        new ChangedSource(log) {
          @Override
          public byte[] checkpoint() {
            throw new UnreachableException("away");
          }
        };
    Moving host = new Moving(2, state -> state == 0 ? log.prefix(3) : away);

    Audited audited = watch(host, Level.SIGNATURES);

    assertEquals(Verdict.UNDECIDED, audited.report().verdict());
    assertEquals(List.of("VERIFIED 3", "away"), host.heard);
  }

  private static Audited watch(Moving host) {
    return watch(host, Level.REPLAY);
  }

  private static Audited watch(Moving host, Level level) {
    return new Verifier(V8Engine.instance(), new AuditSettings(level, 1))
        .watch(host, Expectations.NONE, ProgressListener.NONE, host);
  }
}
