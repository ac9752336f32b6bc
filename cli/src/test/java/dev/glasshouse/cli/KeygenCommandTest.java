package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeygenCommandTest {
  @TempDir private Path temp;

  @Test
  void makesTheUsersOwnKeyAndNeverOverwritesIt() throws IOException {
    Glass glass = Glass.of(temp.resolve("home"));
    Path own = temp.resolve("home/identity");
    Glass.Ran ran = glass.run("keygen");
    assertEquals(0, ran.code());
    assertEquals(Identity.load(own).publicKey().format() + "\n", ran.out());
    assertEquals("Written to " + own + "\n", ran.err());
    String made = Files.readString(own);
    assertEquals(
        new Glass.Ran(1, "", own + " exists; a key is never overwritten.\n"), glass.run("keygen"));
    assertEquals(made, Files.readString(own));
  }

  @Test
  void makesAKeyElsewhere() throws IOException {
    Path key = temp.resolve("new/dir/key");
    Glass.Ran ran = Glass.of(temp.resolve("home")).run("keygen", key.toString());
    assertEquals(Identity.load(key).publicKey().format() + "\n", ran.out());
  }

  @Test
  void aPlaceThatIsNoneIsASentence() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    Glass.Ran ran = Glass.of(temp).run("keygen", file.resolve("key").toString());
    assertEquals(1, ran.code());
    assertEquals(file + " is in the way: it exists already\n", ran.err());
    assertTrue(ran.out().isEmpty());
  }
}
