package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.SigningKey;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** The user's own folder: identity, kept checkpoints, history of the prompt. */
record Home(Path path) {

  /** {@code $GLASSHOUSE_HOME}, or {@code .glasshouse} in the home directory. */
  static Home of(Map<String, String> environment, String userHome) {
    String own = environment.getOrDefault("GLASSHOUSE_HOME", "");
    if (!own.isEmpty()) {
      return new Home(Path.of(own));
    }
    String home = environment.getOrDefault("HOME", "");
    return new Home(Path.of(home.isEmpty() ? userHome : home, ".glasshouse"));
  }

  KnownLogs knownLogs() {
    return new KnownLogs(path);
  }

  /** Where the user's own key is. */
  Path identityFile() {
    return path.resolve("identity");
  }

  /** Where the prompt keeps what was typed. */
  Path history() {
    return path.resolve("history");
  }

  /** The identity in {@code file}, or the user's own, which is made and announced on first use. */
  Identity identity(Path file, PrintWriter err) throws IOException {
    if (file != null) {
      return load(file, err);
    }
    Path own = identityFile();
    if (!Files.exists(own)) {
      makeDirectory(path);
      Identity made = Identity.generate(new SecureRandom());
      try {
        made.save(own);
        err.println("Made a key for you: " + made.publicKey().format() + " (in " + own + ")");
        return made;
      } catch (FileAlreadyExistsException e) {
        // Another program made it at the same moment: that one is the user's.
      }
    }
    return load(own, err);
  }

  /** The identity in a key file; warns if others may read it. */
  static Identity load(Path file, PrintWriter err) throws IOException {
    return load(file, Identity::load, err);
  }

  /** Reads a key file of any algorithm, and warns if others can read it too. */
  static SigningKey loadAny(Path file, PrintWriter err) throws IOException {
    return load(file, SigningKey::load, err);
  }

  private interface Loader<K> {
    K load(Path file) throws IOException;
  }

  private static <K> K load(Path file, Loader<K> loader, PrintWriter err) throws IOException {
    K identity;
    try {
      identity = loader.load(file);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("cannot read the key " + file + ": " + e.getMessage(), e);
    }
    if (Identity.isReadableByOthers(file)) {
      err.println(
          "Warning: others can read the key " + file + "; run chmod 600 on it, or make a new one.");
    }
    return identity;
  }

  /** Makes a directory that may be there already, be it as a link. */
  static void makeDirectory(Path dir) throws IOException {
    if (!Files.isDirectory(dir)) {
      Files.createDirectories(dir);
    }
  }
}
