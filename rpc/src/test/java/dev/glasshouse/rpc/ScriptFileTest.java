package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.vm.sandbox.Script;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptFileTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.js | exports.f = () => 1 | commonjs",
        "a.js | export function f() {} | commonjs module",
        "a.js | export default 1 | commonjs module",
        "a.js | export { f } | commonjs module",
        "a.js | import x from 'y' | commonjs module",
        "a.js | import'y' | commonjs module",
        "a.js | const x = 'export'; exportx = 1; important() | commonjs",
        "a.mjs | exports.f = 1 | module",
        "a.cjs | export function f() {} | commonjs",
        "noending | exports.f = 1 | commonjs",
      })
  void kindFollowsNameAndSyntax(String name, String source, String kinds) throws Exception {
    Path file = Files.writeString(dir.resolve(name), source);
    StringBuilder found = new StringBuilder();
    for (Script script : ScriptFile.read(file)) {
      assertEquals(name, script.main());
      assertEquals(source, script.source());
      found.append(' ').append(script.kind().text());
    }
    assertEquals(kinds, found.toString().strip());
  }

  @Test
  void exportOnALaterLineIsSeen() throws Exception {
    Path file = Files.writeString(dir.resolve("a.js"), "// first\nconst x = 1\n  export { x }\n");
    assertEquals(2, ScriptFile.read(file).size());
  }

  @Test
  void whatCannotBeReadIsSaidSo() throws Exception {
    Path absent = dir.resolve("absent.js");
    assertTrue(message(absent).contains("no such file"), message(absent));
    Path latin =
        Files.write(dir.resolve("latin.js"), "// \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(message(latin).contains("UTF-8"), message(latin));
    Path most = Files.write(dir.resolve("most.js"), new byte[ScriptFile.MAX_BYTES]);
    assertEquals(1, ScriptFile.read(most).size());
    Path over = Files.write(dir.resolve("over.js"), new byte[ScriptFile.MAX_BYTES + 1]);
    assertTrue(message(over).contains("limit"), message(over));
  }

  private static String message(Path file) {
    return assertThrows(ModuleException.class, () -> ScriptFile.read(file)).getMessage();
  }
}
