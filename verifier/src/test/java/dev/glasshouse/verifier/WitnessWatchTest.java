package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.Witnesses.BOTH;
import static dev.glasshouse.verifier.Witnesses.START;
import static dev.glasshouse.verifier.Witnesses.cosign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A continuous audit of a host whose witnesses cosign some moments later. */
final class WitnessWatchTest {
  /** What a host serves at one moment, by the auditor's clock. */
  private record Moment(PublishedLog log, SignedCheckpoint cosigned, long now) {}

  /** The next moment comes whenever the watcher waits. */
  private static final class Host implements LogReader, Watcher {
    final List<String> heard = new ArrayList<>();
    private final List<Moment> moments;
    private int at;

    Host(Moment... moments) {
      this.moments = List.of(moments);
    }

    private Moment now() {
      return moments.get(at);
    }

    @Override
    public void audited(Audited audited) {
      Report report = audited.report();
      heard.add(report.verdict() + " " + report.checkpoint().head().size());
    }

    @Override
    public boolean waits(String obstacle) {
      heard.add(obstacle == null ? "waits" : obstacle.substring(0, 5));
      return ++at < moments.size();
    }

    @Override
    public byte[] checkpoint() {
      return now().log.checkpoint();
    }

    @Override
    public byte[] cosigned() {
      return now().cosigned == null ? null : now().cosigned.format();
    }

    @Override
    public List<byte[]> entries(long from, long size) {
      return now().log.entries(from, size);
    }

    @Override
    public List<Hash> tile(Tile tile) {
      return now().log.tile(tile);
    }

    @Override
    public byte[] blob(Hash sha256) {
      return now().log.blob(sha256);
    }

    @Override
    public List<String> directory(String path, Optional<Hash> root) {
      return now().log.directory(path, root);
    }

    @Override
    public byte[] file(String path, Optional<Hash> root) {
      return now().log.file(path, root);
    }
  }

  private static Audited watch(Host host) {
    WitnessDemand demand =
        new WitnessDemand(
            BOTH, Optional.of(Duration.ofMinutes(2)), () -> Instant.ofEpochSecond(host.now().now));
    return new Verifier(
            V8Engine.instance(), new AuditSettings(Level.REPLAY, 1, Optional.of(demand)))
        .watch(host, Expectations.NONE, ProgressListener.NONE, host);
  }

  private static SignedCheckpoint by(PublishedLog log, long time, String... names) {
    return cosign(log, time, names);
  }

  @Test
  void itWaitsForTheQuorumAndNoticesThatItStops() {
    PublishedLog log = Story.counting();
    PublishedLog some = log.prefix(4);
    Host host =
        new Host(
            new Moment(some, null, START + 4),
            new Moment(some, by(some, START + 5, "alice"), START + 5),
            new Moment(some, by(some, START + 5, "alice", "bob"), START + 6),
            new Moment(log, by(some, START + 5, "alice", "bob"), START + 7),
            new Moment(log, by(log, START + 8, "alice", "bob"), START + 60),
            new Moment(log, by(log, START + 8, "alice", "bob"), START + 200),
            new Moment(log, by(log, START + 190, "alice", "bob"), START + 201));

    Audited audited = watch(host);

    assertEquals(
        List.of(
            "the q",
            "the q",
            "VERIFIED 4",
            "waits",
            "VERIFIED 7",
            "waits",
            "waits",
            "stale",
            "VERIFIED 7",
            "waits"),
        host.heard);
    assertEquals(7, audited.report().counts().entries(), "nothing was verified twice");
    assertEquals(3, audited.report().witnesses().between());
  }

  @Test
  void row22ATimeThatIsContradictedLaterIsFound() {
    PublishedLog log = Story.counting();
    for (int i = 5; i < log.size(); i++) {
      log.edit(i, entry -> entry.put("time", (Long) entry.get("time") + 3_600_000));
    }
    log.rebuild();
    SignedCheckpoint four = by(log.prefix(4), START + 5, "alice", "bob");
    Host host =
        new Host(
            new Moment(log, four, START + 8),
            new Moment(log, by(log, START + 9, "alice", "bob"), START + 10));

    Audited audited = watch(host);

    assertEquals(List.of("VERIFIED 7", "waits", "DIVERGED 7"), host.heard);
    assertEquals(Kind.TIME, audited.report().divergence().kind());
    assertEquals(5, audited.report().divergence().index());
  }

  @Test
  void aForkThatIsShownAsCosignedIsFoundWhileNothingIsNew() {
    PublishedLog log = Story.counting();
    PublishedLog other =
        Story.counting().lie(2, entry -> entry.put("time", (Long) entry.get("time") + 1));
    Host host =
        new Host(
            new Moment(log, by(log, START + 8, "alice", "bob"), START + 8),
            new Moment(log, other.prefix(4).signedCheckpoint(), START + 9));

    Audited audited = watch(host);

    assertEquals(Verdict.MISBEHAVED, audited.report().verdict());
    assertEquals(Kind.FORK, audited.report().divergence().kind());
    assertTrue(audited.report().evidence() != null);
  }
}
