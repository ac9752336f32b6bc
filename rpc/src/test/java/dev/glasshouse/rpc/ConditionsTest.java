package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The headers that choose between answers. */
class ConditionsTest {
  @ParameterizedTest
  @CsvSource({
    "gzip, true",
    "GZip, true",
    "x-gzip, true",
    "'br, gzip;q=0.5', true",
    "'deflate,gzip , br', true",
    "*, true",
    "gzip;q=0.001, true",
    "'', false",
    "identity, false",
    "gzipped, false",
    "gzip;q=0, false",
    "gzip; q=0.000, false",
    "'gzip;q=0, *', false",
    "'*, gzip;q=0', false",
    "*;q=0, false",
    ", false",
  })
  void gzipIsSentToWhoeverTakesIt(String accepted, boolean taken) {
    assertEquals(taken, Conditions.takesGzip(accepted));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"ab\"', true",
    "'W/\"ab\"', true",
    "*, true",
    "'\"cd\" , \"ab\"', true",
    "'\"abc\"', false",
    "ab, false",
    ", false",
  })
  void tagIsFoundAmongThoseHeld(String held, boolean found) {
    assertEquals(found, Conditions.names(held, "\"ab\""));
  }

  @Test
  void answerWithoutTagIsAlwaysSent() {
    assertFalse(Conditions.names("*", null));
  }
}
