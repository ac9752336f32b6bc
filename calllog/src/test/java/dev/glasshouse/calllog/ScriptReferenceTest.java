package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a script. */
class ScriptReferenceTest {
  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();

  private static ScriptFileReference file(String name) {
    return new ScriptFileReference(name, new BlobReference(Hash.of(name), 7));
  }

  private static ScriptReference script(String main, String... names) {
    List<ScriptFileReference> files = new ArrayList<>();
    for (String name : names) {
      files.add(file(name));
    }
    return new ScriptReference(main, "module", files);
  }

  private ScriptReference parse(Object json) {
    return ScriptReference.Unlisted.of(Members.of("entry.script", json)).listed(blobs::get);
  }

  @Test
  void scriptsAreReadBack() {
    for (ScriptReference script :
        List.of(
            new ScriptReference("a.js", "commonjs", new BlobReference(Hash.of("a"), 0)),
            script("lib/b.js", "a.js", "lib/b.js", "lib/c d.json", "é/..x"),
            script("n".repeat(256), "n".repeat(256)))) {
      assertEquals(script, parse(script.toJson(blobs)));
    }
    assertTrue(blobs.isEmpty());
  }

  @Test
  void filesAreInTheOrderOfTheBytesOfTheirNames() {
    // In UTF-16 the pair of surrogates would come before U+FFFD, and both after the slash.
    String[] sorted = {"a", "a-", "a.js", "a/b", "ab", "é", "\ufffd", "\ud83d\ude00"};
    String[] given = {"\ud83d\ude00", "é", "ab", "a/b", "\ufffd", "a", "a.js", "a-"};
    ScriptReference script = script("a", given);
    assertEquals(List.of(sorted), script.files().stream().map(ScriptFileReference::name).toList());
    Map<String, Object> json = script.toJson(blobs);
    List<Object> files = new ArrayList<>((List<?>) json.get("files"));
    for (int i = 1; i < files.size(); i++) {
      List<Object> swapped = new ArrayList<>(files);
      swapped.add(i - 1, swapped.remove(i));
      json.put("files", swapped);
      assertThrows(MalformedException.class, () -> parse(json), "file " + i + " too early");
    }
  }

  @Test
  void noTwoFilesHaveOneName() {
    assertThrows(MalformedException.class, () -> script("a", "a", "b", "a"));
    Map<String, Object> json = script("a", "a", "b").toJson(blobs);
    List<Object> files = new ArrayList<>((List<?>) json.get("files"));
    files.add(1, files.get(0));
    json.put("files", files);
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/../b", "../a"})
  void namesHaveOneForm(String name) {
    assertThrows(MalformedException.class, () -> script(name, name));
    Map<String, Object> json = script("a", "a").toJson(blobs);
    Map<String, Object> named = file("a").toJson();
    named.put("name", name);
    json.put("files", List.of(named));
    json.put("main", name);
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @Test
  void namesHaveALimitAndAreText() {
    assertThrows(MalformedException.class, () -> script("\ud83d", "\ud83d"));
    String over = "n".repeat(ScriptFileReference.MAX_NAME + 1);
    assertThrows(MalformedException.class, () -> script(over, over));
  }

  @Test
  void theMainFileIsOneOfThem() {
    assertThrows(MalformedException.class, () -> script("c", "a", "b"));
    Map<String, Object> json = script("a", "a", "b").toJson(blobs);
    json.put("main", "A");
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @Test
  void membersAndKindsAreKnown() {
    Map<String, Object> json = script("a", "a").toJson(blobs);
    for (String name : json.keySet()) {
      Map<String, Object> fewer = new LinkedHashMap<>(json);
      fewer.remove(name);
      assertThrows(MalformedException.class, () -> parse(fewer), "without " + name);
    }
    Map<String, Object> more = new LinkedHashMap<>(json);
    more.put("name", "a");
    assertThrows(MalformedException.class, () -> parse(more));
    Map<String, Object> kind = new LinkedHashMap<>(json);
    kind.put("kind", "wasm");
    assertThrows(MalformedException.class, () -> parse(kind));
    Map<String, Object> named = file("a").toJson();
    named.put("more", 1L);
    json.put("files", List.of(named));
    assertThrows(MalformedException.class, () -> parse(json));
  }

  @Test
  void filesAreCountedAndLongListsAreBlobs() {
    assertThrows(MalformedException.class, () -> script("a"));
    String[] most = new String[ScriptReference.MAX_FILES];
    for (int i = 0; i < most.length; i++) {
      most[i] = "f" + i;
    }
    ScriptReference script = script("f0", most);
    Map<String, Object> json = script.toJson(blobs);
    assertFalse(json.get("files") instanceof List);
    assertEquals(1, blobs.size());
    assertEquals(script, parse(json));
    Map<Hash, byte[]> again = new LinkedHashMap<>();
    parse(json).toJson(again);
    assertArrayEquals(blobs.values().iterator().next(), again.values().iterator().next());

    List<ScriptFileReference> more = new ArrayList<>(script.files());
    more.add(file("one more"));
    assertThrows(MalformedException.class, () -> new ScriptReference("f0", "module", more));
    List<Object> list = new ArrayList<>();
    more.forEach(each -> list.add(each.toJson()));
    json.put("files", LongList.toJson(list, blobs));
    assertThrows(MalformedException.class, () -> parse(json));
  }
}
