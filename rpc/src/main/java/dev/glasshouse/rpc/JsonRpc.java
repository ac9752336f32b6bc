package dev.glasshouse.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JSON-RPC 2.0 messages (jsonrpc.org/specification), with parameters and results kept as text. */
final class JsonRpc {
  /** Requests in one batch. */
  static final int MAX_BATCH = 256;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Request.MAX_DEPTH + 2)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonRpc() {}

  /** The error codes of the specification. */
  enum Code {
    PARSE_ERROR(-32700),
    INVALID_REQUEST(-32600),
    METHOD_NOT_FOUND(-32601),
    INVALID_PARAMS(-32602),
    INTERNAL_ERROR(-32603),
    /** The module's own method threw. */
    THROWN(-32000);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * One request.
   *
   * @param id its JSON text, or null for a notification
   * @param method the name, or null if the request is invalid
   * @param params the JSON text of an array or object, or null if there is none
   * @param invalid why it is no valid request, or null
   */
  record Message(String id, String method, String params, String invalid) {}

  /** What one frame holds. */
  record Frame(List<Message> messages, boolean isBatch) {}

  /** An error that answers a whole frame or one request. */
  static final class RpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    RpcException(Code code, String message) {
      this(code.number(), message);
    }

    RpcException(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Parses a frame; throws only if it is not JSON or not an object or array at all. */
  static Frame parse(String text) throws RpcException {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new RpcException(Code.PARSE_ERROR, "not JSON: the message is empty");
      }
      List<Message> messages = new ArrayList<>();
      boolean isBatch = first == JsonToken.START_ARRAY;
      if (isBatch) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (messages.size() == MAX_BATCH) {
            throw new RpcException(
                Code.INVALID_REQUEST, "a batch has at most " + MAX_BATCH + " requests");
          }
          messages.add(message(parser, text));
        }
      } else {
        messages.add(message(parser, text));
      }
      if (parser.nextToken() != null) {
        throw new RpcException(Code.PARSE_ERROR, "something follows the JSON value");
      }
      if (messages.isEmpty()) {
        throw new RpcException(Code.INVALID_REQUEST, "the batch is empty");
      }
      return new Frame(messages, isBatch);
    } catch (IOException e) {
      String message = e.getMessage();
      int end = message.indexOf('\n');
      throw new RpcException(
          Code.PARSE_ERROR, "not JSON: " + (end < 0 ? message : message.substring(0, end)));
    }
  }

  private static Message message(JsonParser parser, String text) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Message("null", null, null, "a request is an object");
    }
    String id = null;
    String method = null;
    String params = null;
    String version = null;
    String invalid = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      int from = (int) parser.currentTokenLocation().getCharOffset();
      parser.skipChildren();
      switch (name) {
        case "jsonrpc" -> version = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        case "method" -> method = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        case "id" -> {
          id = id(parser, value);
          invalid = id == null ? "\"id\" is a string, a number or null" : invalid;
        }
        case "params" -> {
          if (value == JsonToken.VALUE_NULL) {
            // Not in the specification, but clients in use send it for no parameters.
            continue;
          }
          if (value != JsonToken.START_ARRAY && value != JsonToken.START_OBJECT) {
            invalid = "\"params\" is an array or an object";
          }
          params = text.substring(from, (int) parser.currentLocation().getCharOffset());
        }
        default -> {
          // The specification does not forbid other members; clients send some.
        }
      }
    }
    if (method == null) {
      invalid = "\"method\" is missing or no string";
    } else if (!"2.0".equals(version)) {
      invalid = "\"jsonrpc\" is not \"2.0\"";
    }
    return new Message(invalid != null && id == null ? "null" : id, method, params, invalid);
  }

  private static String id(JsonParser parser, JsonToken value) throws IOException {
    return switch (value) {
      case VALUE_STRING -> quote(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
      case VALUE_NULL -> "null";
      default -> null;
    };
  }

  /** A response with a result, given as JSON text. */
  static String result(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  /** A response with an error; {@code data} is JSON text or null. */
  static String error(String id, int code, String message, String data) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"error\":{\"code\":"
        + code
        + ",\"message\":"
        + quote(message)
        + (data == null ? "" : ",\"data\":" + data)
        + "}}";
  }

  /**
   * A JSON string. Halves of surrogate pairs, which no JSON text of ours may hold, become U+FFFD.
   */
  static String quote(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                clean.appendCodePoint(
                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c));
    StringBuilder out = new StringBuilder(text.length() + 16);
    CanonicalJson.write(clean.toString(), out);
    return out.toString();
  }
}
