package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  @TempDir private Path home;

  private Glass.Ran run(String line) {
    return Glass.of(home).run(line.isEmpty() ? new String[0] : line.split(" ", -1));
  }

  @Test
  void saysItsVersion() {
    assertEquals(new Glass.Ran(0, "glass 0.1.0\n", ""), run("--version"));
    assertEquals(new Glass.Ran(0, "glass 0.1.0\n", ""), run("verify --version"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "exec --help",
        "repl --help",
        "verify --help",
        "keygen --help",
        "log --help",
        "files --help",
        "receipt --help"
      })
  void explainsItself(String line) {
    Glass.Ran ran = run(line);
    assertEquals(0, ran.code());
    assertTrue(ran.out().startsWith("Usage: glass"), ran.out());
    assertFalse(ran.out().contains("train"), ran.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Name a command, such as exec or repl.",
        "exec a.js b.js | several scripts have names, by which they are found: write NAME=a.js",
        "exec | Missing required parameter: '[NAME=]SCRIPT",
        "exec a.js -p many | Invalid value for option '--port': 'many' is not an int",
        "exec a.js -p 65536 | --port is a number from 1 to 65535, or 0 for any",
        "exec a.js -p -1 | --port is a number from 1 to 65535, or 0 for any",
        "repl | Missing required parameter: 'HOST[:PORT]'",
        "repl a:b | \"a:b\" is no host; write HOST, HOST:PORT[/NAME] or https://",
        "repl localhost:65536 | \"localhost:65536\" is no host; write HOST, HOST:PORT",
        "repl https://localhost?a | \"https://localhost?a\" is no host; write HOST, HOST:PORT",
        "repl localhost --log 12 | a hash is written as 64 hex digits, not 2",
        "repl localhost -u bob --identity k | --user calls unsigned, --identity signs: give one of"
            + " them",
        "verify | Name what to audit: HOST[:PORT], a directory or a URL",
        "verify localhost --level all | --level is receipt, hashes, signatures or replay",
        "verify localhost --jobs 0 | --jobs is at least 1, not 0",
        "verify localhost --identity k | say with --json where it goes",
        "verify localhost --files nowhere | --files takes an archive root of 64 hex digits, or a"
            + " directory; nowhere is neither",
        "log localhost --from -1 | --from is an index, counted from 0",
        "log a/b | a/b is neither a host nor a directory",
        "files localhost put x | expected one of [ls, cat, get, digest]",
        "files localhost cat | cat takes a PATH; ls shows what is there",
        "files localhost ls ../x | ../x is no path: ",
        "receipt | Name a host and the index of an entry, or a receipt with --check.",
        "receipt localhost | Name a host and the index of an entry, or a receipt with --check.",
        "receipt localhost first | Invalid value for positional parameter at index 1 (INDEX):"
            + " 'first' is not a long",
        "receipt localhost -1 | INDEX is counted from 0",
        "receipt localhost 1 --key a | a verifier key is NAME+HEX8+BASE64",
        "receipt localhost 1 --check f | --check reads a receipt, without a host or --output",
        "receipt --check f -o g | --check reads a receipt, without a host or --output",
      })
  void wrongUsageIsTwo(String line, String sentence) {
    Glass.Ran ran = run(line);
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(sentence), ran.err());
    assertTrue(ran.err().contains("Usage: glass"), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void anUnknownCommandIsWrongUsage() {
    Glass.Ran ran = run("sing");
    assertEquals(2, ran.code());
    assertTrue(ran.err().startsWith("Unmatched argument at index 0: 'sing'"), ran.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "repl localhost:1 -e 1 -u bob | 1 | cannot connect to localhost:1",
        "log localhost:1 | 1 | cannot read /checkpoint from localhost:1",
        "files localhost:1 ls | 3 | Could not finish: cannot read /checkpoint from localhost:1",
        "repl localhost:1 --identity nokey | 1 | nokey: no such key file",
        "receipt localhost:1 1 | 3 | Could not finish: cannot read /checkpoint from localhost:1",
        "receipt --check nofile | 3 | Could not finish: nofile: no such file or directory",
        "exec nofile.js | 1 | cannot read the script nofile.js: no such file",
      })
  void aFailureIsOneSentence(String line, int code, String sentence) {
    Glass.Ran ran = run(line);
    assertEquals(code, ran.code(), ran.err());
    assertTrue(ran.err().contains(sentence), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
  }

  @Test
  void theStackIsForThoseWhoAsk() {
    Glass.Ran ran = run("-v log localhost:1");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("\tat dev.glasshouse."), ran.err());
    assertTrue(run("log localhost:1 -v").err().contains("\tat dev.glasshouse."));
  }
}
