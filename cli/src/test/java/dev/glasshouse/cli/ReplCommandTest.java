package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReplCommandTest {
  private static final String SCRIPT =
      """
      exports.me = () => System.caller.id
      exports.echo = (value) => value
      exports.fail = () => { throw new Error('You are not my owner!') }
      """;

  private Path temp;
  private TestHost host;
  private TestHost debug;
  private Glass glass;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    debug = TestHost.start(dir.resolve("debug"), SCRIPT, true);
    glass = Glass.of(dir.resolve("home"));
    glass.run("keygen");
  }

  @AfterAll
  void stop() {
    host.close();
    debug.close();
  }

  private Glass.Ran evaluate(String text, String... more) {
    String[] line = new String[4 + more.length];
    System.arraycopy(new String[] {"repl", host.at(), "-e", text}, 0, line, 0, 4);
    System.arraycopy(more, 0, line, 4, more.length);
    return glass.run(line);
  }

  @Test
  void printsAResultAlone() {
    assertEquals(new Glass.Ran(0, "bare é\n", ""), evaluate("client.echo('bare é')"));
    assertEquals(new Glass.Ran(0, "{ a: [ 1 ] }\n", ""), evaluate("client.echo({a: [1]})"));
    assertEquals(new Glass.Ran(0, "undefined\n", ""), evaluate("undefined"));
    assertEquals(new Glass.Ran(0, "2\n", "said\n"), evaluate("console.log('said'); 2"));
  }

  @Test
  void anErrorGoesToStandardErrorAndIsOne() {
    assertEquals(new Glass.Ran(1, "", "Error: You are not my owner!\n"), evaluate("client.fail()"));
    assertEquals(1, evaluate("1 +").code());
  }

  @Test
  void aBareResultIsSafeOnATerminal() {
    String text = "client.echo('a\\u001b[2Jb')";
    assertEquals("a\u001b[2Jb\n", evaluate(text).out());
    Glass.Ran shown = new Glass(glass.home(), true).run("repl", host.at(), "-e", text);
    assertEquals("a\ufffd[2Jb\n", shown.out());
  }

  @Test
  void theKeyIsAnnouncedOnceAndStays() {
    Glass newcomer = Glass.of(temp.resolve("newcomer"));
    Glass.Ran first = newcomer.run("repl", host.at(), "-e", "client.me()");
    Glass.Ran second = newcomer.run("repl", host.at(), "-e", "client.me()");
    assertTrue(first.err().startsWith("Made a key for you: " + first.out().strip()), first.err());
    assertEquals(new Glass.Ran(0, first.out(), ""), second);
    assertNotEquals(first.out(), evaluate("client.me()").out());
  }

  @Test
  void signsWithTheKeyThatIsNamed() throws IOException {
    Path key = temp.resolve("key");
    glass.run("keygen", key.toString());
    String id = Identity.load(key).publicKey().format();
    assertEquals(
        new Glass.Ran(0, id + "\n", ""), evaluate("client.me()", "--identity", key.toString()));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-r--"));
    Glass.Ran warned = evaluate("client.me()", "--identity", key.toString());
    assertTrue(warned.err().startsWith("Warning: others can read the key " + key), warned.err());
    Path text = Files.writeString(temp.resolve("text"), "no key");
    Glass.Ran ran = evaluate("1", "--identity", text.toString());
    assertEquals(
        new Glass.Ran(
            1, "", text + ": not an Ed25519 private key: make one with `ssh-keygen -t ed25519`\n"),
        ran);
  }

  @Test
  void aDebugHostTakesAUserAtTheirWord() {
    assertEquals(
        new Glass.Ran(0, "bob\n", ""),
        glass.run("repl", debug.at(), "-u", "bob", "-e", "client.me()"));
    Glass.Ran refused = evaluate("client.me()", "--user", "bob");
    assertEquals(1, refused.code());
    assertTrue(
        refused.err().startsWith("RefusedError: calls to this host must be signed"), refused.err());
  }

  @Test
  void aPinnedLogMustBeServed() {
    assertEquals(0, evaluate("1", "--log", host.log()).code());
    Glass.Ran ran = evaluate("1", "--log", "ab".repeat(32));
    assertEquals(1, ran.code());
    assertEquals(
        host.at()
            + " serves log "
            + host.log()
            + ", not "
            + "ab".repeat(32)
            + " as you asked for\n",
        ran.err());
  }

  @Test
  void aHostWithAnotherLogThanBeforeIsRefusedUntilTheLogIsNamed() throws IOException {
    Path hosts = Files.createDirectories(temp.resolve("other/hosts"));
    Files.writeString(hosts.resolve(host.at().replace(':', '_')), "ab".repeat(32) + "\n");
    Glass other = Glass.of(temp.resolve("other"));
    other.run("keygen");
    Glass.Ran ran = other.run("repl", host.at(), "-e", "1");
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith(host.at() + " served log " + "ab".repeat(32)), ran.err());
    assertTrue(ran.err().endsWith("name it with --log " + host.log() + "\n"), ran.err());
    Glass.Ran receipt = other.run("receipt", host.at(), "0");
    assertEquals(3, receipt.code(), receipt.out());
    assertTrue(receipt.err().contains("name it with --log " + host.log()), receipt.err());
    assertEquals(0, other.run("repl", host.at(), "-e", "1", "--log", host.log()).code());
    assertEquals(0, other.run("repl", host.at(), "-e", "1").code());
  }

  @Test
  void aHomeThatCannotBeIsASentence() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    Glass.Ran ran = Glass.of(file.resolve("home")).run("repl", host.at(), "-e", "1");
    assertEquals(1, ran.code());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().contains(file.toString()), ran.err());
  }
}
