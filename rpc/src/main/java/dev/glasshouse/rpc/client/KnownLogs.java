package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * What a user has seen of logs, under {@code ~/.glasshouse}: the newest checkpoint of each log by
 * the log's id, and which log each address served last.
 */
public final class KnownLogs {
  private final Path home;

  public KnownLogs(Path home) {
    this.home = home;
  }

  /**
   * The newest checkpoint that was kept of a log; empty if none is.
   *
   * @throws ClientException if the file is damaged: to go on without it would be to forget
   */
  public Optional<SignedCheckpoint> checkpoint(Hash log, String origin, PublicKey host) {
    Path file = checkpointFile(log);
    try {
      return Files.exists(file)
          ? Optional.of(SignedCheckpoint.verify(Files.readAllBytes(file), origin, host))
          : Optional.empty();
    } catch (MalformedException | UnverifiedException e) {
      throw new ClientException(
          "the kept checkpoint " + file + " is damaged (" + e.getMessage() + "); move it away", e);
    } catch (IOException e) {
      throw new ClientException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Keeps a checkpoint that was verified to extend the one kept before. */
  public void keep(Hash log, SignedCheckpoint checkpoint) {
    write(checkpointFile(log), checkpoint.format());
  }

  /** The log that an address served last. */
  public Optional<Hash> servedLast(HostAddress address) {
    Path file = addressFile(address);
    try {
      return Files.exists(file)
          ? Optional.of(Hash.parseHex(Files.readString(file).strip()))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ClientException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Remembers which log an address serves. */
  public void served(HostAddress address, Hash log) {
    write(addressFile(address), (log.hex() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes evidence of a host that contradicts itself: two checkpoints that its key signed and that
   * cannot both be true, or a proof that does not hold.
   *
   * @return the file
   */
  Path writeEvidence(
      Hash log, PublicKey host, String claim, SignedCheckpoint kept, Note served, Object proof) {
    Path file =
        home.resolve("evidence")
            .resolve(log.hex().substring(0, 16) + "-" + kept.head().size() + ".json");
    write(
        file,
        CanonicalJson.format(
            Map.of(
                "claim",
                claim,
                "host",
                host.format(),
                "kept",
                new String(kept.format(), StandardCharsets.UTF_8),
                "log",
                log.hex(),
                "proof",
                proof,
                "served",
                new String(served.format(), StandardCharsets.UTF_8))));
    return file;
  }

  private Path checkpointFile(Hash log) {
    return home.resolve("logs").resolve(log.hex()).resolve("checkpoint");
  }

  private Path addressFile(HostAddress address) {
    return home.resolve("hosts").resolve(address.toString().replaceAll("[^A-Za-z0-9.-]", "_"));
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), ".next", null);
      Files.write(next, bytes);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ClientException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
