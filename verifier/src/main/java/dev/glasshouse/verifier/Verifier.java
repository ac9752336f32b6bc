package dev.glasshouse.verifier;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Audits published logs. */
public final class Verifier {
  private final SandboxEngine engine;

  public Verifier(SandboxEngine engine) {
    this.engine = engine;
  }

  /**
   * Audits a log from genesis to its newest checkpoint. Every finding is in the report; an
   * exception means that the verifier itself failed.
   *
   * @param reader where the log is published; opens no socket itself
   * @param expectations what is known from elsewhere
   */
  public Report verify(LogReader reader, Expectations expectations, ProgressListener progress) {
    CompletableFuture<Report> report = new CompletableFuture<>();
    Thread thread =
        SandboxThread.create(
            "audit",
            () -> {
              try {
                report.complete(new Audit(reader, expectations, engine, progress).run());
              } catch (RuntimeException | Error e) {
                report.completeExceptionally(e);
              }
            });
    thread.start();
    try {
      return report.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
  }
}
