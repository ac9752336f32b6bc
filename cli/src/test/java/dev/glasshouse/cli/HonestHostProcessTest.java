package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that is killed and started again, with a witness and somebody who watches it. */
@Timeout(300)
final class HonestHostProcessTest {
  private static final int KILLS = 2;

  @TempDir private Path temp;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  /** A command that runs, and what it says. */
  private record Started(Process process, BufferedReader out, Path err) {
    /** What follows the start of the next line that starts so. */
    String await(String start) throws IOException {
      while (true) {
        String line = out.readLine();
        assertNotNull(line, () -> "no line \"" + start + "\": " + read(err));
        if (line.startsWith(start)) {
          return line.substring(start.length());
        }
      }
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        return e.toString();
      }
    }

    /** Ends it by a signal that it cannot hear. */
    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
  }

  private Started start(String... arguments) throws IOException {
    Path err = temp.resolve("err" + processes.size());
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-cp");
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(temp.toFile()).redirectError(err.toFile());
    builder.environment().put("GLASSHOUSE_HOME", temp.resolve("home").toString());
    Process process = builder.start();
    processes.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new Started(process, out, err);
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
    Started host = start(exec);
    String vkey = host.await("Log key:  ");
    host.kill();
    Files.writeString(temp.resolve("list"), "log " + vkey + "\nquorum none\n");
    Started witness = start("witness", "list", "-p", "0", "--append-only");
    String url = witness.await("Witness at ");
    String policy = "witness w " + witness.await("Key: ") + " " + url + "\nquorum w\n";
    String file = Files.writeString(temp.resolve("policy"), policy).toString();

    host = start(exec);
    host.await("Call log: ");
    Started watching = start("verify", at, "--watch");
    watching.await("Verified ");
    Glass regular = Glass.of(temp.resolve("regular"));
    Glass caller = Glass.of(temp.resolve("caller"));
    for (int i = 0; i < KILLS; i++) {
      // Killed after two entries of the three until an image, with a timer outstanding, while a
      // checkpoint is on its way to the witness.
      requireVerified(caller.run("repl", at, "-e", "client.later(300)"));
      requireVerified(caller.run("repl", at, "-e", "client.a()"));
      host.kill();
      host = start(exec);
      host.await("Call log: ");
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
    long last = Long.parseLong(watching.await("Verified ").split(" ", -1)[0]);
    while (last < size) {
      last = Long.parseLong(watching.await("Verified ").split(" ", -1)[0]);
    }
    watching.process().destroy();
    assertTrue(watching.process().waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, watching.process().exitValue(), () -> Started.read(watching.err()));
    assertTrue(Started.read(watching.err()).contains("Waiting: "), "it was away");
  }
}
