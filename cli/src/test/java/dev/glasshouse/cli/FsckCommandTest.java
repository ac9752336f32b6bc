package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsckCommandTest {
  private static final String SCRIPT =
      """
      let n = 0
      exports.add = async () => { await System.files.writeFile('/counter', 'x' + ++n); return n }
      """;

  @TempDir private Path temp;
  private Glass glass;
  private Path dir;

  @BeforeEach
  void keepALog() throws Exception {
    glass = Glass.of(temp.resolve("home"));
    dir = temp.resolve("host");
    try (TestHost host = TestHost.start(dir, SCRIPT)) {
      glass.call(host, "client.add()", "client.add()");
      Glass.Ran used = glass.run("fsck", dir.toString());
      assertEquals(3, used.code(), used.out());
      assertTrue(used.err().contains("is already open"), used.err());
    }
  }

  @Test
  void aWholeDirectoryIsWhole() throws Exception {
    Path json = temp.resolve("report.json");
    Glass.Ran ran = glass.run("fsck", dir.toString(), "--json", json.toString());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    // The key is the test's own, and not kept there.
    assertTrue(ran.out().startsWith("Note: " + dir.resolve("host.key")), ran.out());
    assertTrue(ran.out().contains("\nChecked 3 entries and "), ran.out());
    assertTrue(ran.out().endsWith("\nNothing is damaged.\n"), ran.out());
    Map<?, ?> report = (Map<?, ?>) CanonicalJson.parse(Files.readAllBytes(json), 100_000);
    assertEquals(true, report.get("whole"));
    assertEquals(3L, report.get("entries"));
    assertEquals(1, ((List<?>) report.get("findings")).size());
  }

  @Test
  void damageIsExplained() throws Exception {
    Path record = dir.resolve("treehead");
    Files.write(record, new byte[1024]);
    Files.write(dir.resolve("host.key"), new byte[] {'x'});
    Glass.Ran ran = glass.run("fsck", dir.toString());
    assertEquals(1, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("DAMAGED " + record + "\n  found  "), ran.out());
    assertTrue(ran.out().contains("\n  means  "), ran.out());
    assertTrue(ran.out().contains("\n  do     restore a backup"), ran.out());
    assertTrue(ran.out().contains("DAMAGED " + dir.resolve("host.key")), ran.out());
    assertTrue(ran.out().endsWith("\nDamage was found.\n"), ran.out());
  }

  @Test
  void aDirectoryWithoutALogIsNotDecided() {
    Glass.Ran ran = glass.run("fsck", temp.toString());
    assertEquals(3, ran.code());
    assertTrue(ran.err().contains("is not the directory of a host"), ran.err());
    assertEquals(2, glass.run("fsck").code());
  }
}
