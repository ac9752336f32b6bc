package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MlDsaIdentity;
import dev.glasshouse.calllog.SigningKey;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import dev.glasshouse.rpc.TlsFiles;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.rpc.witness.Witness;
import dev.glasshouse.rpc.witness.WitnessServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
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
  private static final String APPEND_ONLY = "append-only";
  private static final String REPLAYED = "replayed";
  private static final String ED25519 = "ed25519";
  private static final String ML_DSA_44 = "ml-dsa-44";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "LIST",
      converter = PolicyConverter.class,
      description =
          "A policy file whose lines \"log VKEY URL\" name the logs; the URL is where the host"
              + " publishes and is needed to execute.")
  private Policy list;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A file of these options, one \"name = value\" a line. A flag counts before the variable"
              + " GLASS_WITNESS_NAME, and that before the file.")
  @SuppressWarnings("UnusedVariable") // what is in it is on the line by now: see Configured
  private Path config;

  @Mixin private ListenOptions listen = new ListenOptions(5556);

  @Mixin private TlsOptions tls = new TlsOptions();

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
          "The key, an OpenSSH Ed25519 file that cosigns under no other name, or ML-DSA-44 in"
              + " PKCS#8 (default: made in DIR).")
  private Path identity;

  @Option(
      names = "--algorithm",
      paramLabel = "ed25519|ml-dsa-44",
      description =
          "The algorithm of the key that is made in DIR (default: ed25519). Whoever is to count the"
              + " cosignatures must know it too; quantum computers do not break ml-dsa-44.")
  private String algorithm;

  @Mixin private EngineOption engine;

  @Override
  public Integer call() throws IOException {
    int port = listen.port(spec);
    Optional<TlsFiles> certificate = tls.files(spec);
    SigningKey key = key();
    Path home = dir.resolve(mode());
    Approval approval = approval();
    String keyName = keyName(key);
    try (StopSignal stop = new StopSignal();
        Witness witness =
            Witness.open(
                home, keyName, key, list, approval, () -> System.currentTimeMillis() / 1000);
        WitnessServer server = WitnessServer.start(witness, listen.bind(), port, certificate)) {
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
  private SigningKey key() throws IOException {
    if (algorithm != null && !algorithm.equals(ED25519) && !algorithm.equals(ML_DSA_44)) {
      throw new ParameterException(
          spec.commandLine(), "--algorithm is " + ED25519 + " or " + ML_DSA_44);
    }
    Path own = dir.resolve(mode() + ".key");
    if (identity == null && !Files.exists(own)) {
      return make(own);
    }
    Path file = identity != null ? identity : own;
    SigningKey key = Home.loadAny(file, spec.commandLine().getErr());
    String kind = key instanceof MlDsaIdentity ? ML_DSA_44 : ED25519;
    if (algorithm != null && !algorithm.equals(kind)) {
      throw new ParameterException(
          spec.commandLine(), "--algorithm " + algorithm + ": the key in " + file + " is " + kind);
    }
    return key;
  }

  private SigningKey make(Path own) throws IOException {
    if (Files.exists(dir.resolve(mode()))) {
      throw new CommandException(
          1,
          dir.resolve(mode())
              + " holds what was cosigned, but "
              + own
              + " is gone; give the key by --identity. Nothing was changed.");
    }
    Home.makeDirectory(dir);
    SecureRandom random = new SecureRandom();
    SigningKey made =
        ML_DSA_44.equals(algorithm) ? MlDsaIdentity.generate(random) : Identity.generate(random);
    made.save(own);
    return made;
  }

  private String keyName(SigningKey key) {
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
    PrintWriter out = spec.commandLine().getOut();
    String scheme = tls.files(spec).isPresent() ? "https://" : "http://";
    out.println("Witness at " + scheme + listen.authority(listening));
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
