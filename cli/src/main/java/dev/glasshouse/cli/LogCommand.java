package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.store.RocksStore;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.vm.Replay;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass log}: prints the entries of a log. */
@Command(
    name = "log",
    description = "Print the entries of a host's log, or of one in a directory.",
    mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {
  private static final int SHOWN = 100;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HOST|DIR",
      description = "A host, or the directory of a host that is not running.")
  private String source;

  @Option(names = "--from", defaultValue = "0", description = "First index (default: 0).")
  private long from;

  @Option(names = "--json", description = "Print the entries' own bytes, one a line.")
  private boolean json;

  @Override
  public Integer call() {
    if (from < 0) {
      throw new ParameterException(spec.commandLine(), "--from is an index, counted from 0");
    }
    Path dir = Path.of(source);
    if (Files.isDirectory(dir)) {
      if (!Files.isDirectory(dir.resolve("log"))) {
        throw new CommandException(1, source + " is a directory, but holds no log");
      }
      try (Store store = RocksStore.open(dir.resolve("log"))) {
        for (long at = from; at < store.size(); ) {
          at = print(at, store.entries(at, 256, 16 << 20), store);
        }
      }
      return 0;
    }
    HttpLogReader reader = new HttpLogReader(address());
    Note note = Note.parse(reader.checkpoint(), Note.MAX_BYTES);
    long size = Checkpoint.parse(note.text()).head().size();
    for (long at = from; at < size; ) {
      at = print(at, reader.entries(at, size), new CheckedBlobs(reader));
    }
    return 0;
  }

  private HostAddress address() {
    try {
      return HostAddress.parse(source);
    } catch (MalformedException e) {
      throw new ParameterException(
          spec.commandLine(), source + " is neither a host nor a directory", e);
    }
  }

  private long print(long first, List<byte[]> entries, BlobReader blobs) {
    PrintWriter out = spec.commandLine().getOut();
    long index = first;
    for (byte[] entry : entries) {
      out.println(
          json
              ? new String(entry, StandardCharsets.UTF_8)
              : index + "  " + line(Entry.parse(entry, blobs), blobs));
      index++;
    }
    out.flush();
    return index;
  }

  private static String line(Entry entry, BlobReader blobs) {
    String time = Instant.ofEpochMilli(entry.time()).toString();
    if (entry instanceof GenesisEntry) {
      GenesisEntry genesis = (GenesisEntry) entry;
      return time + "  genesis of " + genesis.origin() + ", script " + genesis.script().name();
    }
    CallEntry call = (CallEntry) entry;
    StringBuilder out = new StringBuilder(time).append("  ").append(call.caller().id());
    List<MethodCall> calls = Replay.calls(call.caller(), call.request().read(blobs));
    for (int i = 0; i < calls.size(); i++) {
      String params = calls.get(i).params();
      out.append(i == 0 ? "  " : "; ").append(calls.get(i).method()).append('(');
      out.append(shorten(params.substring(1, params.length() - 1))).append(") -> ");
      out.append(shorten(outcome(call.outcomes().get(i), blobs)));
    }
    return Terminal.printable(out.toString());
  }

  private static String outcome(Outcome outcome, BlobReader blobs) {
    if (outcome instanceof Outcome.Ok) {
      return ((Outcome.Ok) outcome).value().read(blobs);
    }
    if (outcome instanceof Outcome.Thrown) {
      Outcome.Thrown thrown = (Outcome.Thrown) outcome;
      return thrown.name() + ": " + thrown.message();
    }
    return "out of " + ((Outcome.Trapped) outcome).limit();
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
