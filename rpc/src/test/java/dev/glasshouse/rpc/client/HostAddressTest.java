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
    "localhost, localhost, 5555",
    "localhost:80, localhost, 80",
    "127.0.0.1:65535, 127.0.0.1, 65535",
    "example.org, example.org, 5555",
    "ws://example.org:1/, example.org, 1",
    "http://example.org, example.org, 5555",
    "[::1], [::1], 5555",
    "[::1]:8080, [::1], 8080",
  })
  void readsWhatAPersonTypes(String text, String host, int port) {
    HostAddress address = HostAddress.parse(text);
    assertEquals(new HostAddress(host, port), address);
    assertEquals(address, HostAddress.parse(address.toString()));
    assertEquals("ws://" + host + ":" + port + "/", address.webSocket().toString());
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
        "host?query",
        "host#part",
        "https://host",
        "wss://host",
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
