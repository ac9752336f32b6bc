package dev.glasshouse.cli;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.RestoredMark;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.fsck.Fsck;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.calllog.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass restore}: puts a backup where a host can run. */
@Command(
    name = "restore",
    description = {
      "Copy a backup to where a host can run, and check it.",
      "The copy is marked: nothing is signed from it, because checkpoints that were signed after"
          + " the backup may be known to others. It can be read, verified and exported. With"
          + " --newest the mark is left out if the backup ends with that checkpoint."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:restored",
      "1:restored and marked, but damaged, or not what --newest demands",
      "2:usage",
      "3:could not restore"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(index = "0", paramLabel = "BACKUP", description = "What glass backup wrote.")
  private Path backup;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The directory to write; it must not exist yet, or be empty.")
  private Path dir;

  @Option(
      names = "--newest",
      paramLabel = "FILE|HOST|DIR|URL",
      description =
          "The newest checkpoint that the log's key has signed, as a mirror, a witness or a caller"
              + " has it. That there is no newer one, you must know: if there is, the log will"
              + " be forked, and anybody can prove it.")
  private String newest;

  @Override
  public Integer call() {
    // Before anything is written, so that a mistake costs nothing.
    byte[] note = newest == null ? null : note();
    Fsck.Result result = BackupCommand.copy(spec, main, backup, dir, true);
    int code = BackupCommand.ended(spec, dir, result);
    PrintWriter out = spec.commandLine().getOut();
    if (code == 0 && note != null) {
      requireEnd(note, result.head());
      RestoredMark.of(dir).delete();
      out.println("It ends with the checkpoint that you named: a host may go on from here.");
      out.println("If its key has signed a newer one, stop, or the log will be forked.");
    } else {
      out.println(
          "It is marked: glass exec signs nothing from it until you show by --newest that"
              + " nothing newer was signed.");
    }
    return code;
  }

  private byte[] note() {
    try {
      Path file = Path.of(newest);
      if (Files.isRegularFile(file)) {
        try (InputStream in = Files.newInputStream(file)) {
          return in.readNBytes(Note.MAX_BYTES);
        }
      }
      try (LogReader reader = LogSource.parse(newest).open()) {
        return reader.checkpoint();
      }
    } catch (IOException e) {
      throw new CommandException(BackupCommand.FAILED, Sentence.of(e), e);
    } catch (UnreachableException | MalformedException e) {
      throw new CommandException(BackupCommand.FAILED, e.getMessage(), e);
    }
  }

  private void requireEnd(byte[] note, TreeHead head) {
    TreeHead known;
    try (Store store = RocksStore.openReadOnly(dir.resolve("log"), head.size())) {
      GenesisEntry genesis = (GenesisEntry) Entry.parse(store.entry(0), store);
      known = SignedCheckpoint.verify(note, genesis.origin(), genesis.host()).head();
    } catch (MalformedException | UnverifiedException e) {
      throw refused("is no checkpoint of this log: " + e.getMessage(), e);
    }
    if (known.size() > head.size()) {
      throw refused(
          "is of "
              + known.size()
              + " entries, and the backup has "
              + head.size()
              + ": what came after it is lost here, and to sign on would fork the log",
          null);
    }
    if (known.size() < head.size()) {
      throw refused(
          "is of "
              + known.size()
              + " entries, and the backup has "
              + head.size()
              + ": name the newest one",
          null);
    }
    if (!known.root().equals(head.root())) {
      throw refused("is of another history: the log was forked", null);
    }
  }

  private CommandException refused(String why, Exception cause) {
    return new CommandException(
        BackupCommand.DAMAGED,
        "--newest: " + newest + " " + why + ". The copy in " + dir + " is there, and marked",
        cause);
  }
}
