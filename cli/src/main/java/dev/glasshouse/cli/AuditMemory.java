package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.verifier.Audited;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Verified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What this user has seen and verified of logs, and asks of one now: the newest checkpoint of each
 * log, and how far it was verified, under {@code logs/} in the user's folder.
 */
final class AuditMemory implements Expectations {
  private final Home home;
  private final KnownLogs logs;
  private final String place;
  private final Hash log;
  private final Optional<Hash> filesRoot;
  private final boolean fromGenesis;
  private final Consumer<String> warnings;

  /**
   * Reads nothing yet.
   *
   * @param place what the user named as the source
   * @param log the log that is meant, or null for the one that was there last
   * @param filesRoot the archive root that it must come to
   * @param fromGenesis whether to verify again what was verified before
   */
  AuditMemory(
      Home home,
      String place,
      Hash log,
      Optional<Hash> filesRoot,
      boolean fromGenesis,
      Consumer<String> warnings) {
    this.home = home;
    this.logs = home.knownLogs();
    this.place = place;
    this.log = log;
    this.filesRoot = filesRoot;
    this.fromGenesis = fromGenesis;
    this.warnings = warnings;
  }

  @Override
  public Optional<SignedCheckpoint> kept(Log served) {
    logs.requireMeant(place, log, served.id());
    return logs.checkpoint(served.id(), served.genesis().origin(), served.genesis().host());
  }

  @Override
  public Optional<Verified> verified(Log served) {
    Path file = file(served.id());
    if (fromGenesis || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Verified.parse(Files.readAllBytes(file)));
    } catch (IOException | MalformedException e) {
      // It only saves time: without it everything is verified again.
      warnings.accept(
          "Warning: "
              + file
              + " cannot be used, so the audit begins at genesis: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public List<SignedCheckpoint> cosigned(Log served) {
    return logs.cosigned(served.id(), served.genesis().origin(), served.genesis().host());
  }

  @Override
  public Optional<Hash> log() {
    return Optional.ofNullable(log);
  }

  @Override
  public Optional<Hash> filesRoot() {
    return filesRoot;
  }

  /** Remembers what an audit has verified. */
  void keep(Audited audited) throws IOException {
    Report report = audited.report();
    if (report.verdict() != Report.Verdict.VERIFIED) {
      return;
    }
    logs.keep(report.log(), report.checkpoint());
    if (report.witnesses() != null) {
      logs.keepCosigned(report.log(), report.witnesses().keep());
    }
    logs.served(place, report.log());
    Path file = file(report.log());
    if (audited.verified().isEmpty() || isLess(audited.verified().get(), file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path next = Files.createTempFile(file.getParent(), ".next", null);
    Files.write(next, audited.verified().get().toJson());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  // A quick look must not make forgotten what was replayed.
  private static boolean isLess(Verified now, Path file) throws IOException {
    try {
      return Files.exists(file)
          && now.level().compareTo(Verified.parse(Files.readAllBytes(file)).level()) < 0;
    } catch (MalformedException e) {
      return false;
    }
  }

  private Path file(Hash id) {
    return home.path().resolve("logs").resolve(id.hex()).resolve("verified.json");
  }
}
