package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What a service says of itself to those who run it: meters, and whether it is well. */
final class Operations {
  private final HostedModule module;
  private final Meters meters;

  Operations(HostedModule module, Meters meters) {
    this.module = module;
    this.meters = meters;
  }

  /** Whether {@link #get} answers for a path. */
  static boolean covers(String path) {
    return path.equals("/metrics") || path.equals("/health") || path.equals("/ready");
  }

  /** Answers a GET of a path that is covered. */
  HttpAnswer get(String path) {
    HttpAnswer answer =
        switch (path) {
          case "/metrics" ->
              HttpAnswer.ok(meters.format().getBytes(StandardCharsets.UTF_8), Meters.TEXT);
          case "/health" -> state(module.failed());
          default -> state(module.unready());
        };
    return answer.cached("no-store");
  }

  private HttpAnswer state(String trouble) {
    Map<String, Object> map = new TreeMap<>();
    map.put("log", module.log().id().hex());
    map.put("size", module.log().head().size());
    map.put("status", trouble == null ? "ok" : trouble);
    map.put("waiting", (long) module.waiting());
    byte[] json = CanonicalJson.format(map);
    return trouble == null
        ? HttpAnswer.ok(json, Publication.JSON)
        : HttpAnswer.unavailable(json, Publication.JSON);
  }
}
