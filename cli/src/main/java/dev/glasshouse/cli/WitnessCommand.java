package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.rpc.witness.Witness;
import dev.glasshouse.rpc.witness.WitnessServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glass witness}: cosigns the checkpoints of others until it is stopped. */
@Command(
    name = "witness",
    description =
        "Cosign the checkpoints of logs: of those whose every entry was executed here and found"
            + " true, or with --append-only of those that only grow.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WitnessCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;
  private static final String APPEND_ONLY = "append-only";
  private static final String REPLAYED = "replayed";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "LIST",
      converter = PolicyConverter.class,
      description =
          "A policy file whose lines \"log VKEY URL\" name the logs; the URL is where the host"
              + " publishes and is needed to execute.")
  private Policy list;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "5556",
      description = "Port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "witness",
      description = "Where keys and what was cosigned are kept (default: ${DEFAULT-VALUE}).")
  private Path dir;

  @Option(
      names = "--append-only",
      description = "Do not execute anything: be a plain witness of C2SP tlog-witness.")
  private boolean appendOnly;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Name of the key, such as example.com/witness; \"/replayed\" is added unless"
              + " --append-only is given (default: glasshouse/witness/ and some of the key's"
              + " hash).")
  private String name;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "The key, an OpenSSH Ed25519 file that cosigns under no other name (default: made in"
              + " DIR).")
  private Path identity;

  @Mixin private EngineOption engine;

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port is a number from 1 to " + MAX_PORT + ", or 0 for any");
    }
    Identity key = key();
    Path home = dir.resolve(mode());
    Approval approval = approval();
    String keyName = keyName(key);
    try (StopSignal stop = new StopSignal();
        Witness witness =
            Witness.open(
                home, keyName, key, list, approval, () -> System.currentTimeMillis() / 1000);
        WitnessServer server = WitnessServer.start(witness, bind, port)) {
      announce(witness.key(), server.port(), home);
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private String mode() {
    return appendOnly ? APPEND_ONLY : REPLAYED;
  }

  private Approval approval() {
    return appendOnly ? Approval.APPEND_ONLY : new ReplayApproval(list, engine.engine(spec));
  }

  // What a cosignature says hangs on its key: the two modes never share one.
  private Identity key() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (identity != null) {
      return Home.load(identity, err);
    }
    Path own = dir.resolve(mode() + ".key");
    if (Files.exists(own)) {
      return Home.load(own, err);
    }
    if (Files.exists(dir.resolve(mode()))) {
      throw new CommandException(
          1,
          dir.resolve(mode())
              + " holds what was cosigned, but "
              + own
              + " is gone; give the key by --identity. Nothing was changed.");
    }
    Home.makeDirectory(dir);
    Identity made = Identity.generate(new SecureRandom());
    made.save(own);
    return made;
  }

  private String keyName(Identity key) {
    String chosen =
        name != null
            ? name
            : "glasshouse/witness/" + Hash.of(key.publicKey().bytes()).hex().substring(0, 16);
    boolean isReplayed = chosen.endsWith(WitnessKey.REPLAYED);
    if (appendOnly && isReplayed) {
      throw new ParameterException(
          spec.commandLine(),
          "--append-only executes nothing, so its name must not end in " + WitnessKey.REPLAYED);
    }
    try {
      String full = appendOnly || isReplayed ? chosen : chosen + WitnessKey.REPLAYED;
      return new WitnessKey(full, key.publicKey()).name();
    } catch (MalformedException e) {
      throw new ParameterException(spec.commandLine(), "--name: " + e.getMessage(), e);
    }
  }

  private void announce(WitnessKey key, int listening, Path home) {
    String shown = bind.equals("127.0.0.1") ? "localhost" : bind;
    String authority = (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + listening;
    PrintWriter out = spec.commandLine().getOut();
    out.println("Witness at http://" + authority);
    out.println("Witness directory " + home.toAbsolutePath().normalize());
    out.println(
        appendOnly
            ? "Cosigns logs that only grow; nothing is executed."
            : "Cosigns logs that only grow and whose entries it executed and found true.");
    out.println("Logs: " + list.logs().size());
    out.println("Key: " + key.format());
    out.flush();
  }
}
