package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HomeTest {
  @TempDir private Path temp;
  private final StringWriter announced = new StringWriter();
  private final PrintWriter err = new PrintWriter(announced);

  @Test
  void isWhereTheEnvironmentSays() {
    assertEquals(
        Path.of("/own"), Home.of(Map.of("GLASSHOUSE_HOME", "/own", "HOME", "/bob"), "/x").path());
    assertEquals(Path.of("/bob/.glasshouse"), Home.of(Map.of("HOME", "/bob"), "/x").path());
    assertEquals(
        Path.of("/x/.glasshouse"), Home.of(Map.of("HOME", "", "GLASSHOUSE_HOME", ""), "/x").path());
  }

  @Test
  void theFirstUseMakesAKeyAndSaysSoOnce() throws IOException {
    Home home = new Home(temp.resolve("new/home"));
    Identity made = home.identity(null, err);
    assertEquals(
        "Made a key for you: "
            + made.publicKey().format()
            + " (in "
            + home.identityFile()
            + ")"
            + System.lineSeparator(),
        announced.toString());
    assertFalse(Identity.isReadableByOthers(home.identityFile()));
    announced.getBuffer().setLength(0);
    assertEquals(made.publicKey(), home.identity(null, err).publicKey());
    assertEquals("", announced.toString());
  }

  @Test
  void aKeyThatOthersCanReadIsWarnedOf() throws IOException {
    Path key = temp.resolve("key");
    Identity.generate(new SecureRandom()).save(key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Home.load(key, err);
    assertTrue(announced.toString().startsWith("Warning: others can read the key " + key));
  }

  @Test
  void anUnreadableKeyIsNamed() {
    IOException e = assertThrows(IOException.class, () -> Home.load(temp, err));
    assertTrue(Sentence.of(e).startsWith("cannot read the key " + temp + ": "), Sentence.of(e));
    Path none = temp.resolve("none");
    IOException missing = assertThrows(IOException.class, () -> Home.load(none, err));
    assertEquals(
        none + ": no such key file: make one with `ssh-keygen -t ed25519`", Sentence.of(missing));
  }

  @Test
  void theFolderMayBeALink() throws IOException {
    Path real = Files.createDirectory(temp.resolve("real"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), real);
    new Home(link).identity(null, err);
    assertTrue(Files.exists(real.resolve("identity")));
  }
}
