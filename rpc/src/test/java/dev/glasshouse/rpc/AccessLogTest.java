package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is written of accesses. */
final class AccessLogTest {
  private static final String TIME = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]";

  private static void assertLine(String expected, String line) {
    assertEquals(expected, line.replaceFirst(TIME, "TIME"), line);
  }

  @Test
  void linesHaveTheCommonForm() {
    assertLine(
        "127.0.0.1 - bob TIME \"CALL add +2\" ok:2,thrown:1 912 1.4",
        AccessLog.line("127.0.0.1", "bob", "CALL add +2", "ok:2,thrown:1", 912, 1_440_000));
    assertLine(
        "- - - TIME \"GET /a?b=c HTTP/1.1\" 404 0 0.0",
        AccessLog.line(null, "", "GET /a?b=c HTTP/1.1", "404", 0, 0));
  }

  @Test
  void whatClientsWriteStaysInItsField() {
    assertLine(
        "::1 - a\\u0020b\\u0022 TIME \"CALL x\\u0022\\u005c\\u000a\\u001b\\u202e y\" ok 1 0.0",
        AccessLog.line("::1", "a b\"", "CALL x\"\\\n\u001b\u202e y", "ok", 1, 0));
    String cut = AccessLog.line("::1", null, "x".repeat(5000), "ok", 1, 0);
    assertTrue(cut.length() < 1100 && cut.contains("x...\""), cut);
  }
}
