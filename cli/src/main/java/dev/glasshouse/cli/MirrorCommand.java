package dev.glasshouse.cli;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.mirror.LogCopy;
import dev.glasshouse.rpc.mirror.StaleException;
import dev.glasshouse.rpc.mirror.StoreLogReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass mirror}: keeps a directory up to date with what a host publishes. */
@Command(
    name = "mirror",
    description = {
      "Copy what a host publishes into a directory, and with --follow go on doing so.",
      "All is checked as glass export does it. The directory can be read and verified meanwhile."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:copied; with --follow: asked to end",
      "1:what is published does not hold together",
      "2:usage",
      "3:could not finish; the next mirror goes on from what is there",
      "4:the log's key has signed a contradiction; the evidence is in a file"
    })
final class MirrorCommand implements Callable<Integer> {
  private static final int LEAST_EVERY = 10;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "HOST|URL|DIR",
      converter = LogSourceConverter.class,
      description = "What to copy.")
  private LogSource source;

  @Parameters(index = "1", paramLabel = "DIR", description = "The directory to keep.")
  private Path dir;

  @Option(
      names = "--follow",
      description = "Go on until asked to end, also while the host is away.")
  private boolean follow;

  @Option(
      names = "--every",
      paramLabel = "MILLISECONDS",
      defaultValue = "500",
      description = "With --follow: how long to wait between two looks (default: 500).")
  private long every;

  @Mixin private CopyOptions copying = new CopyOptions();

  @Override
  public Integer call() {
    if (every < LEAST_EVERY) {
      throw new ParameterException(
          spec.commandLine(), "--every is a number of milliseconds, at least " + LEAST_EVERY);
    }
    try (Progress progress =
            new Progress(
                spec.commandLine().getErr(), main.streams().errIsTerminal(), System::nanoTime);
        LogReader reader = source.open();
        LogCopy copy =
            new LogCopy(
                reader, dir, copying.options(), follow ? (at, of) -> {} : progress::verified)) {
      if (follow && reader instanceof StoreLogReader) {
        throw new ParameterException(
            spec.commandLine(), "--follow is for a host that runs; glass export copies this once");
      }
      return follow ? follow(copy) : once(copy);
    } catch (ParameterException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw copying.ended(e, main.home());
    }
  }

  private int once(LogCopy copy) {
    ExportCommand.report(spec, copy, copy.round(), dir);
    return CopyOptions.COPIED;
  }

  private int follow(LogCopy copy) {
    long added = 0;
    // Whoever is asked to end need not wait for an answer that is on its way.
    try (StopSignal stop = new StopSignal();
        MirrorStatus status =
            new MirrorStatus(spec.commandLine().getErr(), main.streams().errIsTerminal())) {
      stop.interrupts(Thread.currentThread());
      Freshness freshness = new Freshness();
      do {
        try {
          added += copy.round();
          freshness.isFresh();
          status.copied(copy.checkpoint().head().size(), copy.remark());
        } catch (UnreachableException | MissingBlobException e) {
          status.waits(e);
        } catch (StaleException e) {
          freshness.isStale(e);
          status.waits(e);
        }
      } while (!stop.await(every));
    } catch (InterruptedException e) {
      // Asked to end.
    } catch (RuntimeException e) {
      // What is cut short when it is asked to end may fail in any way.
      if (!Thread.interrupted()) {
        throw e;
      }
    }
    if (copy.checkpoint() != null) {
      ExportCommand.report(spec, copy, added, dir);
    }
    return CopyOptions.COPIED;
  }

  /** For how long a host has served an older checkpoint: a cache before it may be slow. */
  private static final class Freshness {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private long since;
    private boolean stale;

    void isFresh() {
      stale = false;
    }

    void isStale(StaleException e) {
      long now = System.nanoTime();
      since = stale ? since : now;
      stale = true;
      if (now - since > PATIENCE_NANOS) {
        throw e;
      }
    }
  }
}
