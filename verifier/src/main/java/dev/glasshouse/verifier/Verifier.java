package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Audits published logs. */
public final class Verifier {
  private final SandboxEngine engine;
  private final AuditSettings settings;

  public Verifier(SandboxEngine engine, AuditSettings settings) {
    this.engine = engine;
    this.settings = settings;
  }

  /**
   * Audits a log up to its newest checkpoint. Every finding is in the report; an exception means
   * that the verifier itself failed.
   *
   * @param reader where the log is published; opens no socket itself. It is asked by several
   *     threads at once, and for entries before they are needed
   * @param expectations what is known from elsewhere
   */
  public Audited verify(LogReader reader, Expectations expectations, ProgressListener progress) {
    return onSandboxThread(
        () -> {
          try (Audit audit = new Audit(reader, expectations, settings, engine, progress)) {
            Report report = audit.run();
            return new Audited(report, audit.verified());
          }
        });
  }

  /**
   * Audits a log, and goes on with each newer checkpoint until there is a finding, or the watcher
   * ends it.
   *
   * @return the last that was audited
   */
  public Audited watch(
      LogReader reader, Expectations expectations, ProgressListener progress, Watcher watcher) {
    return onSandboxThread(
        () -> {
          Remembering remembering = new Remembering(expectations);
          for (; ; ) {
            try (Audit audit = new Audit(reader, remembering, settings, engine, progress)) {
              Report report = audit.run();
              Audited audited = new Audited(report, audit.verified());
              while (report == null || report.verdict() == Verdict.VERIFIED || isWhole(audit)) {
                String obstacle = null;
                if (report != null && report.verdict() != Verdict.VERIFIED) {
                  obstacle = report.obstacle();
                  audited = new Audited(report, Optional.empty());
                } else if (report != null) {
                  audited = new Audited(report, audit.verified());
                  remembering.verified = audited.verified().or(() -> remembering.verified);
                  watcher.audited(audited);
                }
                if (!watcher.waits(obstacle)) {
                  return audited;
                }
                report = audit.runOn();
              }
              audited = new Audited(report, Optional.empty());
              if (report.verdict() != Verdict.UNDECIDED) {
                watcher.audited(audited);
                return audited;
              }
              // Where it stopped is not known to be whole: it begins again from what is remembered.
              if (!watcher.waits(report.obstacle())) {
                return audited;
              }
            }
          }
        });
  }

  // Only the witnesses have not said enough yet.
  private static boolean isWhole(Audit audit) {
    return audit.verified().isPresent();
  }

  /** What an auditor knew, and what this audit has verified since. */
  private static final class Remembering implements Expectations {
    private final Expectations known;
    private Optional<Verified> verified = Optional.empty();

    Remembering(Expectations known) {
      this.known = known;
    }

    @Override
    public Optional<SignedCheckpoint> kept(Log log) {
      return known.kept(log);
    }

    @Override
    public Optional<Verified> verified(Log log) {
      return verified.or(() -> known.verified(log));
    }

    @Override
    public List<SignedCheckpoint> cosigned(Log log) {
      return known.cosigned(log);
    }

    @Override
    public Optional<Hash> log() {
      // Another log at the same place is no continuation.
      return verified.map(Verified::log).or(known::log);
    }

    @Override
    public Optional<Hash> filesRoot() {
      return known.filesRoot();
    }
  }

  private static <T> T onSandboxThread(Supplier<T> audit) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            done.complete(audit.get());
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        };
    SandboxThread.create("audit", run).start();
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
  }
}
