package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.rpc.client.RemoteLog;
import dev.glasshouse.rpc.mirror.StoreLogReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass log}: prints the entries of a log. */
@Command(
    name = "log",
    description = "Print the entries of a host's log, or of one in a directory.",
    mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "HOST|DIR|URL",
      converter = LogSourceConverter.class,
      description =
          "A host, the directory of a host that is not running, or where an export or a mirror is.")
  private LogSource source;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description = "First index (default: 0).")
  private long from;

  @Option(names = "--json", description = "Print the entries' own bytes, one a line.")
  private boolean json;

  @Override
  public Integer call() {
    if (from < 0) {
      throw new ParameterException(spec.commandLine(), "--from is an index, counted from 0");
    }
    try (LogReader reader = source.open()) {
      print(reader);
    }
    return 0;
  }

  private void print(LogReader reader) {
    // The directory of a host that crashed may have entries that no checkpoint covers yet.
    long size =
        reader instanceof StoreLogReader stored
            ? stored.size()
            : Checkpoint.parse(note(reader).text()).head().size();
    CheckedBlobs blobs = new CheckedBlobs(reader);
    long at = from;
    while (at < size) {
      List<byte[]> entries = reader.entries(at, size);
      for (byte[] entry : entries) {
        try {
          print(at, entry, blobs);
        } catch (UnknownEntryException e) {
          throw e;
        } catch (MalformedException e) {
          throw looked(reader, at, e);
        }
        at++;
      }
      if (spec.commandLine().getOut().checkError()) {
        // Nobody reads on.
        return;
      }
    }
  }

  // What is printed is not proved. What cannot be, although the host has signed it, is worth a
  // look.
  private RuntimeException looked(LogReader reader, long index, MalformedException why) {
    RemoteLog remote = RemoteLog.open(reader, null, main.home().knownLogs());
    if (index >= remote.host().checkpoint().head().size()) {
      return why;
    }
    Receipt receipt = remote.receipt(index);
    try {
      GenesisEntry genesis = remote.host().genesis();
      EntryRules.Parsed unused =
          EntryRules.alone(index, receipt.entry(), genesis, new CheckedBlobs(reader));
      return why;
    } catch (BrokenRuleException e) {
      return remote.caught(receipt, e);
    }
  }

  private Note note(LogReader reader) {
    try {
      return Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    } catch (MalformedException e) {
      throw new CommandException(1, source + " publishes no call log: " + e.getMessage(), e);
    }
  }

  private void print(long index, byte[] entry, BlobReader blobs) {
    spec.commandLine()
        .getOut()
        .println(
            json
                ? main.streams().forOutput(new String(entry, StandardCharsets.UTF_8))
                : index + "  " + new EntryLine(blobs).of(Entry.parse(entry, blobs)));
  }
}
