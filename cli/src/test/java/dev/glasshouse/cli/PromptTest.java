package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptTest {
  @TempDir private Path temp;

  private static List<String> complete(String typed, String... methods) {
    List<Candidate> found = new ArrayList<>();
    var line = new InputParser().parse(typed, typed.length(), ParseContext.COMPLETE);
    Prompt.completer(List.of(methods)).complete(null, line, found);
    return found.stream().map(Candidate::value).toList();
  }

  @Test
  void completesMethods() {
    assertEquals(List.of("client."), complete("cl", "a"));
    assertEquals(List.of("client.a(", "client.b2("), complete("client.", "a", "b2"));
    assertEquals(List.of("client.a("), complete("await client.x", "a"));
    assertEquals(List.of("f(client.a("), complete("1 + f(client.", "a"));
    assertEquals(List.of(), complete("myclient.", "a"));
    assertEquals(List.of(), complete("other", "a"));
  }

  @Test
  void offersNoNameThatCouldNotBeTyped() {
    assertEquals(
        List.of("client.größe("),
        complete("client.", "a b", "\u001b[2J", "1a", "a\n", "größe", "a\u202e", ""));
  }

  private String converse(String typed) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new DumbTerminal(
            "test",
            Terminal.TYPE_DUMB,
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            out,
            StandardCharsets.UTF_8);
    try (TestHost host =
            TestHost.start(temp.resolve("host"), "let n = 0\nexports.increment = () => ++n");
        Client client =
            Client.signed(
                host.address(),
                Identity.generate(new SecureRandom()),
                null,
                new KnownLogs(temp.resolve("home")))) {
      FutureTask<Void> session =
          new FutureTask<>(
              () -> {
                Path history = temp.resolve("home/history");
                try (Prompt prompt = new Prompt(terminal, false, history, client.methods());
                    Evaluator evaluator = new Evaluator(client, false, prompt::show)) {
                  prompt.run(evaluator);
                }
                return null;
              });
      SandboxThread.create("test", session).start();
      session.get();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void evaluatesUntilTheInputEnds() throws Exception {
    String shown =
        converse(
            """
            client.increment()

            [1,
            2]
            console.log('said')
            nothing.here
            client.increment()
            """);
    assertTrue(shown.contains("1\n> "), shown);
    assertTrue(shown.contains("[ 1, 2 ]"), shown);
    assertTrue(shown.contains("said"), shown);
    assertTrue(shown.contains("ReferenceError: nothing is not defined"), shown);
    assertTrue(shown.lines().anyMatch(line -> line.endsWith("2")), shown);
    List<String> history = Files.readAllLines(temp.resolve("home/history"));
    assertTrue(history.get(0).endsWith("client.increment()"), history.toString());
  }

  @Test
  void exitEndsIt() throws Exception {
    String shown = converse("1 + 1\n.exit\n3 + 3\n");
    assertTrue(shown.contains("2") && !shown.contains("6"), shown);
  }
}
