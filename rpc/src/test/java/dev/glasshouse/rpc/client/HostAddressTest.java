package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.MalformedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, false, localhost, 5555, ''",
    "localhost:80, false, localhost, 80, ''",
    "127.0.0.1:65535, false, 127.0.0.1, 65535, ''",
    "example.org, false, example.org, 5555, ''",
    "example.org/, false, example.org, 5555, ''",
    "localhost:5555/album, false, localhost, 5555, /album",
    "localhost:80/album/, false, localhost, 80, /album",
    "[::1]:80/album, false, [::1], 80, /album",
    "ws://example.org:1/, false, example.org, 1, ''",
    "http://example.org, false, example.org, 80, ''",
    "http://example.org/counter/, false, example.org, 80, /counter",
    "https://example.org, true, example.org, 443, ''",
    "HTTPS://example.org:5555/, true, example.org, 5555, ''",
    "wss://example.org/a/b%20c, true, example.org, 443, /a/b%20c",
    "[::1], false, [::1], 5555, ''",
    "[::1]:8080, false, [::1], 8080, ''",
    "https://[::1]/x, true, [::1], 443, /x",
  })
  void readsWhatAPersonTypes(String text, boolean secure, String host, int port, String path) {
    HostAddress address = HostAddress.parse(text);
    assertEquals(new HostAddress(secure, host, port, path), address);
    assertEquals(address, HostAddress.parse(address.toString()), address.toString());
    String at = host + ":" + port + path;
    assertEquals((secure ? "wss://" : "ws://") + at + "/", address.webSocket().toString());
    assertEquals((secure ? "https://" : "http://") + at + "/x", address.http("/x").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org:5555/, example.org:5555",
    "example.org:5555/counter/, http://example.org:5555/counter",
    "https://example.org:443/, https://example.org",
    "wss://example.org:444/counter/, https://example.org:444/counter",
    "ws://example.org/counter, http://example.org/counter",
  })
  void isWrittenInOneWay(String text, String written) {
    assertEquals(written, HostAddress.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        ":80",
        "a b",
        "host:port",
        "host:0",
        "host:65536",
        "host:-1",
        "user@host",
        "host/path",
        "[::1]/path",
        "host:1/a//b",
        "host:1/a?query",
        "host?query",
        "host#part",
        "ftp://host",
        "https://",
        "https://user@host",
        "https://host/a//b",
        "https://host/a?query",
        "https://host/a#part",
        "https://host/a b",
        "https://host//",
        "https:///a",
        "https://host/a%",
        "ws://http://host",
        "::1",
        "[::1",
        "ho_st",
        "ws://"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThrows(MalformedException.class, () -> HostAddress.parse(text), text);
  }
}
