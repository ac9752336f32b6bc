package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.RemoteArchive;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass files}: reads a host's files, each byte proved to belong to its checkpoint. */
@Command(
    name = "files",
    description = "List or fetch a host's files, proved against its signed checkpoint.",
    mixinStandardHelpOptions = true)
final class FilesCommand implements Callable<Integer> {
  /** What to do. */
  enum Action {
    ls,
    cat,
    get
  }

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "HOST[:PORT]",
      converter = HostConverter.class,
      description = "The host.")
  private HostAddress host;

  @Parameters(index = "1", paramLabel = "ls|cat|get", description = "What to do.")
  private Action action;

  @Parameters(index = "2", arity = "0..1", defaultValue = "/", description = "A path.")
  private String path;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where get writes (default: the file's name, here).")
  private Path output;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that the host must serve.")
  private Hash log;

  @Override
  public Integer call() throws IOException {
    RemoteArchive remote = new RemoteArchive(new HttpLogReader(host));
    ArchiveTree tree = remote.open(log);
    if (action == Action.ls) {
      list(tree);
      return 0;
    }
    ArchiveKey key = key(path.replaceFirst("^/+", ""));
    Optional<ArchiveValue> value = tree.get(key);
    if (value.isEmpty() || !(value.get() instanceof ArchiveValue.FileRef)) {
      throw new CommandException(1, "the archive has no file " + path);
    }
    byte[] bytes = remote.blob(((ArchiveValue.FileRef) value.get()).sha256());
    if (bytes == null) {
      throw new CommandException(1, "the host withholds the content of " + path);
    }
    if (action == Action.cat) {
      System.out.write(bytes);
      System.out.flush();
    } else {
      save(bytes, key.text());
    }
    return 0;
  }

  private void list(ArchiveTree tree) {
    String plain = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
    ArchiveKey key = plain.isEmpty() ? ArchiveKey.ROOT : key(plain + "/");
    PrintWriter out = spec.commandLine().getOut();
    if (!plain.isEmpty() && tree.get(key).isEmpty()) {
      Optional<ArchiveValue> file = tree.get(key(plain));
      if (file.isEmpty()) {
        throw new CommandException(1, "the archive has no " + path);
      }
      line(out, new ArchiveEntry(key(plain), file.get()), "");
      return;
    }
    List<ArchiveEntry> entries = tree.list(key);
    for (ArchiveEntry entry : entries) {
      line(out, entry, plain.isEmpty() ? "" : plain + "/");
    }
    out.flush();
  }

  private static void line(PrintWriter out, ArchiveEntry entry, String below) {
    String name = entry.key().text().substring(below.length());
    if (entry.value() instanceof ArchiveValue.FileRef) {
      out.printf(
          "%12d  %s%n", ((ArchiveValue.FileRef) entry.value()).length(), Terminal.printable(name));
    } else {
      out.printf("%12s  %s%n", "-", Terminal.printable(name));
    }
    out.flush();
  }

  private void save(byte[] bytes, String key) throws IOException {
    Path target = output != null ? output : Path.of(key.substring(key.lastIndexOf('/') + 1));
    if (output == null && Files.exists(target)) {
      throw new CommandException(1, target + " exists; name another file with --output");
    }
    Files.write(target, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    spec.commandLine().getErr().println("Wrote " + bytes.length + " bytes to " + target);
  }

  private ArchiveKey key(String text) {
    try {
      return ArchiveKey.parse(text);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
