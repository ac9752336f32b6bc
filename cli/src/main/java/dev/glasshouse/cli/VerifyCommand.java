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
import dev.glasshouse.vm.sandbox.V8Engine;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

  @Override
  public Integer call() throws IOException {
    KnownLogs known = Home.knownLogs();
    Optional<Hash> root = expectedRoot();
    HttpLogReader reader = new HttpLogReader(host);
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = new Progress(err, System.console() != null);
    Report report;
    try {
      report =
          new Verifier(V8Engine.instance()).verify(reader, expectations(known, root), progress);
    } catch (RuntimeException e) {
      // The verifier's own failure says nothing about the host.
      throw new CommandException(UNFINISHED, "the audit failed: " + e);
    } finally {
      progress.close();
    }
    if (json != null) {
      Files.write(json, report.toJson());
    }
    print(report);
    return conclude(report, known, reader);
  }

  private int conclude(Report report, KnownLogs known, HttpLogReader reader) throws IOException {
    switch (report.verdict()) {
      case VERIFIED:
        known.keep(report.log(), report.checkpoint());
        return VERIFIED;
      case DIVERGED:
        if (evidence != null) {
          writeEvidence(report, reader);
        }
        return DIVERGED;
      default:
        return UNFINISHED;
    }
  }

  private Expectations expectations(KnownLogs known, Optional<Hash> root) {
    return new Expectations() {
      @Override
      public Optional<SignedCheckpoint> kept(Log served) {
        return known.checkpoint(served.id(), served.genesis().origin(), served.genesis().host());
      }

      @Override
      public Optional<Hash> log() {
        return Optional.ofNullable(log);
      }

      @Override
      public Optional<Hash> filesRoot() {
        return root;
      }
    };
  }

  private Optional<Hash> expectedRoot() throws IOException {
    if (files == null) {
      return Optional.empty();
    }
    if (files.matches("[0-9a-f]{64}")) {
      return Optional.of(Hash.parseHex(files));
    }
    Path dir = Path.of(files);
    if (!Files.isDirectory(dir)) {
      throw new ParameterException(
          spec.commandLine(),
          "--files takes an archive root of 64 hex digits, or a directory; "
              + files
              + " is neither");
    }
    return Optional.of(LocalFiles.root(dir));
  }

  private void print(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    if (report.log() != null) {
      out.println("Log " + report.log());
    }
    switch (report.verdict()) {
      case VERIFIED:
        out.println("Call log verified.");
        out.println("Output files verified.");
        break;
      case DIVERGED:
        printDivergence(out, report.divergence());
        break;
      default:
        out.println("Could not finish: " + report.obstacle());
    }
    out.println();
    printCounts(out, report);
    out.flush();
  }

  private static void printDivergence(PrintWriter out, Divergence found) {
    String method = found.method() == null ? "" : " (method " + found.method() + ")";
    out.println("NOT VERIFIED: " + found.kind().sentence() + ".");
    out.println("  at entry  " + found.index() + method);
    out.println("  expected  " + found.expected());
    out.println("  actual    " + found.actual());
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
            + ", the order of calls before they were logged");
    if (report.debug()) {
      out.println(
          "                "
              + plural(counts.unsignedCalls(), "unsigned call", "unsigned calls")
              + ": this is a debug host, its callers are not authenticated");
    }
  }

  private static String plural(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  private void writeEvidence(Report report, HttpLogReader reader) throws IOException {
    Map<String, Object> map = new TreeMap<>();
    map.put("report", CanonicalJson.parse(report.toJson(), Integer.MAX_VALUE));
    long index = report.divergence().index();
    try {
      if (report.checkpoint() != null && index < report.checkpoint().head().size()) {
        byte[] entry = reader.entries(index, report.checkpoint().head().size()).get(0);
        map.put("entry", new String(entry, StandardCharsets.UTF_8));
      }
    } catch (UnreachableException | MalformedException e) {
      map.put("entry", null);
    }
    List<Object> note = List.of("written by glass verify", host.toString());
    map.put("source", note);
    Files.write(evidence, CanonicalJson.format(map));
  }
}
