package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamedScriptTest {
  @ParameterizedTest
  @CsvSource({
    "counter.js, '', counter.js",
    "samples/counter.js, '', samples/counter.js",
    "album=counter.js, album, counter.js",
    "album=samples/counter.js, album, samples/counter.js",
    "a-1=/srv/x=y.js, a-1, /srv/x=y.js",
    "./album=counter.js, '', ./album=counter.js",
    "samples/a=b.js, '', samples/a=b.js",
    "/a=b, '', /a=b",
  })
  void isAScriptWithOrWithoutAName(String text, String name, String script) {
    assertEquals(List.of(new NamedScript(name, Path.of(script))), NamedScript.parse(List.of(text)));
  }

  @Test
  void aFileThatIsThereIsAScript(@TempDir Path temp) throws Exception {
    // Without a slash before the equals sign there is only the directory this runs in.
    String name = "named-script-test=" + temp.getFileName();
    Path file = Path.of(name);
    Files.writeString(file, "");
    try {
      assertEquals(List.of(new NamedScript("", file)), NamedScript.parse(List.of(name)));
    } finally {
      Files.delete(file);
    }
    assertEquals("named-script-test", NamedScript.parse(List.of(name)).get(0).name());
  }

  @Test
  void severalHaveNames() {
    assertEquals(
        List.of(new NamedScript("b", Path.of("x.js")), new NamedScript("a", Path.of("x.js"))),
        NamedScript.parse(List.of("b=x.js", "a=x.js")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.js b.js | several scripts have names, by which they are found: write NAME=a.js instead",
        "a=a.js b.js | several scripts have names, by which they are found: write NAME=b.js"
            + " instead",
        "a=a.js a=b.js | two scripts have the name a",
        "a= | a= names no script",
        "=a.js | \"\" is no name for a module",
        "A=a.js | \"A\" is no name for a module: write up to 64 of a-z, 0-9 and -",
        "health=a.js | no module can have the name health: a host has something else at /health",
      })
  void othersAreRefused(String line, String message) {
    MalformedException refused =
        assertThrows(
            MalformedException.class, () -> NamedScript.parse(List.of(line.split(" ", -1))));
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }
}
