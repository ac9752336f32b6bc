package dev.glasshouse.cli;

import dev.glasshouse.rpc.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether a service speaks TLS. */
final class TlsOptions {
  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Serve https and wss alone, with this certificate (PEM, the service's own first). Read"
              + " again when it changes.")
  private Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The certificate's key (PEM, not encrypted).")
  private Path key;

  /**
   * The files, if it does.
   *
   * @throws ParameterException if only one of them is given
   */
  Optional<TlsFiles> files(CommandSpec spec) {
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw new ParameterException(
          spec.commandLine(), "--tls-cert and --tls-key go together: give both or none");
    }
    return Optional.of(new TlsFiles(certificate, key));
  }
}
