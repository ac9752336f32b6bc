package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use a host, as its flags say, and how commands reach one by TLS. */
@Timeout(60)
final class ExecAccessTest {
  @TempDir private Path temp;
  private Glass glass;
  private Path script;
  private Path dir;
  private SSLContext before;

  @BeforeEach
  void prepare() throws Exception {
    before = SSLContext.getDefault();
    glass = Glass.of(temp.resolve("home"));
    script = Files.writeString(temp.resolve("counter.js"), "let n = 0\nexports.a = () => ++n");
    dir = temp.resolve("dir");
  }

  @AfterEach
  void forgetAuthorities() {
    SSLContext.setDefault(before);
  }

  private String[] line(String... more) {
    List<String> begin =
        List.of("exec", script.toString(), "-p", "0", "--bind", "localhost", "--dir", "" + dir);
    return Stream.concat(begin.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void everyCommandSpeaksTlsWithAHostOfAnOwnAuthority() throws Exception {
    TestCertificate shown = TestCertificate.make(temp, "own");
    String authority = shown.certificate().toString();
    Glass.Ran ran =
        Serving.run(
            glass,
            announced -> {
              String at = Serving.at(announced);
              assertTrue(at.startsWith("https://localhost:"), at);
              assertTrue(announced.contains("Files:    " + at + "/files/\n"), announced);
              Glass.Ran untrusted = glass.run("repl", at, "-e", "client.a()");
              assertEquals(1, untrusted.code());
              assertTrue(untrusted.err().contains("--cacert FILE"), untrusted.err());
              Glass.Ran called = glass.run("repl", "--cacert", authority, at, "-e", "client.a()");
              assertEquals("1\n", called.out(), called.err());
              String wss = at.replace("https:", "wss:");
              for (String url : List.of(at, wss)) {
                Glass.Ran verified = glass.run("verify", "--cacert", authority, url);
                assertEquals(0, verified.code(), verified.out() + verified.err());
              }
              Glass.Ran log = glass.run("--cacert", authority, "log", at);
              assertEquals(2, log.out().lines().count(), log.err());
            },
            line("--tls-cert", authority, "--tls-key", shown.key().toString()));
    assertEquals(0, ran.code(), ran.err());
  }

  @Test
  void onlyListedKeysMayCall() throws Exception {
    Path key = temp.resolve("listed.key");
    String listed = glass.run("keygen", key.toString()).out().strip();
    Path keys = Files.writeString(temp.resolve("keys"), "# the one\n" + listed + "\n");
    Serving.run(
        glass,
        announced -> {
          String at = Serving.at(announced);
          Glass.Ran refused = glass.run("repl", at, "-e", "client.a()");
          assertEquals(1, refused.code());
          assertTrue(refused.err().contains("takes calls of listed keys only"), refused.err());
          Glass.Ran called =
              glass.run("repl", at, "--identity", key.toString(), "-e", "client.a()");
          assertEquals("1\n", called.out(), called.err());
          assertEquals(0, glass.run("verify", at).code(), "everybody may read");
        },
        line("--allow", keys.toString()));
  }

  @Test
  void aFileSaysHowToServe() throws Exception {
    Path file = temp.resolve("glass.conf");
    Files.writeString(
        file,
        "debug = true\nrate = 0.1\npublic-url = https://example.org/counter/\ndir = " + dir + "\n");
    Glass.Ran ran =
        Serving.run(
            glass,
            announced -> {
              String at = Serving.at(announced);
              assertTrue(
                  announced.contains("Files:    https://example.org/counter/files/\n"), announced);
              Glass.Ran first = glass.run("repl", at, "-u", "bob", "-e", "client.a()");
              assertEquals("1\n", first.out(), first.err());
              Glass.Ran second = glass.run("repl", at, "-u", "bob", "-e", "client.a()");
              assertTrue(second.err().contains("come again in "), second.err());
            },
            "exec",
            script.toString(),
            "--config",
            file.toString(),
            "-p",
            "0");
    assertTrue(ran.out().contains("Debug: unsigned calls are accepted"), ran.out());
    assertTrue(Files.exists(dir.resolve("host.key")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tls-cert=a.pem | --tls-cert and --tls-key go together",
        "--tls-key=a.pem | --tls-cert and --tls-key go together",
        "--allow=none.txt | --allow: none.txt: no such file or directory",
        "--allow=ed25519:AAAA | --allow: ed25519:AAAA: an Ed25519 key has 32 bytes",
        "--rate=0 | --rate is a number of calls a second, more than 0",
        "--rate=-1 | --rate is a number",
        "--rate=NaN | --rate is a number",
        "--allow-origin=example.org | --allow-origin: write example.org as https://HOST[:PORT]",
        "--allow-host=example.org | --allow-host is for --debug hosts",
        "--debug --allow=none.txt | --allow lists keys, and a --debug host does not ask for any",
        "--debug --allow-host=a:1 | --allow-host: a:1 is no name of a machine",
        "--max-connections=0 | --max-connections is at least 1",
        "--public-url=example.org | --public-url is a URL by http or https",
        "--public-url=https://a/?b | --public-url: \"https://a/?b\" is no host",
        "--cacert=none.pem | --cacert: none.pem: no such file or directory",
      })
  void whatCannotBeIsWrongUsage(String flags, String message) {
    Glass.Ran ran = glass.run(line(flags.split(" ", -1)));
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertFalse(Files.exists(dir));
  }
}
