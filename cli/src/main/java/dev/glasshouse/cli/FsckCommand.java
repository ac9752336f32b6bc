package dev.glasshouse.cli;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.fsck.Finding;
import dev.glasshouse.calllog.fsck.Fsck;
import dev.glasshouse.calllog.store.StoreFailure;
import dev.glasshouse.rpc.mirror.NamedBlobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass fsck}: looks for damage in the directory of a host. */
@Command(
    name = "fsck",
    description = {
      "Check the directory of a host that is stopped, whole, and explain what is damaged.",
      "Nothing is changed, and no call is executed: glass verify DIR does that."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is damaged",
      "1:something is damaged",
      "2:usage",
      "3:could not be decided, for example because a host has the directory open"
    })
final class FsckCommand implements Callable<Integer> {
  private static final int DAMAGED = 1;
  private static final int UNDECIDED = 3;

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(paramLabel = "DIR", description = "The directory that glass exec --dir names.")
  private Path dir;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what was found as canonical JSON, too.")
  private Path json;

  @Override
  public Integer call() throws IOException {
    Fsck.Result result = checkOrFail();
    if (json != null) {
      Files.write(json, json(result));
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Finding finding : result.findings()) {
      out.println((finding.damage() ? "DAMAGED " : "Note: ") + text(finding.file()));
      out.println("  found  " + Terminal.printable(finding.what()));
      out.println("  means  " + Terminal.printable(finding.loss()));
      out.println("  do     " + Terminal.printable(finding.remedy()));
    }
    if (result.untold() > 0) {
      out.println("… and " + result.untold() + " findings more.");
    }
    out.println(
        "Checked "
            + result.entries()
            + " entries and "
            + result.tableBytes()
            + " bytes of tables.");
    if (result.entries() > 0) {
      out.println("Root     " + result.head().root());
    }
    out.println(result.isWhole() ? "Nothing is damaged." : "Damage was found.");
    return result.isWhole() ? 0 : DAMAGED;
  }

  private Fsck.Result checkOrFail() {
    try {
      return check(spec, main, dir);
    } catch (StoreFailure e) {
      throw new CommandException(UNDECIDED, e.getMessage(), e);
    }
  }

  /** Checks a directory, and shows a person how far it is. */
  static Fsck.Result check(CommandSpec spec, Main main, Path dir) {
    try (Progress progress =
        new Progress(
            spec.commandLine().getErr(), main.streams().errIsTerminal(), System::nanoTime)) {
      return Fsck.check(dir, NamedBlobs::of, progress::verified);
    }
  }

  static String text(Path file) {
    return Terminal.printable(file.toString());
  }

  private static byte[] json(Fsck.Result result) {
    List<Object> findings = new ArrayList<>();
    for (Finding finding : result.findings()) {
      Map<String, Object> item = new TreeMap<>();
      item.put("damage", finding.damage());
      item.put("do", finding.remedy());
      item.put("file", finding.file().toString());
      item.put("found", finding.what());
      item.put("means", finding.loss());
      findings.add(item);
    }
    Map<String, Object> map = new TreeMap<>();
    map.put("entries", result.entries());
    map.put("findings", findings);
    map.put("root", result.head().root().hex());
    map.put("tableBytes", result.tableBytes());
    map.put("untold", result.untold());
    map.put("whole", result.isWhole());
    return CanonicalJson.format(map);
  }
}
