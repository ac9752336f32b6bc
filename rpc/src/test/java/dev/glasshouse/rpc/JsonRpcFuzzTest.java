package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Untrusted;
import dev.glasshouse.rpc.JsonRpc.Frame;
import dev.glasshouse.rpc.JsonRpc.Message;
import dev.glasshouse.rpc.JsonRpc.RpcException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class JsonRpcFuzzTest {
  @FuzzTest
  void frames(byte[] input) throws RpcException {
    String text = new String(input, StandardCharsets.UTF_8);
    Optional<Frame> frame = Untrusted.parse(input, bytes -> parse(text)).flatMap(found -> found);
    if (frame.isEmpty()) {
      return;
    }
    List<Message> messages = frame.get().messages();
    assertTrue(!messages.isEmpty() && messages.size() <= JsonRpc.MAX_BATCH);
    for (Message message : messages) {
      if (message.invalid() == null) {
        Message again = JsonRpc.parse(format(message)).messages().get(0);
        assertEquals(message.id(), again.id());
        assertEquals(message.params(), again.params());
        // Quoted: half of a surrogate pair cannot be written.
        assertEquals(JsonRpc.quote(message.method()), JsonRpc.quote(again.method()));
        Untrusted.parse(input, bytes -> params(message.params()));
      } else if (message.id() != null) {
        // What answers it must be JSON, whatever stood in its place.
        JsonRpc.parse(JsonRpc.error(message.id(), -32600, message.invalid(), null));
      }
    }
  }

  private static Optional<Frame> parse(String text) {
    try {
      return Optional.of(JsonRpc.parse(text));
    } catch (RpcException e) {
      assertFalse(e.getMessage().isEmpty());
      return Optional.empty();
    }
  }

  private static Optional<Params> params(String text) {
    try {
      Params params = Params.parse(text);
      assertTrue(params.count("from") >= 0);
      return Optional.of(params);
    } catch (RpcException e) {
      return Optional.empty();
    }
  }

  private static String format(Message message) {
    return "{\"jsonrpc\":\"2.0\",\"method\":"
        + JsonRpc.quote(message.method())
        + (message.id() == null ? "" : ",\"id\":" + message.id())
        + (message.params() == null ? "" : ",\"params\":" + message.params())
        + "}";
  }
}
