package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Verified.LastNumber;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an auditor remembers, written down and read again. */
final class VerifiedTest {
  private static final Verified VERIFIED =
      new Verified(
          Hash.of("log"),
          Level.SIGNATURES,
          new TreeHead(7, Hash.of("root")),
          HonestLog.START,
          Hash.of("files"),
          List.of(
              new LastNumber(HonestLog.identity("alice").publicKey(), "one", 3),
              new LastNumber(HonestLog.identity("bob").publicKey(), "two", 4)));

  private static void requireMalformed(String message, Consumer<Map<String, Object>> change) {
    Map<String, Object> map =
        PublishedLog.object(CanonicalJson.parse(VERIFIED.toJson(), Integer.MAX_VALUE));
    change.accept(map);
    byte[] json = CanonicalJson.format(map);
    MalformedException e =
        assertThrows(MalformedException.class, () -> Verified.parse(json), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void isReadAsItWasWritten() {
    assertEquals(VERIFIED, Verified.parse(VERIFIED.toJson()));
  }

  @Test
  void whatAnotherVersionWroteIsRefused() {
    requireMalformed("of another version", map -> map.put("v", 2L));
    requireMalformed("of another version", map -> map.put("v", "1"));
    requireMalformed("of another version", map -> map.remove("v"));
  }

  @Test
  void whatIsNotItsOneFormIsRefused() {
    requireMalformed("not in its one form", map -> map.put("more", 1L));
    requireMalformed("not in its one form", map -> map.put("level", "SIGNATURES"));
    requireMalformed(
        "not in its one form",
        map -> PublishedLog.list(PublishedLog.list(map.get("numbers")).get(1)).add(5L));
    requireMalformed(
        "not what an audit remembers",
        map -> PublishedLog.list(PublishedLog.list(map.get("numbers")).get(1)).remove(2));
    requireMalformed("not what an audit remembers", map -> map.put("numbers", "none"));
    requireMalformed("not what an audit remembers", map -> map.remove("root"));
    requireMalformed("not what an audit remembers", map -> map.put("level", "all"));
  }
}
