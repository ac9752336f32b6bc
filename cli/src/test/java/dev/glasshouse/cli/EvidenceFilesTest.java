package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.VectorFile;
import dev.glasshouse.calllog.evidence.Evidence;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads about a file of evidence, and the exit code. */
class EvidenceFilesTest {
  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private Path file;

  @BeforeEach
  void name() {
    file = dir.resolve("evidence.json");
  }

  private static String vector(String claim, boolean proved) {
    for (Map<String, Object> each :
        VectorFile.objects(VectorFile.read("evidence.json").get("judged"))) {
      String text = (String) each.get("text");
      if (each.get("proved").equals(proved) && text.contains("\"claim\":\"" + claim + "\"")) {
        return text;
      }
    }
    throw new AssertionError("no vector");
  }

  private int judge(String text, Hash pinned) throws IOException {
    Files.writeString(file, text);
    return EvidenceFiles.judge(file, pinned, new PrintWriter(out));
  }

  private void assertUsage(String why) {
    CommandException e =
        assertThrows(
            CommandException.class, () -> EvidenceFiles.judge(file, null, new PrintWriter(out)));
    assertEquals(2, e.exitCode());
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  @Test
  void whatIsProvedIsSaid() throws IOException {
    for (String claim : new String[] {"fork", "entry"}) {
      String text = vector(claim, true);
      Hash log = Evidence.parse(text.getBytes(StandardCharsets.UTF_8)).log();
      assertEquals(4, judge(text, null));
      assertTrue(out.toString().startsWith("PROVED: the log's key signed"), out.toString());
      assertTrue(out.toString().contains("Log:    " + log + "\n"), out.toString());
      assertTrue(out.toString().contains("--log compares it"), out.toString());
      out.getBuffer().setLength(0);
      assertEquals(4, judge(text, log));
      assertFalse(out.toString().contains("--log"), out.toString());
      out.getBuffer().setLength(0);
      assertEquals(3, judge(text, Hash.of("other")));
      assertTrue(out.toString().startsWith("NOT PROVED: it is about log " + log), out.toString());
      out.getBuffer().setLength(0);
    }
  }

  @Test
  void whatIsNotProvedIsNoMalformedFile() throws IOException {
    assertEquals(3, judge(vector("rollback", false), null));
    assertTrue(
        out.toString().startsWith("NOT PROVED: both checkpoints may be true"), out.toString());
    assertTrue(out.toString().contains("Older:  "), out.toString());
  }

  @Test
  void aStrangersTextDoesNotSteerATerminal() throws IOException {
    Map<String, Object> map = VectorFile.read("evidence.json");
    assertTrue(map.containsKey("judged"));
    Evidence base = Evidence.parse(vector("fork", true).getBytes(StandardCharsets.UTF_8));
    String text = new String(base.format(), StandardCharsets.UTF_8);
    String changed = text.replace("\"text\":\"", "\"text\":\"\\u001b[2J");
    assertEquals(4, judge(changed, null));
    assertTrue(out.toString().contains("The file itself says: \ufffd[2J"), out.toString());
    assertFalse(out.toString().contains("\u001b"), out.toString());
  }

  @Test
  void whatIsNoEvidenceIsUsage() throws IOException {
    assertUsage("no such file");
    Files.writeString(file, "{}");
    assertUsage("is no file of evidence: evidence lacks");
    Files.write(file, CanonicalJson.format("x".repeat(100)));
    assertUsage("must be an object");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    assertUsage("over the limit");
  }
}
