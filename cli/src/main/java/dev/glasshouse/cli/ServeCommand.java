package dev.glasshouse.cli;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.rpc.CopiedLog;
import dev.glasshouse.rpc.Service;
import dev.glasshouse.rpc.ServiceSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass serve}: offers a log to readers until it is stopped, and takes no calls. */
@Command(
    name = "serve",
    description = {
      "Serve what was published of a log, to be read: calls are refused, and nothing is executed,"
          + " signed or changed.",
      "It is served up to the newest checkpoint that is there. A mirror may grow meanwhile."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description =
          "A backup or what was restored from one, the directory of a host that is not running, an"
              + " export or a mirror.")
  private Path dir;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of these options, one \"name = value\" a line. A flag counts before the variable"
              + " GLASS_SERVE_NAME, and that before the file.")
  @SuppressWarnings("UnusedVariable") // what is in it is on the line by now: see Configured
  private Path config;

  @Mixin private ListenOptions listen = new ListenOptions(5555);

  @Mixin private TlsOptions tls = new TlsOptions();

  @Mixin private MonitoringOptions monitoring = new MonitoringOptions();

  @Override
  public Integer call() {
    ServiceSettings settings =
        new ServiceSettings(
            listen.bind(),
            listen.port(spec),
            ServiceSettings.DEFAULT_FRAME_BYTES,
            tls.files(spec),
            ServiceSettings.Access.DEFAULT,
            ServiceSettings.Connections.DEFAULT,
            Optional.empty());
    long stopSeconds = monitoring.stopSeconds(spec);
    try (Logging logging = monitoring.logging(spec);
        StopSignal stop = new StopSignal(stopSeconds);
        LogReader reader = LogSource.directory(dir)) {
      CopiedLog copy = CopiedLog.open(reader);
      try (Service serving = Service.start(copy, settings)) {
        announce(copy, serving);
        stop.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  // A URL, by which readers take it for a copy that may be behind: see HttpLogReader.
  private void announce(CopiedLog copy, Service serving) {
    String scheme = serving.isSecure() ? "https://" : "http://";
    String url = scheme + listen.authority(serving.port());
    PrintWriter out = spec.commandLine().getOut();
    out.println("Serving at " + url);
    out.println("Serving a copy from " + dir.toAbsolutePath().normalize() + ", to be read only");
    out.println();
    out.println("Entries:  " + copy.size());
    out.println("Files:    " + url + "/files/");
    out.println("Call log: " + copy.id());
    out.flush();
  }
}
