package dev.glasshouse.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer to a GET.
 *
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record HttpAnswer(int status, byte[] body, Map<String, String> headers) {

  static HttpAnswer ok(byte[] body, String type) {
    return new HttpAnswer(200, body, Map.of("content-type", type));
  }

  static HttpAnswer unavailable(byte[] body, String type) {
    return new HttpAnswer(503, body, Map.of("content-type", type));
  }

  static HttpAnswer notFound(String message) {
    return failed(404, message);
  }

  static HttpAnswer badRequest(String message) {
    return failed(400, message);
  }

  static HttpAnswer failed(int status, String message) {
    return new HttpAnswer(
        status,
        (message + "\n").getBytes(StandardCharsets.UTF_8),
        // What is not there yet may be there soon: without this, caches may keep a 404 (RFC 9111,
        // 4.2.2).
        Map.of("content-type", "text/plain; charset=utf-8", "cache-control", "no-store"));
  }

  static HttpAnswer moved(String to) {
    return failed(301, "moved to " + to).with("location", to);
  }

  HttpAnswer cached(String control) {
    return with("cache-control", control);
  }

  /** Adds a strong ETag. */
  HttpAnswer tagged(String tag) {
    return with("etag", "\"" + tag + "\"");
  }

  HttpAnswer with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new HttpAnswer(status, body, more);
  }
}
