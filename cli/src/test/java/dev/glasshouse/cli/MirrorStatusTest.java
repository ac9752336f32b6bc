package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.UnreachableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MirrorStatusTest {
  private final StringWriter shown = new StringWriter();

  private MirrorStatus status(boolean watched) {
    return new MirrorStatus(new PrintWriter(shown), () -> watched);
  }

  @Test
  void aLogFileHasALineForEachThingThatIsNew() {
    try (MirrorStatus status = status(false)) {
      status.copied(2, Optional.empty());
      status.copied(3, Optional.empty());
      status.copied(3, Optional.of("HOST shows\u001b less"));
      status.copied(4, Optional.of("HOST shows\u001b less"));
      status.waits(new UnreachableException("gone"));
      status.waits(new UnreachableException("gone"));
      status.copied(4, Optional.empty());
      status.copied(5, Optional.of("HOST shows less"));
    }
    assertEquals(
        """
        Up to date with 2 entries.
        HOST shows less.
        Waiting: gone
        Up to date with 4 entries.
        HOST shows less.
        """,
        shown.toString().replace("\ufffd", ""));
  }

  @Test
  void aPersonSeesOneLine() {
    try (MirrorStatus status = status(true)) {
      status.copied(2, Optional.of("HOST shows\u001b less"));
      assertTrue(
          shown.toString().startsWith("\r2 entries, up to date; HOST shows"), shown::toString);
      shown.getBuffer().setLength(0);
      status.waits(new UnreachableException("x".repeat(200)));
      assertEquals(80, shown.toString().length());
    }
    assertFalse(shown.toString().contains("\n"), shown::toString);
    assertFalse(shown.toString().contains("\u001b"), shown::toString);
  }
}
