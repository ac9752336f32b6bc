package dev.glasshouse.cli;

import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.rpc.client.CaughtHostException;
import dev.glasshouse.rpc.client.RemoteArchive;
import dev.glasshouse.rpc.client.RemoteLog;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import dev.glasshouse.vm.archive.ArchiveValue;
import dev.glasshouse.vm.archive.DirHash;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    description = {
      "List or fetch a host's files, proved against its signed checkpoint.",
      "  ls      what is in a directory, and that nothing else is",
      "  cat     the content of a file",
      "  get     write a file, or a directory with all in it",
      "  digest  the h1: digest over all files, to compare with a directory",
      "That a path is not there is proved, too."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:proved",
      "1:what is served is not what the log commits to",
      "2:usage",
      "3:could not finish, or what is needed is withheld",
      "4:the host has signed what cannot both be true; the evidence is written down",
      "5:proved that it is not there, or not a file, or not a directory"
    })
final class FilesCommand implements Callable<Integer> {
  private static final int PROVED = 0;
  private static final int CONTRADICTED = 1;
  private static final int UNFINISHED = 3;
  private static final int MISBEHAVIOUR = 4;
  private static final int ABSENT = 5;

  /** What to do. */
  enum Action {
    ls,
    cat,
    get,
    digest
  }

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HOST|DIR|URL",
      converter = LogSourceConverter.class,
      description = "The host, or where an export or a mirror of its log is.")
  private LogSource source;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ls|cat|get|digest",
      description = "What to do.")
  private Action action;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A path in the archive; for ls, / if it is left out.")
  private String path;

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "OUT",
      description = "Where get writes (default: the last name of PATH, here).")
  private Path out;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The same.")
  private Path output;

  @Option(names = "--force", description = "For get: replace files that are there.")
  private boolean force;

  @Option(names = "-l", description = "For ls: with sizes.")
  private boolean sizes;

  @Option(names = "--sha256", description = "For ls: with the SHA-256 of each file.")
  private boolean hashes;

  @Option(names = "--json", description = "For ls and digest: as canonical JSON.")
  private boolean json;

  @Option(
      names = "--at",
      paramLabel = "INDEX",
      description = "The files as they were after this entry (default: the last).")
  private Long at;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that it must be.")
  private Hash log;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "For ls, and for cat and get of a file: save the proof, to check it offline.")
  private Path proof;

  @Option(names = "--check", paramLabel = "FILE", description = "Check a saved proof, offline.")
  private Path check;

  @Option(
      names = "--content",
      paramLabel = "FILE",
      description = "With --check: a file that must be the one of the proof.")
  private Path content;

  @Override
  public Integer call() {
    requireUsage();
    AskedPath asked = check == null ? asked() : null;
    try {
      return check != null ? check() : read(asked);
    } catch (CommandException e) {
      throw e;
    } catch (CaughtHostException e) {
      int code = e.proved() ? MISBEHAVIOUR : CONTRADICTED;
      throw new CommandException(code, "NOT PROVED: " + Sentence.of(e), e);
    } catch (UnverifiedException | BrokenRuleException | WrongBlobException e) {
      throw new CommandException(CONTRADICTED, "NOT PROVED: " + Sentence.of(e), e);
    } catch (MissingBlobException e) {
      String of = at == null ? "" : " as of entry " + at;
      throw new CommandException(
          UNFINISHED, "The files" + of + " are not all to be had: " + Sentence.of(e), e);
    } catch (IOException | RuntimeException | Error e) {
      // That this failed says nothing about a host.
      throw new CommandException(UNFINISHED, "Could not finish: " + Sentence.of(e), e);
    }
  }

  private void requireUsage() {
    String wrong = check == null ? wrongOnline() : wrongOffline();
    if (wrong != null) {
      throw new ParameterException(spec.commandLine(), wrong);
    }
  }

  private String wrongOnline() {
    if (source == null || action == null) {
      return "Name a host and what to do: ls, cat, get or digest; or a saved proof with --check.";
    }
    if (action == Action.digest ? path != null : action != Action.ls && path == null) {
      return action == Action.digest
          ? "digest is over all files, without a PATH"
          : action + " takes a PATH; ls shows what is there";
    }
    if (action != Action.get && (out != null || output != null || force)) {
      return "only get takes OUT and --force";
    }
    if (out != null && output != null) {
      return "give OUT once";
    }
    if (action != Action.ls && (sizes || hashes)) {
      return "only ls takes -l and --sha256";
    }
    if (json && action != Action.ls && action != Action.digest) {
      return "only ls and digest take --json";
    }
    if (proof != null && action == Action.digest) {
      return "a digest has no proof: it takes all files to check it";
    }
    if (at != null && at < 0) {
      return "--at is an index, counted from 0";
    }
    return content == null ? null : "--content goes with --check";
  }

  private String wrongOffline() {
    boolean reads =
        source != null || output != null || force || sizes || hashes || json || at != null;
    return reads || proof != null
        ? "--check reads a saved proof, with --log and --content alone"
        : null;
  }

  private AskedPath asked() {
    try {
      return AskedPath.parse(path == null ? "/" : path);
    } catch (MalformedException e) {
      throw new ParameterException(
          spec.commandLine(), Terminal.printable(path) + " is no path: " + e.getMessage(), e);
    }
  }

  // ---- from a host -----------------------------------------------------------------------------

  private int read(AskedPath asked) throws IOException {
    try (LogReader reader = source.open()) {
      return read(reader, asked);
    }
  }

  private int read(LogReader reader, AskedPath asked) throws IOException {
    RemoteLog opened = open(reader);
    long size = opened.host().checkpoint().head().size();
    long index = at == null ? size - 1 : at;
    if (index >= size) {
      throw new CommandException(
          UNFINISHED, "the log has no entry " + index + ": its last is " + (size - 1));
    }
    RemoteArchive remote = RemoteArchive.at(reader, opened, index);
    if (action == Action.digest) {
      return digest(remote);
    }

    boolean lists = action == Action.ls;
    ArchiveProof shown =
        lists ? remote.proveListing(asked.directory()) : remote.provePath(asked.directory());
    ProvedPath found =
        lists
            ? ProvedPath.ofListing(shown, remote.root(), asked)
            : ProvedPath.of(shown, remote.root(), asked);
    boolean isTree = found.file().isEmpty() && found.value().isPresent() && !lists;
    if (proof != null) {
      if (isTree) {
        throw new CommandException(2, "--proof is of one file or one listing, not of a directory");
      }
      new FilesProof(proof).write(opened, remote, reader, found, shown);
      say("Saved the proof in " + proof);
    }
    requireFound(remote, found);
    if (lists) {
      list(remote, found);
    } else if (action == Action.cat) {
      print(remote, found.file().orElseThrow());
    } else {
      save(remote, found);
    }
    return PROVED;
  }

  private RemoteLog open(LogReader reader) {
    try {
      return RemoteLog.open(reader, source.toString(), log, main.home().knownLogs());
    } catch (MalformedException e) {
      throw new CommandException(
          UNFINISHED,
          "Could not finish: "
              + source
              + " publishes no log: "
              + Terminal.printable(e.getMessage()),
          e);
    }
  }

  private void requireFound(RemoteArchive remote, ProvedPath found) {
    AskedPath asked = found.asked();
    String wrong = null;
    if (found.value().isEmpty()) {
      wrong = "there is nothing at " + asked.path() + ": proved absent";
    } else if (found.file().isPresent() && asked.slashed()) {
      wrong = asked.path() + " is a file, not a directory: proved";
    } else if (found.file().isEmpty() && action == Action.cat) {
      wrong = asked.path() + " is a directory: ls lists it, and get fetches it; proved";
    }
    if (wrong != null) {
      throw new CommandException(ABSENT, wrong + " " + asOf(remote));
    }
  }

  private static String asOf(RemoteArchive remote) {
    long size = remote.host().checkpoint().head().size();
    long index = remote.receipt().index();
    return (index == size - 1 ? "" : "as of entry " + index + ", ") + "at size " + size;
  }

  private int digest(RemoteArchive remote) {
    String h1 = DirHash.PREFIX + DirHash.of(remote.below(ArchiveKey.ROOT)).base64();
    String line = h1;
    if (json) {
      Map<String, Object> map = FilesLines.proved(remote);
      map.put("h1", h1);
      line = new String(CanonicalJson.format(map), StandardCharsets.UTF_8);
    }
    spec.commandLine().getOut().println(line);
    return PROVED;
  }

  private void list(RemoteArchive remote, ProvedPath found) {
    PrintWriter lines = spec.commandLine().getOut();
    if (json) {
      lines.println(main.streams().forOutput(FilesLines.json(remote, found)));
    } else {
      FilesLines.plain(found, sizes, hashes).forEach(lines::println);
    }
  }

  // To a file first: nobody may see what is not proved, and it need not fit into memory.
  private void print(RemoteArchive remote, ArchiveValue.FileRef file) throws IOException {
    Path whole = Files.createTempFile("glass-", ".part");
    try {
      try (OutputStream to = Files.newOutputStream(whole)) {
        remote.copy(file, to);
      }
      if (main.streams().copyFile(whole)) {
        PrintWriter err = spec.commandLine().getErr();
        err.println();
        err.println("Note: control characters are not shown on a terminal; get fetches the bytes.");
      }
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private void save(RemoteArchive remote, ProvedPath found) throws IOException {
    String name = found.asked().name();
    Path target = out != null ? out : output;
    if (target == null) {
      if (name.isEmpty()) {
        throw new CommandException(2, "name a directory that all files are to be written to");
      }
      target = Downloads.place(Path.of("").toAbsolutePath(), name).getFileName();
    }
    Downloads downloads = new Downloads(remote, force);
    if (found.file().isPresent()) {
      Downloads.Written written = downloads.file(found.file().get(), target);
      say("Wrote " + written.bytes() + " bytes to " + target);
    } else {
      Downloads.Written written = downloads.tree(found.asked().directory(), target);
      say(
          "Wrote "
              + FilesLines.count(written.files(), "file", "files")
              + " of "
              + written.bytes()
              + " bytes and "
              + FilesLines.count(written.directories(), "directory", "directories")
              + " to "
              + target);
    }
  }

  private void say(String sentence) {
    spec.commandLine().getErr().println(Terminal.printable(sentence));
  }

  // ---- offline ---------------------------------------------------------------------------------

  private int check() throws IOException {
    FilesProof.Checked checked = new FilesProof(check).check(log);
    SavedFiles saved = new SavedFiles(checked, content);
    saved.requireContent();
    saved.print(spec.commandLine().getOut(), log != null);
    return PROVED;
  }
}
