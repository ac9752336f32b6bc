package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineDiffTest {
  private static List<String> diff(String old, String now) {
    return LineDiff.between(old.getBytes(UTF_8), now.getBytes(UTF_8));
  }

  // As `diff -u` has it.
  @Test
  void changesStandBetweenThreeLinesOfContext() {
    assertEquals(
        List.of("@@ -2,7 +2,7 @@", " b", " c", " d", "-e", "+E", " f", " g", " h"),
        diff("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "a\nb\nc\nd\nE\nf\ng\nh\ni\n"));
    assertEquals(List.of("@@ -1,2 +1,3 @@", " a", "+x", " b"), diff("a\nb\n", "a\nx\nb\n"));
    assertEquals(
        List.of(
            "@@ -1,4 +1,3 @@",
            "-a",
            " 1",
            " 2",
            " 3",
            "@@ -6,4 +5,4 @@",
            " 5",
            " 6",
            " 7",
            "-b",
            "+c"),
        diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\nc\n"));
    assertEquals(List.of(), diff("a\n", "a\n"));
  }

  @Test
  void aMissingLastNewlineIsSaid() {
    assertEquals(
        List.of("@@ -1 +1 @@", "-a", "+a", "\\ No newline at end of file"), diff("a\n", "a"));
    assertEquals(List.of("@@ -0,0 +1 @@", "+a"), diff("", "a\n"));
  }

  @Test
  void bytesAndLongTextsAreNotShown() {
    assertEquals(List.of(), LineDiff.between(new byte[] {(byte) 0xff}, new byte[] {'a'}));
    assertEquals(List.of(), diff("a\u0000", "b"));
    assertEquals(List.of(), diff("a", "b".repeat(LineDiff.MAX_BYTES + 1)));
  }

  @Test
  void aLongDifferenceIsCut() {
    List<String> diff = diff("", "x\n".repeat(5000));
    assertEquals(LineDiff.MAX_LINES + 1, diff.size());
    assertEquals("\u2026 and 4961 more lines", diff.get(LineDiff.MAX_LINES));
    assertTrue(diff("a", "y".repeat(3000)).stream().allMatch(line -> line.length() < 250));
    assertEquals(LineDiff.MAX_LINES + 1, diff("x\n".repeat(5000), "y\nz\n".repeat(5000)).size());
  }

  // With so few lines that everything is context, the old text is what is not added.
  @Test
  void bothTextsAreInTheDifference() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> old = lines(random);
      List<String> now = lines(random);
      List<String> diff = diff(String.join("", old), String.join("", now));
      if (old.equals(now)) {
        assertEquals(List.of(), diff, "seed " + seed);
        continue;
      }
      List<String> before = new ArrayList<>();
      List<String> after = new ArrayList<>();
      for (String line : diff.subList(1, diff.size())) {
        String text = line.substring(1) + "\n";
        if (line.charAt(0) != '+') {
          before.add(text);
        }
        if (line.charAt(0) != '-') {
          after.add(text);
        }
      }
      assertTrue(Collections.indexOfSubList(old, before) >= 0, "seed " + seed + diff);
      assertTrue(Collections.indexOfSubList(now, after) >= 0, "seed " + seed + diff);
    }
  }

  private static List<String> lines(Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      lines.add((char) ('a' + random.nextInt(3)) + "\n");
    }
    return lines;
  }
}
