package dev.glasshouse.cli;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.client.KnownLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The user's own folder: identity, kept checkpoints, history of the prompt. */
final class Home {
  private Home() {}

  /** {@code $GLASSHOUSE_HOME}, or {@code .glasshouse} in the home directory. */
  static Path path() {
    String own = System.getenv("GLASSHOUSE_HOME");
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    String home = System.getenv("HOME");
    String base = home != null && !home.isEmpty() ? home : System.getProperty("user.home");
    return Path.of(base, ".glasshouse");
  }

  static KnownLogs knownLogs() {
    return new KnownLogs(path());
  }

  /** The identity in {@code file}, or the user's own, which is made and announced on first use. */
  static Identity identity(Path file, PrintWriter announce) throws IOException {
    if (file != null) {
      return Identity.load(file);
    }
    Path own = path().resolve("identity");
    if (Files.exists(own)) {
      return Identity.load(own);
    }
    Files.createDirectories(own.getParent());
    Identity made = Identity.generate(new SecureRandom());
    made.save(own);
    announce.println("Made a key for you: " + made.publicKey().format() + " (in " + own + ")");
    announce.flush();
    return made;
  }
}
