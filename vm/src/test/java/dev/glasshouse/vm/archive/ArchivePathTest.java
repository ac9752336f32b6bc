package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivePathTest {
  @ParameterizedTest
  @CsvSource({
    "'',/",
    "/,/",
    "//,/",
    "a,/a",
    "/a,/a",
    "a/,/a",
    "//a///b//,/a/b",
    "/...,/...",
    "/.a/..b/c.,/.a/..b/c.",
    "/.a.,/.a.",
    "/a\\b,/a\\b",
    "/日本/é,/日本/é",
    "/😀,/😀",
    "'/ ','/ '"
  })
  void normalises(String given, String expected) throws FileException {
    assertEquals(expected, ArchivePath.parse(given).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "/.",
        "..",
        "/a/..",
        "/a/./b",
        "./a",
        "a/../b",
        "/a\0",
        "/\n",
        "/a\u001f/b",
        "/\t"
      })
  void refuses(String given) {
    assertInvalid(given);
  }

  @Test
  void refusesUnpairedSurrogates() {
    for (String given : new String[] {"/\ud83d", "/\ude00", "/\ude00\ud83d", "/a\ud83db"}) {
      assertInvalid(given);
    }
  }

  @Test
  void allowsTheFirstByteAfterControls() throws FileException {
    assertEquals("/ \u007f\u0080", ArchivePath.parse("/ \u007f\u0080").toString());
  }

  @Test
  void limitsASegment() throws FileException {
    String longest = "é".repeat(ArchiveKey.MAX_SEGMENT_BYTES / 2) + "x";
    assertEquals(255, longest.getBytes(StandardCharsets.UTF_8).length);
    assertEquals("/a/" + longest, ArchivePath.parse("/a/" + longest).toString());
    assertInvalid("/a/" + longest + "x");
    assertInvalid("/a/" + longest + "x/b");
  }

  @Test
  void limitsAPath() throws FileException {
    String longest = ("/" + "s".repeat(255)).repeat(4);
    assertEquals(ArchiveKey.MAX_PATH_BYTES, longest.length());
    assertEquals(longest, ArchivePath.parse(longest).toString());
    assertEquals(longest, ArchivePath.parse("/" + longest + "//").toString());
    assertInvalid(("/" + "s".repeat(254)).repeat(4) + "/abcd");
  }

  @Test
  void givesKeysAndParents() throws FileException {
    ArchivePath path = ArchivePath.parse("/photos/a.png");
    assertEquals("photos/a.png", path.fileKey().text());
    assertEquals("photos/a.png/", path.directoryKey().text());
    assertEquals("photos/", path.parent().directoryKey().text());
    assertTrue(path.parent().parent().isRoot());
    assertTrue(path.parent().parent().parent().isRoot());
    assertEquals(ArchiveKey.ROOT, path.parent().parent().directoryKey());
    assertTrue(path.isWithin(path));
    assertTrue(path.isWithin(ArchivePath.parse("/")));
    assertFalse(path.isWithin(ArchivePath.parse("/photo")));
  }

  @Test
  void decodesOnlyWellFormedKeys() {
    assertEquals("/a/b", ArchiveKey.parse("a/b").path());
    assertEquals("/a/b", ArchiveKey.parse("a/b/").path());
    assertEquals("/", ArchiveKey.ROOT.path());
    assertEquals("a/", ArchiveKey.parse("a/b/").parent().text());
    assertEquals(ArchiveKey.ROOT, ArchiveKey.parse("a/").parent());
    for (String bad : new String[] {"", "/", "/a", "a//", "a//b", "..", "a/./b", "\ud83d"}) {
      assertThrows(MalformedException.class, () -> ArchiveKey.parse(bad), bad);
    }
    byte[] notUtf8 = {'a', (byte) 0xC3};
    assertThrows(MalformedException.class, () -> ArchiveKey.decode(notUtf8));
    byte[] surrogate = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};
    assertThrows(MalformedException.class, () -> ArchiveKey.decode(surrogate));
    byte[] overlong = {(byte) 0xE0, (byte) 0x80, (byte) 0xAF};
    assertThrows(MalformedException.class, () -> ArchiveKey.decode(overlong));
  }

  private static void assertInvalid(String path) {
    FileException e = assertThrows(FileException.class, () -> ArchivePath.parse(path));
    assertEquals("InvalidPathError", e.name());
  }
}
