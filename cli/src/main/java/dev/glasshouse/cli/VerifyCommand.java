package dev.glasshouse.cli;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.verifier.AuditSettings;
import dev.glasshouse.verifier.Audited;
import dev.glasshouse.verifier.Level;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.verifier.Share;
import dev.glasshouse.verifier.SignedReport;
import dev.glasshouse.verifier.Verifier;
import dev.glasshouse.verifier.WitnessDemand;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass verify}: audits a log, wherever it is published. */
@Command(
    name = "verify",
    description = "Download a host's log, replay it here, and compare.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:verified",
      "1:what is served, or comes out of the replay, is not what the log must be",
      "2:usage",
      "3:could not decide: withheld, unreachable or unknown",
      "4:proved misbehaviour: what the host has signed contradicts itself"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int VERIFIED = 0;
  private static final int DIVERGED = 1;
  private static final int UNDECIDED = 3;
  private static final int MISBEHAVED = 4;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      arity = "0..1",
      paramLabel = "HOST|DIR|URL",
      converter = LogSourceConverter.class,
      description = "The host to audit, or where an export or a mirror of its log is.")
  private LogSource source;

  @Option(
      names = "--log",
      paramLabel = "LOGID",
      converter = LogIdConverter.class,
      description = "The log that must be there.")
  private Hash log;

  @Option(
      names = "--files",
      paramLabel = "ROOT|DIR",
      description = "The archive root, or a directory with the files, that the log must come to.")
  private String files;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "replay",
      description =
          "receipt: the checkpoint only; hashes: every entry's form and hash; signatures: also who"
              + " called; replay: also what came of it (default).")
  private String level;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Replay so many parts of the log at once (default: one for each core).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--from-genesis",
      description = "Verify again what an earlier audit has verified.")
  private boolean fromGenesis;

  @Option(
      names = "--segment",
      paramLabel = "I/N",
      description =
          "Verify the signatures and replay the calls of the I-th of N parts only, and all else of"
              + " the whole log; other machines do the rest.")
  private String segment;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Audit up to this signed checkpoint (default: the newest).")
  private Path upTo;

  @Option(
      names = "--join",
      arity = "1..*",
      paramLabel = "REPORT",
      description = "Put the signed reports of all segments of an audit together.")
  private List<Path> join = List.of();

  @Option(
      names = "--key",
      arity = "1..*",
      paramLabel = "KEY",
      description = "With --join: whose signatures count (default: anybody's, who is then named).")
  private List<String> keys = List.of();

  @Option(names = "--watch", description = "Go on with each newer checkpoint, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      converter = PolicyConverter.class,
      description =
          "Demand that the quorum of this policy's witnesses has cosigned the log, and that entry"
              + " times agree with theirs.")
  private Policy policy;

  @Option(
      names = "--max-age",
      paramLabel = "DURATION",
      converter = MillisConverter.class,
      description =
          "With --policy: how old the newest cosignature may be, such as 90s or 10m (default: any"
              + " age).")
  private Long maxAge;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private Path json;

  @Option(
      names = "--identity",
      paramLabel = "KEYFILE",
      description = "Sign the JSON report with this key.")
  private Path identity;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description =
          "With a host: where to write what is held against it. Alone: judge such a file, offline.")
  private Path evidence;

  @Mixin private EngineOption engine;

  @Override
  public Integer call() throws IOException {
    if (!join.isEmpty()) {
      return joined();
    }
    if (source == null) {
      if (evidence == null) {
        throw new ParameterException(
            spec.commandLine(), "Name what to audit: HOST[:PORT], a directory or a URL");
      }
      return EvidenceFiles.judge(evidence, log, spec.commandLine().getOut());
    }
    AuditSettings settings = settings();
    AuditMemory memory =
        new AuditMemory(
            main.home(),
            source.toString(),
            log,
            expectedRoot(),
            fromGenesis,
            spec.commandLine().getErr()::println);
    Audited audited;
    try (LogReader reader = source.open()) {
      audited = audit(new Verifier(engine.engine(spec), settings), reader, memory);
    } catch (ParameterException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // The verifier's own failure says nothing about the host.
      throw undecided("the audit failed: ", e);
    }
    Report report = audited.report();
    new ReportText(spec.commandLine().getOut(), source.toString()).print(report);
    try {
      keep(audited, memory);
    } catch (IOException | RuntimeException e) {
      if (report.verdict() == Verdict.VERIFIED || report.verdict() == Verdict.UNDECIDED) {
        throw undecided("", e);
      }
      // What was found outweighs that it could not be written down.
      spec.commandLine().getErr().println(Sentence.of(e));
    }
    return exitCode(report);
  }

  private AuditSettings settings() {
    if (jobs < 1) {
      throw new ParameterException(spec.commandLine(), "--jobs is at least 1, not " + jobs);
    }
    if (identity != null && json == null) {
      throw new ParameterException(
          spec.commandLine(), "--identity signs the report; say with --json where it goes");
    }
    Optional<Share> share = share();
    for (Level each : Level.values()) {
      if (each.name().equalsIgnoreCase(level)) {
        if (share.isPresent() && (each != Level.REPLAY || watch)) {
          throw new ParameterException(
              spec.commandLine(), "--segment is of one audit at --level replay");
        }
        return new AuditSettings(each, jobs, witnesses(), share, checkpoint());
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "--level is receipt, hashes, signatures or replay, not \"" + level + "\"");
  }

  private Optional<WitnessDemand> witnesses() {
    if (maxAge != null && policy == null) {
      throw new ParameterException(
          spec.commandLine(), "--max-age is of cosignatures; say whose with --policy");
    }
    return Optional.ofNullable(policy)
        .map(
            policy ->
                new WitnessDemand(
                    policy,
                    Optional.ofNullable(maxAge).map(Duration::ofMillis),
                    Clock.systemUTC()));
  }

  private Optional<Share> share() {
    try {
      return Optional.ofNullable(segment).map(Share::parse);
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--segment: " + Sentence.of(e), e);
    }
  }

  private Optional<Note> checkpoint() {
    if (upTo == null) {
      return Optional.empty();
    }
    if (watch) {
      throw new ParameterException(
          spec.commandLine(), "--watch goes on with newer checkpoints; --checkpoint names one");
    }
    try {
      Note note = Note.parse(read(upTo, Note.MAX_BYTES), Note.MAX_BYTES);
      Checkpoint.parse(note.text());
      return Optional.of(note);
    } catch (IOException | MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--checkpoint: " + Sentence.of(e), e);
    }
  }

  private static byte[] read(Path file, int max) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(max + 1);
    }
  }

  // What machines that share an audit have found, together.
  private int joined() throws IOException {
    if (source != null || evidence != null || segment != null || upTo != null || watch) {
      throw new ParameterException(spec.commandLine(), "--join takes reports, and audits nothing");
    }
    Report report = new JoinedReports(join, auditors()).print(spec.commandLine().getOut());
    if (log != null && !log.equals(report.log())) {
      throw new CommandException(UNDECIDED, "the reports are not of log " + log, null);
    }
    if (json != null) {
      write(report);
    }
    return exitCode(report);
  }

  private Set<PublicKey> auditors() {
    try {
      return keys.stream().map(PublicKey::parse).collect(Collectors.toUnmodifiableSet());
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--key: " + Sentence.of(e), e);
    }
  }

  private void write(Report report) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Files.write(
        json,
        identity == null ? report.toJson() : SignedReport.sign(report, Home.load(identity, err)));
  }

  private Audited audit(Verifier verifier, LogReader reader, AuditMemory memory) {
    PrintWriter err = spec.commandLine().getErr();
    if (watch) {
      try (WatchLines lines = new WatchLines(spec.commandLine().getOut(), err, memory)) {
        return verifier.watch(reader, memory, (done, of) -> {}, lines);
      }
    }
    try (Progress progress = new Progress(err, main.streams().errIsTerminal(), System::nanoTime)) {
      return verifier.verify(reader, memory, progress);
    }
  }

  private static CommandException undecided(String what, Throwable cause) {
    return new CommandException(UNDECIDED, what + Sentence.of(cause), cause);
  }

  private static int exitCode(Report report) {
    return switch (report.verdict()) {
      case VERIFIED -> VERIFIED;
      case DIVERGED -> ReportText.isNoLog(report) ? UNDECIDED : DIVERGED;
      case MISBEHAVED -> MISBEHAVED;
      case UNDECIDED -> UNDECIDED;
    };
  }

  private void keep(Audited audited, AuditMemory memory) throws IOException {
    Report report = audited.report();
    if (upTo == null) {
      // A checkpoint that somebody names may be older than what is known already.
      memory.keep(audited);
    }
    if (json != null) {
      write(report);
    }
    if (report.evidence() != null) {
      Path file = evidence;
      if (file == null) {
        file = main.home().knownLogs().writeEvidence(report.evidence());
      } else {
        Files.write(file, report.evidence().format());
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println("Evidence:       glass verify --evidence " + file);
      out.flush();
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
}
