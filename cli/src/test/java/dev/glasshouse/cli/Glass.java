package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The command line as a user of the folder {@code home} runs it, with what it prints captured. */
record Glass(Path home, boolean onTerminal) {

  /** How a command ended. */
  record Ran(int code, String out, String err) {}

  /** A user whose programs read the output. */
  static Glass of(Path home) {
    return new Glass(home, false);
  }

  Ran run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new Home(home), streams(out, err), arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Evaluates lines at the prompt of a host, each of which must go well. */
  void call(TestHost host, String... lines) {
    for (String line : lines) {
      Ran ran = run("repl", host.at(), "-e", line);
      assertEquals(0, ran.code(), ran.err());
    }
  }

  Streams streams(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Streams(out, err, () -> onTerminal, () -> onTerminal);
  }
}
