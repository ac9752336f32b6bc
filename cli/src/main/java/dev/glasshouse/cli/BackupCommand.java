package dev.glasshouse.cli;

import dev.glasshouse.calllog.fsck.Backup;
import dev.glasshouse.calllog.fsck.Fsck;
import dev.glasshouse.calllog.store.StoreFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass backup}: copies the directory of a host. */
@Command(
    name = "backup",
    description = {
      "Copy the directory of a host that is stopped, signing key included, and check the copy.",
      "While a host runs, glass mirror --follow keeps a copy of all that it publishes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:copied, and the copy is whole",
      "1:copied, and damaged: glass fsck OUT says how",
      "2:usage",
      "3:could not copy, for example because a host has the directory open"
    })
final class BackupCommand implements Callable<Integer> {
  static final int DAMAGED = 1;
  static final int FAILED = 3;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The directory that glass exec --dir names.")
  private Path dir;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The directory to write; it must not exist yet, or be empty.")
  private Path out;

  @Option(
      names = "--without-key",
      description = "Leave the signing key out, for a copy that others may see.")
  private boolean withoutKey;

  @Override
  public Integer call() {
    Fsck.Result result = copy(spec, main, dir, out, !withoutKey);
    PrintWriter lines = spec.commandLine().getOut();
    if (Files.exists(out.resolve("host.key"))) {
      lines.println("The signing key is in it: keep it as you keep " + FsckCommand.text(dir) + ".");
    }
    return ended(spec, out, result);
  }

  /** Copies a directory and checks the copy. */
  static Fsck.Result copy(CommandSpec spec, Main main, Path from, Path to, boolean withKey) {
    try {
      long bytes = Backup.copy(from, to, withKey, Instant.now().truncatedTo(ChronoUnit.SECONDS));
      Fsck.Result result = FsckCommand.check(spec, main, to);
      PrintWriter lines = spec.commandLine().getOut();
      lines.println("Copied:  " + bytes + " bytes to " + FsckCommand.text(to));
      lines.println("Checked: " + result.entries() + " entries, root " + result.head().root());
      return result;
    } catch (StoreFailure e) {
      throw new CommandException(FAILED, e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandException(FAILED, Sentence.of(e), e);
    }
  }

  /** The exit code of a copy. */
  static int ended(CommandSpec spec, Path copy, Fsck.Result result) {
    if (result.isWhole()) {
      return 0;
    }
    spec.commandLine()
        .getErr()
        .println("The copy is damaged: glass fsck " + FsckCommand.text(copy) + " says how.");
    return DAMAGED;
  }
}
