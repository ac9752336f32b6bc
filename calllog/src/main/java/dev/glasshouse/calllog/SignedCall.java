package dev.glasshouse.calllog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a caller signs: {@code
 * {"v":1,"log":…,"session":…,"n":…,"seen":{"size":…,"root":…},"calls":[…]}}, members in this order,
 * no white space outside {@code params}.
 *
 * @param log the log it is meant for: the leaf hash of its genesis
 * @param session 16 bytes as 32 hex digits, drawn by the caller
 * @param n counts up within a session; with key and session it makes the call unrepeatable
 * @param seen the newest tree head that the caller has verified, {@link TreeHead#EMPTY} if none
 */
public record SignedCall(Hash log, String session, long n, TreeHead seen, List<MethodCall> calls) {
  /**
   * Stands before the request's bytes in the signed message, so that nothing else can be signed.
   */
  public static final String DOMAIN = "glasshouse/call/v1\n";

  /** Bytes of a session. */
  public static final int SESSION_BYTES = 16;

  public SignedCall {
    calls = List.copyOf(calls);
    Request.expect(isSession(session), "\"session\" is 32 lower-case hex digits");
    Request.expect(n > 0 && n <= CanonicalJson.MAX_INTEGER, "\"n\" is from 1 to 2^53");
  }

  private static boolean isSession(String text) {
    return text.length() == 2 * SESSION_BYTES
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** Parses a request text; accepts only what {@link #format} writes. */
  public static SignedCall parse(String text) {
    Request.expectUnicode(text);
    try (JsonParser parser = Request.JSON.createParser(new StringReader(text))) {
      Request.expect(parser.nextToken() == JsonToken.START_OBJECT, "a signed call is an object");
      member(parser, "v");
      Request.expect(parser.nextLongValue(0) == 1, "\"v\" is 1");
      member(parser, "log");
      Hash log = Hash.parseHex(string(parser, "log"));
      member(parser, "session");
      String session = string(parser, "session");
      member(parser, "n");
      long n = parser.nextLongValue(-1);
      member(parser, "seen");
      Request.expect(parser.nextToken() == JsonToken.START_OBJECT, "\"seen\" is an object");
      member(parser, "size");
      long size = parser.nextLongValue(-1);
      member(parser, "root");
      Hash root = Hash.parseHex(string(parser, "root"));
      Request.expect(parser.nextToken() == JsonToken.END_OBJECT, "\"seen\" has size and root");
      Request.expect(size >= 0 && size <= CanonicalJson.MAX_INTEGER, "\"seen.size\" is a count");
      member(parser, "calls");
      List<MethodCall> calls = Request.calls(parser, text);
      Request.expect(parser.nextToken() == JsonToken.END_OBJECT, "nothing follows \"calls\"");
      Request.expect(parser.nextToken() == null, "nothing follows a signed call");
      SignedCall call = new SignedCall(log, session, n, new TreeHead(size, root), calls);
      Request.expect(call.format().equals(text), "it is not in its one form (order, white space)");
      return call;
    } catch (IOException e) {
      throw new MalformedException("the signed call is not JSON: " + e.getMessage(), e);
    }
  }

  /** The request's text. */
  public String format() {
    StringBuilder out = new StringBuilder(256);
    out.append("{\"v\":1,\"log\":\"").append(log.hex());
    out.append("\",\"session\":\"").append(session);
    out.append("\",\"n\":").append(n);
    out.append(",\"seen\":{\"size\":").append(seen.size());
    out.append(",\"root\":\"").append(seen.root().hex()).append("\"},");
    Request.format(calls, out);
    return out.append('}').toString();
  }

  /** The message that is signed for a request text. */
  public static byte[] message(String request) {
    return (DOMAIN + request).getBytes(StandardCharsets.UTF_8);
  }

  private static void member(JsonParser parser, String name) throws IOException {
    Request.expect(
        name.equals(parser.nextFieldName()), "member \"" + name + "\" is missing or out of order");
  }

  private static String string(JsonParser parser, String name) throws IOException {
    String value = parser.nextTextValue();
    Request.expect(value != null, "\"" + name + "\" is a string");
    return value;
  }
}
