package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.SharedAudit;
import dev.glasshouse.verifier.SignedReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The signed reports of machines that shared an audit, put together.
 *
 * @param auditors whose reports count; none for anybody's
 */
record JoinedReports(List<Path> files, Set<PublicKey> auditors) {
  private static final int UNDECIDED = 3;

  JoinedReports {
    files = List.copyOf(files);
    auditors = Set.copyOf(auditors);
  }

  /**
   * Prints what they come to and who audited, and gives the report.
   *
   * @throws CommandException if a file is no such report, or they do not go together
   */
  Report print(PrintWriter out) {
    SharedAudit audit;
    try {
      List<byte[]> reports = new ArrayList<>();
      for (Path file : files) {
        reports.add(read(file));
      }
      audit = SharedAudit.of(reports, auditors);
    } catch (IOException | MalformedException | UnverifiedException e) {
      throw new CommandException(UNDECIDED, Sentence.of(e), e);
    }
    new ReportText(out, "the audit").print(audit.report());
    audit.auditors().stream()
        .distinct()
        .forEach(key -> out.println("Audited by:     " + key.format()));
    out.flush();
    return audit.report();
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SignedReport.MAX_BYTES + 1);
    }
  }
}
