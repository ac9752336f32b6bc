package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.ScriptReference;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A module that is a folder. */
class ScriptFolderTest {
  @TempDir Path temp;
  private Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path folder() throws IOException {
    if (folder == null) {
      folder = Files.createDirectories(temp.resolve("module"));
    }
    return folder;
  }

  private String message() {
    return assertThrows(ModuleException.class, () -> ScriptFile.read(folder())).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                       | index.js   | exports.f = 1     | commonjs",
        "{\"name\":\"a\",\"version\":[1]}         | index.js   | export const f = 1| commonjs"
            + " module",
        "{\"type\":\"module\"}                    | index.js   | exports.f = 1     | module",
        "{\"type\":\"commonjs\"}                  | index.js   | export const f = 1| commonjs",
        "{\"main\":\"./lib/a.js\"}                | lib/a.js   | exports.f = 1     | commonjs",
        "{\"main\":\"lib/a\"}                     | lib/a.js   | exports.f = 1     | commonjs",
        "{\"main\":\"lib\"}                       | lib/index.js | exports.f = 1   | commonjs",
        "{\"main\":\"a.mjs\"}                     | a.mjs      | exports.f = 1     | module",
        "{\"main\":\"a.cjs\",\"type\":\"module\"} | a.cjs      | exports.f = 1     | commonjs",
      })
  void packageSaysWhereItBeginsAndHow(String json, String main, String source, String kinds)
      throws Exception {
    write("package.json", json);
    write(main, source);
    StringBuilder found = new StringBuilder();
    for (Script script : ScriptFile.read(folder())) {
      assertEquals(main, script.main());
      assertEquals(Set.of(main, "package.json"), script.files().keySet());
      found.append(' ').append(script.kind().text());
    }
    assertEquals(kinds, found.toString().strip());
  }

  @Test
  void packageIsNotNeeded() throws Exception {
    write("index.js", "exports.f = 1");
    assertEquals("index.js", ScriptFile.read(folder()).get(0).main());
  }

  @Test
  void scriptsAndJsonAreTakenAndNothingElse() throws Exception {
    for (String taken : List.of("index.js", "a.cjs", "b.mjs", "deep/er/c.js", "deep/d.json")) {
      write(taken, "0");
    }
    for (String left :
        List.of(
            "readme.md",
            "types.d.ts",
            "node_modules/x/index.js",
            "deep/node_modules/y.js",
            ".git/z.js",
            ".hidden.js",
            "js")) {
      write(left, "not { JSON");
    }
    write("../outside.js", "secret");
    write("../beside/secret.json", "{}");
    Files.createSymbolicLink(folder().resolve("out.js"), temp.resolve("outside.js"));
    Files.createSymbolicLink(folder().resolve("broken.js"), temp.resolve("nothing.js"));
    Files.createSymbolicLink(folder().resolve("beside"), temp.resolve("beside"));
    Files.createSymbolicLink(folder().resolve("loop"), folder());
    Files.createSymbolicLink(folder().resolve("same.js"), folder().resolve("a.cjs"));
    Files.createDirectories(folder().resolve("directory.js"));
    assertEquals(
        Set.of("index.js", "a.cjs", "b.mjs", "deep/er/c.js", "deep/d.json", "same.js"),
        ScriptFile.read(folder()).get(0).files().keySet());
  }

  @Test
  void folderMayItselfBeALink() throws Exception {
    write("index.js", "1");
    Path link = Files.createSymbolicLink(temp.resolve("link"), folder());
    assertEquals(Set.of("index.js"), ScriptFile.read(link).get(0).files().keySet());
  }

  @Test
  void whatCannotBeIsSaidSo() throws Exception {
    assertTrue(message().contains("has no index.js"), message());
    write("package.json", "{\"main\":\"app.js\"}");
    assertTrue(message().contains("\"app.js\""), message());
    write("package.json", "{\"main\":\"../outside.js\"}");
    write("../outside.js", "1");
    assertTrue(message().contains("none of its scripts"), message());
    write("package.json", "[]");
    assertTrue(message().contains("no JSON object"), message());
    write("package.json", "{\n\"main\": }");
    assertTrue(message().contains("package.json is not JSON"), message());
    assertTrue(message().contains("line 2"), message());
    write("package.json", "{}");
    write("index.js", "1");
    write("more.json", "1 2");
    assertTrue(message().contains("something follows"), message());
    write("more.json", "");
    assertTrue(message().contains("empty"), message());
    Files.write(folder().resolve("more.json"), "\"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(message().contains("not UTF-8"), message());
  }

  @Test
  void filesHaveLimits() throws Exception {
    write("index.js", "1");
    for (int i = 1; i < ScriptReference.MAX_FILES; i++) {
      write("f" + i + ".js", "");
    }
    assertEquals(ScriptReference.MAX_FILES, ScriptFile.read(folder()).get(0).files().size());
    write("one.js", "");
    assertTrue(message().contains("more than " + ScriptReference.MAX_FILES), message());
    Files.delete(folder().resolve("one.js"));
    write("f1.js", "x".repeat(ScriptFile.MAX_BYTES - 1));
    assertEquals(ScriptReference.MAX_FILES, ScriptFile.read(folder()).get(0).files().size());
    write("f2.js", "x");
    assertTrue(message().contains("over the limit"), message());
  }

  @Test
  void namesHaveALimit() throws Exception {
    write("index.js", "1");
    String deep = "d".repeat(200) + "/";
    write(deep + "n".repeat(52) + ".js", "1");
    assertEquals(2, ScriptFile.read(folder()).get(0).files().size());
    write(deep + "n".repeat(53) + ".js", "1");
    assertTrue(message().contains("256 characters"), message());
  }

  @Test
  void changedFileIsAnotherModule() throws Exception {
    write("index.js", "exports.f = () => require('./lib/a.js').a + require('./b.json').b");
    write("lib/a.js", "exports.a = 40");
    write("b.json", "{\"b\":2}");
    HostSetup setup = HostSetup.of(temp.resolve("host"), "");
    try (RunningHost host = setup.script(scripts()).start()) {
      assertEquals("42", Calls.call(host, new Signer(1), 1, "f", "[]"));
    }
    try (RunningHost host = setup.script(scripts()).start()) {
      assertEquals("42", Calls.call(host, new Signer(1), 2, "f", "[]"));
    }
    write("lib/a.js", "exports.a = 41");
    HostSetup changed = setup.script(scripts());
    String message = assertThrows(ModuleException.class, changed::start).getMessage();
    assertTrue(message.contains("lib/a.js"), message);
    write("lib/a.js", "exports.a = 40");
    write("more.js", "");
    HostSetup more = setup.script(scripts());
    String added = assertThrows(ModuleException.class, more::start).getMessage();
    assertTrue(added.contains("no more.js"), added);
  }

  private Script[] scripts() throws IOException {
    return ScriptFile.read(folder()).toArray(Script[]::new);
  }
}
