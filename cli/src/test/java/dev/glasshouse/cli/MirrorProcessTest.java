package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass mirror --follow} as a process of its own, while its host is called. */
@Timeout(240)
final class MirrorProcessTest {
  private static final String SCRIPT =
      "let n = 0; exports.a = () => System.files.writeFile('/n' + (n++ % 5), 'v' + n)";
  private static final int KILLS = 3;
  private static final long SEED = 4;

  @TempDir private Path temp;
  private GlassProcess process;

  @AfterEach
  void end() {
    if (process != null) {
      process.close();
    }
  }

  private void mirror(String at) throws IOException {
    process = GlassProcess.start(temp, "mirror", at, "mirror", "--follow", "--every", "10");
  }

  private long size() throws IOException {
    try {
      byte[] note = Files.readAllBytes(temp.resolve("mirror/checkpoint"));
      return Checkpoint.parse(Note.parse(note, Note.MAX_BYTES).text()).head().size();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private void awaitSize(long size) throws Exception {
    while (size() < size) {
      assertFalse(process.endsIn(20), () -> "it ended: " + process.err());
    }
  }

  private void awaitSaid(String text) throws Exception {
    while (!process.err().contains(text)) {
      assertFalse(process.endsIn(20), () -> process.err());
    }
  }

  private void assertVerified(String when) {
    // Somebody else each time, who has seen no newer checkpoint elsewhere.
    Glass anybody = Glass.of(temp.resolve("home-" + when));
    Glass.Ran ran = anybody.run("verify", temp.resolve("mirror").toString());
    assertEquals(0, ran.code(), when + ": " + ran.out() + ran.err());
  }

  @Test
  void survivesKillsAndItsHostAndStopsCleanly() throws Exception {
    Random random = new Random(SEED);
    Glass glass = Glass.of(temp.resolve("home"));
    try (TestHost host = TestHost.start(temp.resolve("host"), SCRIPT)) {
      for (int kill = 0; kill < KILLS; kill++) {
        mirror(host.at());
        String calls = "for (let i = 0; i < 40; i++) client.a()";
        assertEquals(0, glass.run("repl", host.at(), "-e", calls).code());
        awaitSize(1);
        assertFalse(process.endsIn(random.nextInt(300)));
        process.kill();
        assertTrue(size() > 0, "seed " + SEED);
        assertVerified("kill-" + kill);
      }
      mirror(host.at());
      awaitSize(host.module().log().head().size());
      assertVerified("alive");
    }
    awaitSaid("Waiting: ");
    assertEquals(0, process.stop(), () -> process.err());
    assertFalse(process.linesTo("Checkpoint: ").isEmpty());
    assertVerified("stopped");
  }

  @Test
  void followsItsHostOverARestart() throws Exception {
    Glass glass = Glass.of(temp.resolve("home"));
    String call = "for (let i = 0; i < 5; i++) client.a()";
    Path dir = temp.resolve("host");
    int port;
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      port = host.service().port();
      mirror(host.at());
      assertEquals(0, glass.run("repl", host.at(), "-e", call).code());
      awaitSize(6);
    }
    awaitSaid("Waiting: ");
    assertVerified("away");
    try (TestHost again = TestHost.startAt(port, dir, SCRIPT)) {
      assertEquals(0, glass.run("repl", again.at(), "-e", call).code());
      awaitSize(again.module().log().head().size());
      assertTrue(size() > 6);
      awaitSaid("\nUp to date with ");
      assertVerified("back");
      assertEquals(0, glass.run("verify", temp.resolve("mirror").toString()).code());
    }
    assertEquals(0, process.stop(), () -> process.err());
  }
}
