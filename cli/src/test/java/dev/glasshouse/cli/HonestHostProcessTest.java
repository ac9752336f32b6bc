package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that is killed and started again, with a witness and somebody who watches it. */
@Timeout(300)
final class HonestHostProcessTest {
  private static final int KILLS = 2;

  @TempDir private Path temp;
  private final List<GlassProcess> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(GlassProcess::close);
  }

  private GlassProcess start(String... arguments) throws IOException {
    GlassProcess process = GlassProcess.start(temp, arguments);
    processes.add(process);
    return process;
  }

  /** What follows the start of the next line that starts so. */
  private static String await(GlassProcess process, String start) throws IOException {
    List<String> said = process.linesTo(start);
    return said.get(said.size() - 1).substring(start.length());
  }

  private static void requireVerified(Glass.Ran ran) {
    assertEquals(0, ran.code(), () -> ran.out() + ran.err());
  }

  @Test
  void killsAreNoFindingToWhomeverLooks() throws Exception {
    Files.writeString(
        temp.resolve("counter.js"),
        "let n = 0\nexports.a = () => ++n\nexports.later = (ms) => { setTimeout(() => n++, ms) }");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String at = "localhost:" + port;
    String[] exec = {
      "exec", "counter.js", "-p", String.valueOf(port), "--policy", "policy", "--image-entries", "3"
    };
    Files.writeString(temp.resolve("policy"), "quorum none\n");
    GlassProcess host = start(exec);
    String vkey = await(host, "Log key:  ");
    host.kill();
    Files.writeString(temp.resolve("list"), "log " + vkey + "\nquorum none\n");
    GlassProcess witness = start("witness", "list", "-p", "0", "--append-only");
    String url = await(witness, "Witness at ");
    String policy = "witness w " + await(witness, "Key: ") + " " + url + "\nquorum w\n";
    String file = Files.writeString(temp.resolve("policy"), policy).toString();

    host = start(exec);
    await(host, "Call log: ");
    GlassProcess watching = start("verify", at, "--watch");
    await(watching, "Verified ");
    Glass regular = Glass.of(temp.resolve("regular"));
    Glass caller = Glass.of(temp.resolve("caller"));
    for (int i = 0; i < KILLS; i++) {
      // Killed after two entries of the three until an image, with a timer outstanding, while a
      // checkpoint is on its way to the witness.
      requireVerified(caller.run("repl", at, "-e", "client.later(300)"));
      requireVerified(caller.run("repl", at, "-e", "client.a()"));
      host.kill();
      host = start(exec);
      await(host, "Call log: ");
      requireVerified(caller.run("repl", at, "-e", "client.a()"));
      requireVerified(regular.run("verify", at));
    }
    requireVerified(Glass.of(temp.resolve("serial")).run("verify", at, "--jobs", "1"));
    requireVerified(Glass.of(temp.resolve("jobs")).run("verify", at, "--jobs", "3"));
    Glass.Ran required =
        Glass.of(temp.resolve("asks")).run("verify", at, "--policy", file, "--max-age", "5m");
    // The quorum may be some moments behind; it accuses nobody.
    assertTrue(required.code() == 0 || required.code() == 3, () -> required.out() + required.err());

    // Whoever watched saw it away and back again, and goes on: a last entry is verified too.
    int size = 1 + 4 * KILLS;
    long last = Long.parseLong(await(watching, "Verified ").split(" ", -1)[0]);
    while (last < size) {
      last = Long.parseLong(await(watching, "Verified ").split(" ", -1)[0]);
    }
    assertEquals(0, watching.stop(), watching::err);
    assertTrue(watching.err().contains("Waiting: "), "it was away");
  }
}
