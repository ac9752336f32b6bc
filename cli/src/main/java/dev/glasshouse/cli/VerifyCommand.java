package dev.glasshouse.cli;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.verifier.Counts;
import dev.glasshouse.verifier.Divergence;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Verifier;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass verify}: audits a host. */
@Command(
    name = "verify",
    description = "Download a host's log, replay it here, and compare.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:verified",
      "1:the log diverges, or the host contradicts itself",
      "2:usage",
      "3:could not finish"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int VERIFIED = 0;
  private static final int DIVERGED = 1;
  private static final int UNFINISHED = 3;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "HOST[:PORT]",
      converter = HostConverter.class,
      description = "The host to audit.")
  private HostAddress host;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that the host must serve.")
  private Hash log;

  @Option(
      names = "--files",
      paramLabel = "ROOT|DIR",
      description = "The archive root, or a directory with the files, that the log must come to.")
  private String files;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private Path json;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description = "On a divergence, write the report with the entry concerned.")
  private Path evidence;

  @Mixin private EngineOption engine;

  @Override
  public Integer call() {
    Optional<Hash> root = expectedRoot();
    HttpLogReader reader = new HttpLogReader(host);
    Known known = new Known(main.home().knownLogs(), root);
    Report report;
    try {
      report = audit(reader, known);
    } catch (RuntimeException | Error e) {
      // The verifier's own failure says nothing about the host.
      throw unfinished("the audit failed: ", e);
    }
    print(report);
    try {
      keep(report, known, reader);
    } catch (IOException | RuntimeException e) {
      if (report.verdict() != Report.Verdict.DIVERGED) {
        throw unfinished("", e);
      }
      // What was found outweighs that it could not be written down.
      spec.commandLine().getErr().println(Sentence.of(e));
    }
    return exitCode(report);
  }

  private Report audit(HttpLogReader reader, Expectations expectations) {
    PrintWriter err = spec.commandLine().getErr();
    try (Progress progress = new Progress(err, main.streams().errIsTerminal(), System::nanoTime)) {
      return new Verifier(engine.engine(spec)).verify(reader, expectations, progress);
    }
  }

  private static CommandException unfinished(String what, Throwable cause) {
    return new CommandException(UNFINISHED, what + Sentence.of(cause), cause);
  }

  private static int exitCode(Report report) {
    return switch (report.verdict()) {
      case VERIFIED -> VERIFIED;
      case DIVERGED -> isNoLog(report) ? UNFINISHED : DIVERGED;
      case UNDECIDED -> UNFINISHED;
    };
  }

  // Nothing that anybody has signed was seen: no evidence against a host, if it is one at all.
  private static boolean isNoLog(Report report) {
    return report.log() == null;
  }

  private void keep(Report report, Known known, HttpLogReader reader) throws IOException {
    if (report.verdict() == Report.Verdict.VERIFIED) {
      known.logs.keep(report.log(), report.checkpoint());
    }
    if (json != null) {
      Files.write(json, report.toJson());
    }
    if (evidence != null && report.verdict() == Report.Verdict.DIVERGED && !isNoLog(report)) {
      Files.write(evidence, evidence(report, known, reader));
    }
  }

  /** What this user has seen before and asks for now. */
  private final class Known implements Expectations {
    private final KnownLogs logs;
    private final Optional<Hash> root;
    private Optional<SignedCheckpoint> kept = Optional.empty();

    Known(KnownLogs logs, Optional<Hash> root) {
      this.logs = logs;
      this.root = root;
    }

    @Override
    public Optional<SignedCheckpoint> kept(Log served) {
      kept = logs.checkpoint(served.id(), served.genesis().origin(), served.genesis().host());
      return kept;
    }

    @Override
    public Optional<Hash> log() {
      return Optional.ofNullable(log);
    }

    @Override
    public Optional<Hash> filesRoot() {
      return root;
    }
  }

  private Optional<Hash> expectedRoot() {
    if (files == null) {
      return Optional.empty();
    }
    if (files.matches("[0-9a-f]{64}")) {
      return Optional.of(Hash.parseHex(files));
    }
    if (!new File(files).isDirectory()) {
      throw new ParameterException(
          spec.commandLine(),
          "--files takes an archive root of 64 hex digits, or a directory; "
              + files
              + " is neither");
    }
    try {
      return Optional.of(LocalFiles.root(Path.of(files)));
    } catch (IOException | MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--files: " + Sentence.of(e), e);
    }
  }

  private void print(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    if (report.log() != null) {
      out.println("Log " + report.log());
    }
    switch (report.verdict()) {
      case VERIFIED -> {
        out.println("Call log verified.");
        out.println("Output files verified.");
      }
      case DIVERGED -> {
        if (isNoLog(report)) {
          String why = Terminal.printable(report.divergence().actual());
          out.println("Could not finish: " + host + " publishes no call log: " + why);
        } else {
          printDivergence(out, report.divergence());
        }
      }
      case UNDECIDED -> out.println("Could not finish: " + Terminal.printable(report.obstacle()));
    }
    out.println();
    printCounts(out, report);
    out.flush();
  }

  private static void printDivergence(PrintWriter out, Divergence found) {
    String method = found.method() == null ? "" : " (method " + found.method() + ")";
    out.println("NOT VERIFIED: " + found.kind().sentence() + ".");
    out.println("  at entry  " + found.index() + Terminal.printable(method));
    out.println("  expected  " + Terminal.printable(found.expected()));
    out.println("  actual    " + Terminal.printable(found.actual()));
  }

  private static void printCounts(PrintWriter out, Report report) {
    Counts counts = report.counts();
    out.println(
        "Checked:        "
            + plural(counts.entries(), "entry", "entries")
            + ", "
            + plural(counts.signatures(), "signature", "signatures")
            + ", "
            + plural(counts.calls(), "call", "calls")
            + " replayed, "
            + ifAny(counts.timerTurns(), "timer replayed", "timers replayed")
            + ifAny(counts.images(), "heap image", "heap images")
            + plural(counts.files(), "file", "files")
            + " of "
            + plural(counts.fileBytes(), "byte", "bytes"));
    out.println(
        "Taken on trust: "
            + plural(counts.oracleAnswers(), "oracle answer", "oracle answers")
            + ", "
            + plural(counts.entropy(), "random seed", "random seeds")
            + ", "
            + plural(counts.times(), "entry time", "entry times")
            + ", "
            + ifAny(counts.timerInputs(), "time of a timer", "times of timers")
            + ifAny(counts.aborts(), "turn ended by the watchdog", "turns ended by the watchdog")
            + "the order of calls before they were logged");
    if (report.debug()) {
      out.println(
          "                "
              + plural(counts.unsignedCalls(), "unsigned call", "unsigned calls")
              + ": this is a debug host, its callers are not authenticated");
    }
  }

  // What most logs have none of.
  private static String ifAny(long count, String one, String many) {
    return count == 0 ? "" : plural(count, one, many) + ", ";
  }

  private static String plural(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  // The report, and what it speaks of: the entry, and of a fork or a rollback the older checkpoint,
  // which the same key signed.
  private byte[] evidence(Report report, Known known, HttpLogReader reader) {
    Map<String, Object> map = new TreeMap<>();
    map.put("entry", entry(report, reader));
    map.put(
        "kept",
        known
            .kept
            .map(checkpoint -> new String(checkpoint.format(), StandardCharsets.UTF_8))
            .orElse(null));
    map.put("report", CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
    map.put("source", List.of("written by glass verify", host.toString()));
    return CanonicalJson.format(map);
  }

  private static String entry(Report report, HttpLogReader reader) {
    long index = report.divergence().index();
    if (report.checkpoint() == null || index >= report.checkpoint().head().size()) {
      return null;
    }
    try {
      byte[] entry = reader.entries(index, report.checkpoint().head().size()).get(0);
      return new String(entry, StandardCharsets.UTF_8);
    } catch (UnreachableException | MalformedException e) {
      return null;
    }
  }
}
