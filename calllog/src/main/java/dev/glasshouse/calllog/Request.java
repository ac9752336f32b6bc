package dev.glasshouse.calllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The request of a caller whom a debug host took at its word: {@code
 * {"calls":[{"method":…,"params":[…]},…]}}. Also the part that a {@link SignedCall} shares with it.
 */
public final class Request {
  /** Calls that one request may make. */
  public static final int MAX_CALLS = 256;

  /** Arrays and objects within each other, the request's own two included. */
  public static final int MAX_DEPTH = 512;

  /** Digits of one number, those of its exponent included. */
  public static final int MAX_NUMBER = 1000;

  /** UTF-16 code units of a member's name. */
  public static final int MAX_NAME = 50_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER)
                  .maxNameLength(MAX_NAME)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private Request() {}

  /** Parses a whole request text; accepts only what {@link #format} writes. */
  public static List<MethodCall> parse(String text) {
    expectUnicode(text);
    try (JsonParser parser = JSON.createParser(new StringReader(text))) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, "a request is an object");
      expect("calls".equals(parser.nextFieldName()), "a request has the one member \"calls\"");
      List<MethodCall> calls = calls(parser, text);
      expect(parser.nextToken() == JsonToken.END_OBJECT, "a request has the one member \"calls\"");
      expect(parser.nextToken() == null, "nothing follows a request");
      expect(format(calls).equals(text), "a request has no white space outside \"params\"");
      return calls;
    } catch (IOException e) {
      throw new MalformedException("the request is not JSON: " + e.getMessage(), e);
    }
  }

  /** Throws {@link MalformedException} if no request could make this call. */
  public static void require(MethodCall call) {
    expectUnicode(call.method());
    expectUnicode(call.params());
    requireMethod(call.method());
    try (JsonParser parser = JSON.createParser(new StringReader(call.params()))) {
      parser.nextToken();
      expect(
          call.params().equals(params(parser, call.params())),
          "\"params\" is one array and no more");
    } catch (IOException e) {
      throw new MalformedException("the call is not JSON: " + e.getMessage(), e);
    }
  }

  /** The text of a request. */
  public static String format(List<MethodCall> calls) {
    StringBuilder out = new StringBuilder("{");
    format(calls, out);
    return out.append('}').toString();
  }

  static void format(List<MethodCall> calls, StringBuilder out) {
    out.append("\"calls\":[");
    String separator = "";
    for (MethodCall call : calls) {
      out.append(separator).append("{\"method\":");
      CanonicalJson.writeString(call.method(), out);
      out.append(",\"params\":").append(call.params()).append('}');
      separator = ",";
    }
    out.append(']');
  }

  /** Reads the array after the member name {@code calls}; {@code text} is what is being parsed. */
  private static List<MethodCall> calls(JsonParser parser, String text) throws IOException {
    expect(parser.nextToken() == JsonToken.START_ARRAY, "\"calls\" is an array");
    List<MethodCall> calls = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      expect(calls.size() < MAX_CALLS, "a request makes at most " + MAX_CALLS + " calls");
      expect("method".equals(parser.nextFieldName()), "a call has \"method\" first");
      String method = parser.nextTextValue();
      requireMethod(method);
      expect("params".equals(parser.nextFieldName()), "a call has \"params\" second");
      parser.nextToken();
      calls.add(new MethodCall(method, params(parser, text)));
      expect(
          parser.nextToken() == JsonToken.END_OBJECT, "a call has \"method\" and \"params\" only");
    }
    expect(parser.currentToken() == JsonToken.END_ARRAY, "\"calls\" is an array of objects");
    expect(!calls.isEmpty(), "a request makes at least one call");
    return List.copyOf(calls);
  }

  private static void requireMethod(String method) {
    expect(method != null && !method.isEmpty(), "\"method\" is a name");
    expect(
        method.length() <= MethodCall.MAX_METHOD,
        "\"method\" has at most " + MethodCall.MAX_METHOD + " characters");
  }

  // The text of the array that begins with the parser's current token.
  private static String params(JsonParser parser, String text) throws IOException {
    expect(parser.currentToken() == JsonToken.START_ARRAY, "\"params\" is an array");
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return text.substring(from, (int) parser.currentLocation().getCharOffset());
  }

  // Half of a surrogate pair has no UTF-8 form: nobody can have signed it, and no entry can hold
  // it.
  private static void expectUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        expect(
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1)),
            "it holds half of a surrogate pair");
        i++;
      }
    }
  }

  static void expect(boolean holds, String rule) {
    if (!holds) {
      throw malformed(rule);
    }
  }

  static MalformedException malformed(String rule) {
    return new MalformedException("malformed request: " + rule);
  }
}
