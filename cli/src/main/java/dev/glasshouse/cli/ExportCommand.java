package dev.glasshouse.cli;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.rpc.mirror.LogCopy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code glass export}: writes all that a host publishes as files. */
@Command(
    name = "export",
    description = {
      "Write all that a host publishes as files that any web server can serve.",
      "Signatures and hashes are checked on the way, calls are not executed: glass verify OUT does"
          + " that. A second export into the same directory adds what is new."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written",
      "1:what is published does not hold together",
      "2:usage",
      "3:could not finish; what was written is used the next time",
      "4:the log's key has signed a contradiction; the evidence is in a file"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "HOST|DIR|URL",
      converter = LogSourceConverter.class,
      description =
          "A host, the directory of a host that is not running, or where another export is.")
  private LogSource source;

  @Parameters(index = "1", paramLabel = "OUT", description = "The directory to write.")
  private Path out;

  @Mixin private CopyOptions copying = new CopyOptions();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (Progress progress = new Progress(err, main.streams().errIsTerminal(), System::nanoTime);
        LogReader reader = source.open();
        LogCopy copy = new LogCopy(reader, out, copying.options(), progress::verified)) {
      long added = copy.round();
      report(spec, copy, added, out);
      return CopyOptions.COPIED;
    } catch (RuntimeException | Error e) {
      throw copying.ended(e, main.home());
    }
  }

  static void report(CommandSpec spec, LogCopy copy, long added, Path dir) {
    PrintWriter out = spec.commandLine().getOut();
    TreeHead head = copy.checkpoint().head();
    out.println("Log " + copy.log());
    out.println("Checkpoint: " + head.size() + " entries, root " + head.root());
    if (copy.cosigned() != null) {
      long size = copy.cosigned().head().size();
      out.println("Cosigned:   " + (size == head.size() ? "all of them" : size + " of them"));
    }
    out.println("Written:    " + added + " new entries to " + Terminal.printable(dir.toString()));
    out.flush();
    copy.remark()
        .ifPresent(said -> spec.commandLine().getErr().println(Terminal.printable(said) + "."));
  }
}
