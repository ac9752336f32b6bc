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
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
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

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "HOST[:PORT]",
      converter = HostConverter.class,
      description = "The host.")
  private HostAddress host;

  @Parameters(index = "1", paramLabel = "ls|cat|get", description = "What to do.")
  private Action action;

  @Parameters(
      index = "2",
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "A path in the archive; for ls, a directory (default: /) or a file.")
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
    String plain = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
    RemoteArchive remote = new RemoteArchive(new HttpLogReader(host));
    if (action == Action.ls) {
      ArchiveKey directory = plain.isEmpty() ? ArchiveKey.ROOT : key(plain + "/");
      list(open(remote), directory, plain);
      return 0;
    }
    if (plain.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), action + " takes the path of a file; ls shows what is there");
    }
    byte[] bytes = read(remote, key(plain));
    if (action == Action.cat) {
      print(bytes);
    } else {
      save(bytes, plain.substring(plain.lastIndexOf('/') + 1));
    }
    return 0;
  }

  private ArchiveTree open(RemoteArchive remote) {
    try {
      return remote.open(log);
    } catch (MalformedException e) {
      throw new CommandException(
          1, host + " publishes no files that a log commits to: " + e.getMessage(), e);
    }
  }

  private byte[] read(RemoteArchive remote, ArchiveKey key) {
    Optional<ArchiveValue> value = open(remote).get(key);
    if (value.isEmpty() || !(value.get() instanceof ArchiveValue.FileRef file)) {
      throw new CommandException(1, "the archive has no file " + path);
    }
    byte[] bytes = remote.blob(file.sha256());
    if (bytes == null) {
      throw new CommandException(1, "the host withholds the content of " + path);
    }
    return bytes;
  }

  private void list(ArchiveTree tree, ArchiveKey directory, String plain) {
    PrintWriter out = spec.commandLine().getOut();
    if (!plain.isEmpty() && tree.get(directory).isEmpty()) {
      ArchiveValue file =
          tree.get(key(plain))
              .orElseThrow(
                  () -> new CommandException(1, "the archive has no file or directory " + path));
      line(out, file, plain);
      return;
    }
    for (ArchiveEntry entry : tree.list(directory)) {
      line(out, entry.value(), entry.key().text().substring(directory.text().length()));
    }
  }

  private static void line(PrintWriter out, ArchiveValue value, String name) {
    String size = value instanceof ArchiveValue.FileRef file ? String.valueOf(file.length()) : "-";
    out.println(
        " ".repeat(Math.max(0, 12 - size.length())) + size + "  " + Terminal.printable(name));
  }

  // Exactly the bytes, unless a person would see something else than they are.
  private void print(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String shown = main.streams().forOutput(text);
    OutputStream out = main.streams().out();
    out.write(shown.equals(text) ? bytes : shown.getBytes(StandardCharsets.UTF_8));
    out.flush();
    if (!shown.equals(text)) {
      PrintWriter err = spec.commandLine().getErr();
      err.println();
      err.println("Note: control characters are not shown on a terminal; get fetches the bytes.");
    }
  }

  private void save(byte[] bytes, String name) throws IOException {
    Path target = output != null ? output : Path.of(name);
    try {
      if (output != null) {
        Files.write(target, bytes);
      } else {
        Files.write(target, bytes, StandardOpenOption.CREATE_NEW);
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(1, target + " exists; name another file with --output", e);
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println("Wrote " + bytes.length + " bytes to " + Terminal.printable(target.toString()));
  }

  private ArchiveKey key(String text) {
    try {
      return ArchiveKey.parse(text);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), path + " is no path: " + e.getMessage(), e);
    }
  }
}
