package dev.glasshouse.cli;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.rpc.mirror.ForkException;
import dev.glasshouse.rpc.mirror.LogCopy;
import dev.glasshouse.rpc.mirror.StaleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How a log is copied, and what a failure to copy it means. */
final class CopyOptions {
  static final int COPIED = 0;
  static final int DIVERGED = 1;
  static final int UNFINISHED = 3;
  static final int CAUGHT = 4;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that it must be.")
  private Hash log;

  @Option(
      names = "--no-files",
      description =
          "Leave out the archive as plain files; it can still be read by glass files and verified.")
  private boolean withoutFiles;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description = "Where to write the evidence of a fork (default: in ~/.glasshouse/evidence).")
  private Path evidence;

  LogCopy.Options options() {
    return new LogCopy.Options(log, !withoutFiles);
  }

  /** The command's end after a failure; writes the evidence if there is any. */
  CommandException ended(Throwable failure, Home home) {
    if (failure instanceof ForkException fork) {
      return new CommandException(CAUGHT, Sentence.of(fork) + ". " + written(fork, home), fork);
    }
    boolean isFinding =
        failure instanceof UnverifiedException
            || failure instanceof WrongBlobException
            || failure instanceof StaleException
            || failure instanceof MalformedException;
    return isFinding
        ? new CommandException(DIVERGED, "NOT COPIED: " + Sentence.of(failure), failure)
        : new CommandException(UNFINISHED, "Could not finish: " + Sentence.of(failure), failure);
  }

  private String written(ForkException fork, Home home) {
    Path file =
        evidence != null
            ? evidence
            : home.path().resolve("evidence").resolve(name(fork.evidence()));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, fork.evidence().format());
      return "The evidence is in " + file;
    } catch (IOException e) {
      // What was found outweighs that it could not be written down.
      return "The evidence could not be written: " + Sentence.of(e);
    }
  }

  private static String name(Evidence fork) {
    long size = Checkpoint.parse(fork.newer().text()).head().size();
    return fork.log().hex().substring(0, 16) + "-" + size + ".json";
  }
}
