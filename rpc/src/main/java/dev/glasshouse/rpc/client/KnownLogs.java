package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user has seen of logs, under {@code ~/.glasshouse}: the newest checkpoint of each log by
 * the log's id, and which log each place served last.
 */
public final class KnownLogs {
  private static final int SHOWN = 16;

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

  /**
   * The checkpoints of a log that were kept with their cosignatures, as {@link #keepCosigned} got
   * them.
   *
   * @throws ClientException if the file is damaged
   */
  public List<SignedCheckpoint> cosigned(Hash log, String origin, PublicKey host) {
    Path file = cosignedFile(log);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<SignedCheckpoint> kept = new ArrayList<>();
      for (Object note :
          (List<?>) CanonicalJson.parse(Files.readAllBytes(file), Integer.MAX_VALUE)) {
        byte[] bytes = ((String) note).getBytes(StandardCharsets.UTF_8);
        kept.add(SignedCheckpoint.verify(bytes, origin, host));
      }
      return kept;
    } catch (MalformedException | UnverifiedException | ClassCastException e) {
      throw new ClientException(
          "the cosigned checkpoints "
              + file
              + " are damaged ("
              + e.getMessage()
              + "); move it away",
          e);
    } catch (IOException e) {
      throw new ClientException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps checkpoints with their cosignatures, in place of those that were kept before.
   *
   * @param checkpoints few, and consistent with each other
   */
  public void keepCosigned(Hash log, List<SignedCheckpoint> checkpoints) {
    List<Object> notes = new ArrayList<>();
    for (SignedCheckpoint each : checkpoints) {
      notes.add(new String(each.format(), StandardCharsets.UTF_8));
    }
    write(cosignedFile(log), CanonicalJson.format(notes));
  }

  /** The log that a place served last; empty if it was never read, or was forgotten. */
  public Optional<Hash> servedLast(String place) {
    Path file = placeFile(place);
    try {
      return Files.exists(file)
          ? Optional.of(Hash.parseHex(Files.readString(file).strip()))
          : Optional.empty();
    } catch (MalformedException e) {
      throw new ClientException(
          file
              + " should name the log that "
              + place
              + " served last, and is damaged; name the log that you mean with --log",
          e);
    } catch (IOException e) {
      throw new ClientException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Requires that a place serves the log that the user means: the one that is pinned or, without a
   * pin, the one that the place served last. To take another in its place without a word would be
   * to forget what is known of the first.
   *
   * @param place the address or URL that the user gave
   * @param pinned the log that the user named, or null
   * @throws CaughtHostException if another log is pinned
   * @throws ClientException if another log was served last
   */
  public void requireMeant(String place, Hash pinned, Hash served) {
    if (pinned != null) {
      if (!pinned.equals(served)) {
        throw new CaughtHostException(
            place + " serves log " + served + ", not " + pinned + " as you asked for");
      }
      return;
    }
    Optional<Hash> before = servedLast(place).filter(log -> !log.equals(served));
    if (before.isPresent()) {
      throw new ClientException(
          place
              + " served log "
              + before.get()
              + " before and now serves another one, "
              + served
              + ": its history may have been replaced. If you mean the new log, name it with --log "
              + served);
    }
  }

  /** Remembers which log a place serves. */
  public void served(String place, Hash log) {
    write(placeFile(place), (log.hex() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes evidence against a host under {@code evidence/}. The same evidence is one file, other
   * evidence is another.
   *
   * @return the file
   * @throws ClientException if it cannot be written
   */
  public Path writeEvidence(Evidence evidence) {
    byte[] bytes;
    try {
      bytes = evidence.format();
    } catch (MalformedException e) {
      throw new ClientException("the evidence cannot be written: " + e.getMessage(), e);
    }
    String name = evidence.log().hex().substring(0, SHOWN) + "-" + kind(evidence) + "-";
    Path file =
        home.resolve("evidence").resolve(name + Hash.of(bytes).hex().substring(0, SHOWN) + ".json");
    write(file, bytes);
    return file;
  }

  /**
   * Writes evidence against a host and says what was found; who calls it throws the result.
   *
   * @param claim a sentence without its full stop
   */
  public CaughtHostException caught(String claim, Evidence evidence) {
    Path file;
    try {
      file = writeEvidence(evidence);
    } catch (ClientException e) {
      // What was found outweighs that it could not be written down.
      return new CaughtHostException(claim + ". The evidence is lost: " + e.getMessage(), e);
    }
    boolean proved = EvidenceJudge.judge(evidence, null).proved();
    String what = proved ? " proves it to anybody" : " has what it signed, which is no proof";
    return new CaughtHostException(
        claim + ". " + file + what + ": glass verify --evidence " + file, file, proved);
  }

  private static String kind(Evidence evidence) {
    return evidence.claim().name().toLowerCase(Locale.ROOT);
  }

  private Path checkpointFile(Hash log) {
    return home.resolve("logs").resolve(log.hex()).resolve("checkpoint");
  }

  private Path cosignedFile(Hash log) {
    return home.resolve("logs").resolve(log.hex()).resolve("cosigned.json");
  }

  // A name and a port stay readable; two other places never share a file.
  private Path placeFile(String place) {
    String name = place.replaceAll("[^A-Za-z0-9.-]", "_");
    return home.resolve("hosts")
        .resolve(
            place.matches("[A-Za-z0-9.-]{1,200}:[0-9]{1,5}")
                ? name
                : name.substring(0, Math.min(name.length(), 100))
                    + "-"
                    + Hash.of(place).hex().substring(0, SHOWN));
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
