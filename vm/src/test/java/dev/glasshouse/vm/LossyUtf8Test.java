package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LossyUtf8Test {
  // What TextDecoder of browsers and Node makes of them; ? stands for U+FFFD.
  @ParameterizedTest
  @CsvSource({
    "41, A",
    "efbbbf41, \ufeffA",
    "eda080, ???",
    "edbfbf41, ???A",
    "eda0, ??",
    "ed9fbf, \ud7ff",
    "e28241, ?A",
    "e282, ?",
    "e08080, ???",
    "c0af, ??",
    "c3, ?",
    "f08080, ???",
    "f0908041, ?A",
    "f4908080, ????",
    "f48fbfbf, \udbff\udfff",
    "f5808080, ????",
    "80bf, ??",
    "e2c3a9, ?é",
  })
  void malformedPartsAreReplacedAsTheStandardSays(String hex, String text) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertEquals(text.replace('?', '\ufffd'), LossyUtf8.decode(bytes));
  }

  @Test
  void whatIsWellFormedIsWhatItIs() {
    long seed = 8;
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder("\ufffd");
      for (int j = random.nextInt(8); j > 0; j--) {
        int code = random.nextInt(Character.MAX_CODE_POINT + 1);
        if (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE) {
          text.appendCodePoint(code);
        }
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      assertEquals(text.toString(), LossyUtf8.decode(bytes), () -> "seed " + seed);
    }
  }
}
