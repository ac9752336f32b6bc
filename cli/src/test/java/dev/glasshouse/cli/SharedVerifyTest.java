package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass verify --segment} on several machines, and {@code --join}. */
final class SharedVerifyTest {
  private static final String SCRIPT =
      "exports.put = (path, text) => System.files.writeFile(path, text)";

  @TempDir private Path temp;

  private Glass machine(String name) {
    return Glass.of(temp.resolve(name));
  }

  @Test
  void machinesShareAnAudit() throws Exception {
    Glass one = machine("one");
    Glass two = machine("two");
    Path key = temp.resolve("key");
    assertEquals(0, one.run("keygen", key.toString()).code());
    try (TestHost host = TestHost.start(temp.resolve("host"), SCRIPT)) {
      assertEquals(0, one.run("repl", host.at(), "-e", "client.put('/a', 'b')").code());
      Path checkpoint = temp.resolve("checkpoint");
      try (var in = URI.create("http://" + host.at() + "/checkpoint").toURL().openStream()) {
        Files.write(checkpoint, in.readAllBytes());
      }
      assertEquals(0, one.run("repl", host.at(), "-e", "client.put('/a', 'c')").code());
      for (int i = 1; i <= 2; i++) {
        Glass.Ran ran =
            (i == 1 ? one : two)
                .run(
                    "verify",
                    host.at(),
                    "--segment",
                    i + "/2",
                    "--checkpoint",
                    checkpoint.toString(),
                    "--json",
                    temp.resolve(i + ".json").toString(),
                    "--identity",
                    key.toString());
        assertEquals(0, ran.code(), ran.out() + ran.err());
        assertTrue(ran.out().contains("Segment " + i + "/2 verified."), ran.out());
      }
      Path joinedJson = temp.resolve("joined.json");
      Glass.Ran joined =
          one.run(
              "verify",
              "--json",
              joinedJson.toString(),
              "--join",
              temp.resolve("2.json").toString(),
              temp.resolve("1.json").toString());
      assertEquals(0, joined.code(), joined.out() + joined.err());
      assertTrue(joined.out().contains("Call log verified."), joined.out());
      assertTrue(
          joined.out().contains("Checked:        2 entries, 1 signature, 1 call replayed"),
          joined.out());
      assertTrue(joined.out().contains("Audited by:     ed25519:"), joined.out());
      Map<?, ?> json =
          (Map<?, ?>) CanonicalJson.parse(Files.readAllBytes(joinedJson), Integer.MAX_VALUE);
      assertEquals(Files.readString(checkpoint), json.get("checkpoint"));

      Glass.Ran part = one.run("verify", "--join", temp.resolve("2.json").toString());
      assertEquals(3, part.code());
      assertTrue(part.err().contains("1/2 is not"), part.err());
      // An audit up to an older checkpoint does not make forgotten what was seen since.
      assertEquals(0, one.run("verify", host.at()).code());
    }
  }

  @Test
  void whatDoesNotGoTogetherIsAUsageError() {
    Glass glass = machine("one");
    for (String wrong :
        new String[] {
          "verify localhost:1 --segment 3/2",
          "verify localhost:1 --segment 1/2 --level hashes",
          "verify localhost:1 --segment 1/2 --watch",
          "verify localhost:1 --checkpoint /nowhere",
          "verify --segment 1/2 --join report.json",
          "verify --key x --join report.json",
        }) {
      Glass.Ran ran = glass.run(wrong.split(" ", -1));
      assertEquals(2, ran.code(), wrong + ": " + ran.err());
    }
    assertEquals(3, glass.run("verify", "--join", temp.resolve("none").toString()).code());
  }
}
