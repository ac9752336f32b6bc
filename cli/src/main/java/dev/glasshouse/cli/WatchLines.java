package dev.glasshouse.cli;

import dev.glasshouse.verifier.Audited;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Watcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** A continuous audit, for people: a line for each checkpoint, and for what keeps it waiting. */
final class WatchLines implements Watcher, AutoCloseable {
  /** Well within the second in which a new checkpoint is to be verified. */
  private static final long MILLIS = 200;

  private final PrintWriter out;
  private final PrintWriter err;
  private final AuditMemory memory;
  private final StopSignal stop = new StopSignal();
  private String obstacle;

  WatchLines(PrintWriter out, PrintWriter err, AuditMemory memory) {
    this.out = out;
    this.err = err;
    this.memory = memory;
  }

  @Override
  public void audited(Audited audited) {
    Report report = audited.report();
    if (report.verdict() != Report.Verdict.VERIFIED) {
      return;
    }
    try {
      memory.keep(audited);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println("Verified " + report.checkpoint().head().size() + " entries.");
    out.flush();
    obstacle = null;
  }

  @Override
  public boolean waits(String why) {
    if (why != null && !why.equals(obstacle)) {
      err.println("Waiting: " + Terminal.printable(why));
      err.flush();
      obstacle = why;
    }
    try {
      return !stop.await(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    stop.close();
  }
}
