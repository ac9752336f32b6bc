package dev.glasshouse.rpc.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserRuleTest {
  private static final BrowserRule DEBUG =
      new BrowserRule(
          true, "Box.lan", List.of("https://Friend.example"), List.of("demo.example.org"));
  private static final BrowserRule SIGNED = new BrowserRule(false, "::1", List.of(), List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:5555",
        "LocalHost.:80",
        "app.localhost:5555",
        "127.0.0.1:5555",
        "192.168.1.7",
        "[::1]:5555",
        "[fe80::1]",
        "box.lan:5555",
        "demo.example.org"
      })
  void aDebugHostKnowsItsNames(String host) {
    assertNull(DEBUG.refusal(host));
    assertNull(DEBUG.refusal(host, "http://" + host));
    assertNull(DEBUG.refusal(host, "https://" + host), "a server before it speaks TLS");
    assertNull(DEBUG.refusal(host, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:5555",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example:80",
        "example.org",
        "a.demo.example.org",
        "1.2.3.4.5",
        ""
      })
  void otherNamesMayBeSomebodysTrick(String host) {
    String refusal = DEBUG.refusal(host);
    assertNotNull(refusal);
    assertTrue(refusal.contains("--allow-host"), refusal);
    assertNotNull(DEBUG.refusal(host, "http://" + host), "its own page, if it were its name");
    assertNull(SIGNED.refusal(host));
    assertNull(SIGNED.refusal(host, "http://" + host));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:5555, http://localhost:3000",
    "localhost:5555, http://localhost",
    "localhost:5555, http://127.0.0.1:5555",
    "localhost:5555, http://evil.example",
    "localhost:5555, null",
    "localhost:5555, http://xlocalhost:5555",
    "localhost:5555, http://friend.example",
    "localhost:5555, https://friend.example.evil.example",
    "127.0.0.1:5555, file://",
  })
  void pagesOfOthersMayNotCallADebugHost(String host, String origin) {
    String refusal = DEBUG.refusal(host, origin);
    assertNotNull(refusal);
    assertTrue(refusal.contains("pages of " + origin + " may not call"), refusal);
    assertNull(DEBUG.readers(host, origin), "nor read what it publishes");
    assertNull(SIGNED.refusal(host, origin));
    assertEquals("*", SIGNED.readers(host, origin));
  }

  @Test
  void allowedPagesMay() {
    assertNull(DEBUG.refusal("localhost:5555", "https://friend.example"));
    assertEquals("https://friend.example", DEBUG.readers("x:1", "https://friend.example"));
    BrowserRule any = new BrowserRule(true, "127.0.0.1", List.of("*"), List.of("*"));
    assertNull(any.refusal("evil.example"));
    assertNull(any.refusal("evil.example", "null"));
  }

  @Test
  void namedOriginsAreTheOnlyOnesOfASignedHostToo() {
    BrowserRule rule =
        new BrowserRule(false, "127.0.0.1", List.of("https://friend.example"), List.of());
    assertNull(rule.refusal("api.example", "https://friend.example"));
    assertNull(rule.refusal("api.example", null));
    assertNull(rule.refusal("127.0.0.1:5555", "http://127.0.0.1:5555"));
    String refusal = rule.refusal("api.example", "https://other.example");
    assertNotNull(refusal);
    assertFalse(refusal.contains("debug"), refusal);
    assertEquals("*", rule.readers("api.example", "https://other.example"));
  }

  @Test
  void whatAStrangerWritesIsShownCutAndPlain() {
    String refusal = DEBUG.refusal("localhost", "http://\u001b[2J" + "x".repeat(10_000));
    assertNotNull(refusal);
    assertTrue(refusal.length() < 400 && refusal.chars().allMatch(c -> c >= ' '), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org, true",
    "http://localhost:3000, true",
    "chrome-extension://abc, true",
    "null, true",
    "*, true",
    "example.org, false",
    "https://example.org/, false",
    "https://, false",
    "'', false"
  })
  void originsAreWrittenAsBrowsersDo(String text, boolean isOrigin) {
    assertEquals(isOrigin, BrowserRule.isOrigin(text));
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, true",
    "my_box, true",
    "*, true",
    "example.org:80, false",
    "http://a, false",
    "'', false"
  })
  void namesHaveNoPort(String text, boolean isName) {
    assertEquals(isName, BrowserRule.isName(text));
  }
}
