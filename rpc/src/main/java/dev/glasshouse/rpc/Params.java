package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.glasshouse.rpc.JsonRpc.Code;
import dev.glasshouse.rpc.JsonRpc.RpcException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The named parameters of a method of the host itself. */
final class Params {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final Map<String, String> values = new HashMap<>();

  private Params() {}

  static Params parse(String text) throws RpcException {
    Params params = new Params();
    if (text == null || !text.startsWith("{")) {
      throw new RpcException(Code.INVALID_PARAMS, "this method takes named parameters: an object");
    }
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken().isScalarValue()) {
          params.values.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new RpcException(Code.PARSE_ERROR, "not JSON");
    }
    return params;
  }

  String string(String name) throws RpcException {
    String value = values.get(name);
    if (value == null) {
      throw new RpcException(Code.INVALID_PARAMS, "the parameter \"" + name + "\" is missing");
    }
    return value;
  }

  long count(String name) throws RpcException {
    try {
      long value = Long.parseLong(string(name));
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a negative number is.
    }
    throw new RpcException(Code.INVALID_PARAMS, "the parameter \"" + name + "\" is a count");
  }
}
