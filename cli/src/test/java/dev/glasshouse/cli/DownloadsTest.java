package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of an archive, as paths of this machine. */
final class DownloadsTest {
  private static final Path BASE = Path.of("/base");

  @Test
  void namesStayBelowTheirDirectory() {
    assertEquals(BASE.resolve("a"), Downloads.place(BASE, "a"));
    assertEquals(BASE.resolve("a/b c"), Downloads.place(BASE, "a/b c"));
    assertEquals(BASE.resolve("a/b"), Downloads.place(BASE, "a/b/"));
    assertEquals(BASE.resolve("..."), Downloads.place(BASE, "..."));
  }

  /** No archive has these; this is the second lock. */
  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../b", ".", "a/./b", "/etc/passwd", "a//b", "", "a\0b"})
  void whatCouldLeadElsewhereIsRefused(String name) {
    CommandException e =
        assertThrows(CommandException.class, () -> Downloads.place(BASE, name), name);
    assertEquals(3, e.exitCode());
  }
}
