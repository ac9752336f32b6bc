package dev.glasshouse.cli;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.Quorum;
import dev.glasshouse.rpc.client.CaughtHostException;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.rpc.client.RemoteLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass receipt}: saves the proof that an entry is in a log, and checks it offline. */
@Command(
    name = "receipt",
    description = {
      "Save the proof that an entry is in a host's log, or check one that was saved.",
      "A receipt is FILE, a C2SP tlog-proof, with FILE.entry, FILE.genesis and, for long texts,"
          + " FILE.blobs beside it. To check it needs no network."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:proved",
      "1:the receipt does not hold, or what the host serves does not hold together",
      "2:usage",
      "3:could not finish, or the quorum of witnesses is not met",
      "4:the host contradicts itself, and a file of evidence proves it to anybody"
    })
final class ReceiptCommand implements Callable<Integer> {
  private static final int PROVED = 0;
  private static final int CONTRADICTED = 1;
  private static final int UNFINISHED = 3;
  private static final int CAUGHT = 4;
  private static final int ID_SHOWN = 16;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HOST|DIR|URL",
      converter = LogSourceConverter.class,
      description = "The host, or where an export or a mirror of its log is.")
  private LogSource host;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INDEX",
      description = "The entry's index; glass log shows it.")
  private Long index;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to save (default: LOG-INDEX.tlog-proof, here).")
  private Path output;

  @Option(names = "--check", paramLabel = "FILE", description = "Check a receipt, offline.")
  private Path check;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that it must be of.")
  private Hash log;

  @Option(
      names = "--key",
      paramLabel = "VKEY",
      converter = NoteKeyConverter.class,
      description =
          "With --check: the log's origin and key as ORIGIN+ID+KEY, in place of FILE.genesis.")
  private NoteKey key;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      converter = PolicyConverter.class,
      description =
          "Save the proof under a checkpoint that the quorum of this policy's witnesses has"
              + " cosigned; with --check: prove that it has, and when.")
  private Policy policy;

  @Override
  public Integer call() {
    requireUsage();
    try {
      return check != null ? check() : save();
    } catch (CommandException e) {
      throw e;
    } catch (UnverifiedException
        | BrokenRuleException
        | WrongBlobException
        | CaughtHostException e) {
      spec.commandLine().getOut().println("NOT PROVED: " + Sentence.of(e));
      return e instanceof CaughtHostException caught && caught.proved() ? CAUGHT : CONTRADICTED;
    } catch (IOException | RuntimeException | Error e) {
      // That this failed says nothing about a host.
      throw new CommandException(UNFINISHED, "Could not finish: " + Sentence.of(e), e);
    }
  }

  private void requireUsage() {
    String wrong = null;
    if (check == null) {
      if (host == null || index == null) {
        wrong = "Name a host and the index of an entry, or a receipt with --check.";
      } else if (index < 0) {
        wrong = "INDEX is counted from 0";
      } else if (key != null) {
        wrong = "--key goes with --check";
      }
    } else if (host != null || output != null) {
      wrong = "--check reads a receipt, without a host or --output";
    } else if (log != null && key != null) {
      wrong = "--log and --key both say which log is meant: give one of them";
    }
    if (wrong != null) {
      throw new ParameterException(spec.commandLine(), wrong);
    }
  }

  private int check() throws IOException {
    ReceiptFiles files = new ReceiptFiles(check);
    TlogProof proof = files.proof();
    byte[] entry = files.entry();
    BlobReader blobs = new CheckedBlobs(files::blob);
    ProvedEntry.Anchor anchor =
        key != null
            ? ProvedEntry.Anchor.of(key)
            : ProvedEntry.Anchor.of(files.genesis(), log, blobs);
    ProvedEntry proved = ProvedEntry.verify(proof, entry, anchor, blobs);
    print(proved, cosigned(proved));
    return PROVED;
  }

  private Optional<Quorum> cosigned(ProvedEntry proved) {
    return Optional.ofNullable(policy)
        .map(ReceiptQuorum::new)
        .map(quorum -> quorum.require(proved.checkpoint(), proved.anchor().key()).quorum());
  }

  // Verified as check() does it: what that reads is what a receipt must hold.
  private int save() throws IOException {
    try (LogReader reader = host.open()) {
      return save(reader);
    }
  }

  private int save(LogReader reader) throws IOException {
    KnownLogs known = main.home().knownLogs();
    byte[] shown = policy == null ? null : ReceiptQuorum.ask(reader);
    RemoteLog remote = RemoteLog.open(reader, host.toString(), log, known);
    long size = remote.host().checkpoint().head().size();
    if (index >= size) {
      throw new CommandException(
          UNFINISHED, "the log has no entry " + index + ": its last is " + (size - 1));
    }
    byte[] genesis = remote.receipt(0).entry();
    Receipt receipt =
        policy == null
            ? remote.receipt(index)
            : remote.receipt(index, new ReceiptQuorum(policy).choose(remote, shown, index));
    TlogProof proof = new TlogProof(index, receipt.proof(), receipt.checkpoint());
    Map<Hash, byte[]> read = new HashMap<>();
    BlobReader source = new CheckedBlobs(reader);
    BlobReader blobs = hash -> read.computeIfAbsent(hash, source::blob);
    ProvedEntry.Anchor anchor = ProvedEntry.Anchor.of(genesis, remote.host().log(), blobs);
    ProvedEntry proved;
    try {
      proved = ProvedEntry.verify(proof, receipt.entry(), anchor, blobs);
    } catch (BrokenRuleException e) {
      throw remote.caught(receipt, e);
    }
    Optional<Quorum> cosigned = cosigned(proved);
    Path file = target(remote.host().log());
    new ReceiptFiles(file).write(proof, receipt.entry(), genesis, read);
    print(proved, cosigned);
    spec.commandLine().getErr().println("Saved in " + Terminal.printable(file.toString()));
    return PROVED;
  }

  // A file that the user did not name is not overwritten.
  private Path target(Hash id) throws IOException {
    if (output != null) {
      return output;
    }
    Path file = Path.of(id.hex().substring(0, ID_SHOWN) + "-" + index + ".tlog-proof");
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return file;
  }

  private void print(ProvedEntry proved, Optional<Quorum> cosigned) {
    ProvedEntry.Anchor anchor = proved.anchor();
    TreeHead head = proved.checkpoint().head();
    Optional<TreeHead> kept = kept(proved);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Log " + (anchor.log() != null ? anchor.log() : "of " + anchor.key().name()));
    out.println("Receipt proved.");
    out.println();
    out.println("Entry:      " + proved.entry().seq());
    out.println("            " + proved.line());
    out.println("Checkpoint: " + head.size() + " entries, root " + head.root());
    out.println("Signed by:  " + anchor.key().format());
    cosigned.ifPresent(
        quorum -> out.println("Witnesses:  " + Terminal.printable(WitnessText.who(quorum))));
    OptionalLong seen = cosigned.map(Quorum::newest).orElse(OptionalLong.empty());
    list(out, "Proved:     ", proofs(proved, kept, seen));
    list(out, "Not proved: ", gaps(proved, kept, seen));
  }

  private static void list(PrintWriter out, String title, List<String> lines) {
    String lead = title;
    for (String line : lines) {
      out.println(lead + line);
      lead = " ".repeat(title.length());
    }
  }

  private static List<String> proofs(
      ProvedEntry proved, Optional<TreeHead> kept, OptionalLong seen) {
    List<String> lines = new ArrayList<>();
    lines.add("this entry is in the tree that the log's key signed");
    if (proved.caller() instanceof Caller.Key) {
      lines.add(
          "its caller signed the request"
              + (proved.anchor().log() == null ? "" : ", for this log"));
    }
    if (kept.isPresent() && kept.get().equals(proved.checkpoint().head())) {
      lines.add("the tree is the one of the checkpoint that you have kept");
    }
    if (seen.isPresent()) {
      lines.add(
          "the quorum of witnesses has seen the tree, the last of them at "
              + WitnessText.instant(seen.getAsLong()));
    }
    return lines;
  }

  private List<String> gaps(ProvedEntry proved, Optional<TreeHead> kept, OptionalLong seen) {
    List<String> lines = new ArrayList<>();
    if (log == null && key == null) {
      lines.add("that this is the log that you mean: compare its id, or give --log");
    }
    if (proved.caller() instanceof Caller.User) {
      lines.add("who called: a debug host takes its callers at their word");
    }
    lines.add(
        proved.entry() instanceof AbortEntry
            ? "that the turn took too long: that is the host's word"
            : "that the outcome is right: glass verify executes the log again");
    lines.add("its time, and what came from outside: they are the host's word");
    TreeHead head = proved.checkpoint().head();
    kept.filter(other -> !other.equals(head))
        .ifPresent(
            other ->
                lines.add(
                    "that the checkpoint of "
                        + other.size()
                        + " entries that you have kept is of the same tree"));
    lines.add(
        seen.isPresent()
            ? "that those who do not ask for these witnesses were shown this tree"
            : "that everybody was shown this tree");
    return lines;
  }

  // Offline, two checkpoints can be compared only if they are of one size.
  private Optional<TreeHead> kept(ProvedEntry proved) {
    ProvedEntry.Anchor anchor = proved.anchor();
    if (anchor.log() == null) {
      return Optional.empty();
    }
    KnownLogs known = main.home().knownLogs();
    Optional<SignedCheckpoint> kept =
        known.checkpoint(anchor.log(), anchor.key().name(), anchor.key().key());
    TreeHead head = proved.checkpoint().head();
    if (kept.isPresent()
        && kept.get().head().size() == head.size()
        && !kept.get().head().equals(head)) {
      throw known.caught(
          "the host has signed two logs of "
              + head.size()
              + " entries: that of the receipt, and that of the checkpoint that you have kept",
          new Accusation(anchor.genesis())
              .fork(kept.get(), proved.checkpoint(), List.of(), ReceiptCommand::offline));
    }
    return kept.map(SignedCheckpoint::head);
  }

  private static Hash offline(int level, long index) {
    throw new UnreachableException("a receipt has no tree");
  }
}
