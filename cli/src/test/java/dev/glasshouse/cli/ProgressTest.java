package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final long MILLI = 1_000_000;

  private final StringWriter shown = new StringWriter();
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  private Progress progress(boolean watched) {
    return new Progress(
        new PrintWriter(shown),
        () -> {
          asked.incrementAndGet();
          return watched;
        },
        now::get);
  }

  @Test
  void whatIsDoneAtOnceShowsNothing() {
    try (Progress progress = progress(true)) {
      now.addAndGet(99 * MILLI);
      progress.verified(10, 10);
    }
    assertEquals("", shown.toString());
    assertEquals(0, asked.get());
  }

  @Test
  void drawsABarAndWipesIt() {
    try (Progress progress = progress(true)) {
      now.addAndGet(500 * MILLI);
      progress.verified(50, 100);
      assertEquals(
          "\r[" + "#".repeat(15) + "-".repeat(15) + "] 50 of 100 entries, 100/s ",
          shown.toString());
      now.addAndGet(50 * MILLI);
      progress.verified(60, 100);
      now.addAndGet(450 * MILLI);
      shown.getBuffer().setLength(0);
      progress.verified(100, 100);
      assertEquals("\r[" + "#".repeat(30) + "] 100 of 100 entries, 100/s ", shown.toString());
      shown.getBuffer().setLength(0);
    }
    assertEquals("\r" + " ".repeat(79) + "\r", shown.toString());
    assertEquals(1, asked.get());
  }

  @Test
  void isSilentWhereNobodyWatches() {
    try (Progress progress = progress(false)) {
      for (int i = 1; i < 10; i++) {
        now.addAndGet(500 * MILLI);
        progress.verified(i, 10);
      }
    }
    assertEquals("", shown.toString());
    assertEquals(1, asked.get());
  }
}
