package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int BATCH = 256;
  private static final int BATCH_BYTES = 16 << 20;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "HOST|DIR",
      description = "A host, or the directory of a host that is not running.")
  private String source;

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
    if (new File(source).isDirectory()) {
      printDirectory(Path.of(source));
    } else {
      printHost(address());
    }
    return 0;
  }

  private void printDirectory(Path dir) {
    if (!Files.isDirectory(dir.resolve("log"))) {
      throw new CommandException(1, source + " is a directory, but holds no log");
    }
    try (Store store = RocksStore.open(dir.resolve("log"))) {
      long at = from;
      while (at < store.size()) {
        List<byte[]> entries = store.entries(at, BATCH, BATCH_BYTES);
        if (!print(at, entries, store)) {
          return;
        }
        at += entries.size();
      }
    }
  }

  private void printHost(HostAddress host) {
    HttpLogReader reader = new HttpLogReader(host);
    CheckedBlobs blobs = new CheckedBlobs(reader);
    long size = Checkpoint.parse(note(host, reader).text()).head().size();
    long at = from;
    while (at < size) {
      List<byte[]> entries = reader.entries(at, size);
      if (!print(at, entries, blobs)) {
        return;
      }
      at += entries.size();
    }
  }

  private static Note note(HostAddress host, HttpLogReader reader) {
    try {
      return Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    } catch (MalformedException e) {
      throw new CommandException(1, host + " publishes no call log: " + e.getMessage(), e);
    }
  }

  private HostAddress address() {
    try {
      return HostAddress.parse(source);
    } catch (MalformedException e) {
      throw new ParameterException(
          spec.commandLine(), source + " is neither a host nor a directory", e);
    }
  }

  // False when nobody reads on.
  private boolean print(long first, List<byte[]> entries, BlobReader blobs) {
    PrintWriter out = spec.commandLine().getOut();
    EntryLine lines = new EntryLine(blobs);
    long index = first;
    for (byte[] entry : entries) {
      out.println(
          json
              ? main.streams().forOutput(new String(entry, StandardCharsets.UTF_8))
              : index + "  " + lines.of(Entry.parse(entry, blobs)));
      index++;
    }
    return !out.checkError();
  }
}
