package dev.glasshouse.calllog;

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
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return text.length() == 2 * SESSION_BYTES;
  }

  /** Parses a request text; accepts only what {@link #format} writes. */
  public static SignedCall parse(String text) {
    Head head = new Head(text);
    head.take("{\"v\":1,\"log\":\"");
    Hash log = Hash.parseHex(head.quoted("log"));
    head.take(",\"session\":\"");
    String session = head.quoted("session");
    head.take(",\"n\":");
    long n = head.count("n");
    head.take(",\"seen\":{\"size\":");
    long size = head.count("seen.size");
    head.take(",\"root\":\"");
    Hash root = Hash.parseHex(head.quoted("seen.root"));
    head.take("}");
    // What is left has the form of a request of a caller who does not sign.
    Request.expect(text.startsWith(",\"calls\":", head.at), "\"calls\" follows \"seen\"");
    List<MethodCall> calls = Request.parse("{" + text.substring(head.at + 1));
    return new SignedCall(log, session, n, new TreeHead(size, root), calls);
  }

  /** Reads what stands before the calls: always the same but for hex digits and two numbers. */
  private static final class Head {
    private final String text;
    private int at;

    Head(String text) {
      this.text = text;
    }

    void take(String expected) {
      if (!text.startsWith(expected, at)) {
        throw Request.malformed(expected + " is missing or not where it belongs");
      }
      at += expected.length();
    }

    // What its form is, is looked at by whoever knows it.
    String quoted(String name) {
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw Request.malformed("\"" + name + "\" does not end");
      }
      String value = text.substring(at, end);
      at = end + 1;
      return value;
    }

    long count(String name) {
      int from = at;
      long value = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = 10 * value + (text.charAt(at++) - '0');
        if (value > CanonicalJson.MAX_INTEGER) {
          throw Request.malformed("\"" + name + "\" is beyond 2^53");
        }
      }
      if (at == from || (text.charAt(from) == '0' && at > from + 1)) {
        throw Request.malformed("\"" + name + "\" is a count without a sign or leading zeros");
      }
      return value;
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
}
