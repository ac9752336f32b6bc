package dev.glasshouse.cli;

import dev.glasshouse.calllog.ForwardingLogReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.LogCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.verifier.AuditSettings;
import dev.glasshouse.verifier.Audited;
import dev.glasshouse.verifier.Divergence;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.ProgressListener;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Verified;
import dev.glasshouse.verifier.Verifier;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Approves a checkpoint after an audit of the log up to it, read where the list says. An audit goes
 * on where the last one of the log ended, as long as this process lives.
 */
final class ReplayApproval implements Approval {
  private final Policy list;
  private final Verifier verifier;
  private final Map<String, Verified> verified = new ConcurrentHashMap<>();

  ReplayApproval(Policy list, SandboxEngine engine) {
    this.list = list;
    this.verifier = new Verifier(engine, AuditSettings.FULL);
  }

  @Override
  public Verdict approve(long oldSize, LogCheckpoint newer) {
    Optional<String> url =
        list.logs(newer.origin()).stream().flatMap(log -> log.url().stream()).findFirst();
    if (url.isEmpty()) {
      return Verdict.undecided("this witness was not told where the log is published");
    }
    LogReader published;
    try {
      published = new HttpLogReader(URI.create(url.get()));
    } catch (IllegalArgumentException e) {
      return Verdict.undecided("this witness was told a wrong address of the log");
    }
    Audited audited =
        verifier.verify(
            new UpTo(newer, published), new Remembered(newer.origin()), ProgressListener.NONE);
    audited.verified().ifPresent(known -> verified.put(newer.origin(), known));
    return verdict(audited.report());
  }

  private static Verdict verdict(Report report) {
    return switch (report.verdict()) {
      case VERIFIED -> Verdict.approved();
      case DIVERGED, MISBEHAVED ->
          // Nothing that the log's key has signed was seen: no finding about the log.
          report.log() == null
              ? Verdict.undecided("its address publishes no call log")
              : Verdict.refused(sentence(report.divergence()));
      case UNDECIDED -> Verdict.undecided(report.obstacle());
    };
  }

  private static String sentence(Divergence found) {
    return "entry "
        + found.index()
        + ": "
        + found.kind().sentence()
        + "; expected "
        + found.expected()
        + ", found "
        + found.actual();
  }

  /** What the audits of a log before have verified. */
  private final class Remembered implements Expectations {
    private final String origin;

    Remembered(String origin) {
      this.origin = origin;
    }

    // That the checkpoint extends the one before was proved before anybody was asked.
    @Override
    public Optional<SignedCheckpoint> kept(Log log) {
      return Optional.empty();
    }

    @Override
    public Optional<Verified> verified(Log log) {
      return Optional.ofNullable(verified.get(origin)).filter(it -> it.log().equals(log.id()));
    }
  }

  /** A log whose newest checkpoint is the one that was submitted. */
  private static final class UpTo extends ForwardingLogReader {
    private final LogCheckpoint newest;

    UpTo(LogCheckpoint newest, LogReader published) {
      super(published);
      this.newest = newest;
    }

    @Override
    public byte[] checkpoint() {
      return newest.note().format();
    }
  }
}
