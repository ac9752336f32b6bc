package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "album", "photo-album-2", "a--", "file", "health-2"})
  void isAName(String name) {
    Mount.requireName(name);
    assertEquals("/" + name, new Mount(name, null).prefix());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-a", "A", "a_b", "a.b", "a/b", "a b", "\u00e4", "a\n", ".", "..", "a%41", "tile",
        "files", "metrics"
      })
  void isNoName(String name) {
    assertThrows(MalformedException.class, () -> Mount.requireName(name), name);
  }

  @Test
  void namesHaveAtMost64Characters() {
    Mount.requireName("a".repeat(64));
    String message =
        assertThrows(MalformedException.class, () -> new Mount("a".repeat(65), null)).getMessage();
    assertTrue(
        message.endsWith(
            "is no name for a module: write up to 64 of a-z, 0-9 and -, not" + " with - first"),
        message);
  }
}
