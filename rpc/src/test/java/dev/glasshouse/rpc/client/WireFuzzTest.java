package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Untrusted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class WireFuzzTest {
  /** A message that a host sends. */
  @FuzzTest
  void responses(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Untrusted.parse(input, bytes -> response(text))
        .ifPresent(
            response -> {
              if (response.result != null) {
                assertTrue(text.contains(response.result));
                assertEquals(response.result, reread(response.result));
              }
            });
  }

  // Of what is no JSON, the connection is closed.
  private static Wire.Response response(String text) {
    try {
      return Wire.Response.parse(text);
    } catch (IOException e) {
      throw new MalformedException("no response", e);
    }
  }

  // What was cut out of a response is a JSON value, all of it and nothing more.
  private static String reread(String result) {
    Wire.Response again = response("{\"id\":7,\"result\":" + result + ",\"x\":0}");
    assertEquals(7, again.id, "what comes before and after is the response's own");
    return again.result;
  }
}
