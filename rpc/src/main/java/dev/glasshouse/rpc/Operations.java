package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service says of itself to those who run it: meters, and whether it is well, which it is
 * when every module is. Nothing here waits for a store.
 */
final class Operations {
  private static final String OK = "ok";
  private static final String HEALTH = "/health";

  private final Mounts mounts;
  private final Meters meters;

  Operations(Mounts mounts, Meters meters) {
    this.mounts = mounts;
    this.meters = meters;
  }

  /** Whether {@link #get} answers for a path. */
  static boolean covers(String path) {
    return path.equals("/metrics") || Health.covers(path);
  }

  /** Answers a GET of a path that is covered. */
  HttpAnswer get(String path) {
    if (path.equals("/metrics")) {
      byte[] text = meters.format().getBytes(StandardCharsets.UTF_8);
      return HttpAnswer.ok(text, Meters.TEXT).cached("no-store");
    }
    return mounts.root() != null ? mounts.root().health().get(path) : all(path);
  }

  private HttpAnswer all(String path) {
    Map<String, Object> modules = new TreeMap<>();
    String status = OK;
    for (Mounted module : mounts.all()) {
      String name = module.name();
      String trouble = module.health().trouble(path);
      modules.put(name, module.health().state(trouble));
      if (trouble != null && status.equals(OK)) {
        status = name + ": " + trouble;
      }
    }
    return answer(Map.of("modules", modules, "status", status), status.equals(OK));
  }

  private static HttpAnswer answer(Map<String, Object> map, boolean isWell) {
    byte[] json = CanonicalJson.format(map);
    HttpAnswer answer =
        isWell
            ? HttpAnswer.ok(json, Publication.JSON)
            : HttpAnswer.unavailable(json, Publication.JSON);
    return answer.cached("no-store");
  }

  /** Whether one module is well. */
  static final class Health {
    private final Published log;

    Health(Published log) {
      this.log = log;
    }

    /** Whether {@link #get} answers for a path. */
    static boolean covers(String path) {
      return path.equals(HEALTH) || path.equals("/ready");
    }

    /** Answers a GET of a path that is covered. */
    HttpAnswer get(String path) {
      String trouble = trouble(path);
      return answer(state(trouble), trouble == null);
    }

    /** Why it does not fulfil what a path that is covered asks for, or null. */
    private String trouble(String path) {
      return path.equals(HEALTH) ? log.failed() : log.unready();
    }

    private Map<String, Object> state(String trouble) {
      Map<String, Object> map = new TreeMap<>();
      map.put("log", log.id().hex());
      map.put("size", log.size());
      map.put("status", trouble == null ? OK : trouble);
      map.put("waiting", (long) log.waiting());
      return map;
    }
  }
}
