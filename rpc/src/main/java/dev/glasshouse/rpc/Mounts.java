package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.ScriptFileReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All modules of a service, by their paths: either one at the root, or any number by names. */
final class Mounts {
  private final Map<String, Mounted> modules = new LinkedHashMap<>();
  private final ConsolePage console = ConsolePage.ofHost();

  /**
   * Whose a path is.
   *
   * @param below the path within the module, with a slash first; empty if the path ends with the
   *     module's name
   */
  record Place(Mounted module, String below) {}

  /** Throws {@link IllegalArgumentException} unless they are at different places. */
  Mounts(List<Mount> mounts, ServiceSettings.Access access, Vertx vertx) {
    for (Mount mount : mounts) {
      if (modules.put(mount.name(), new Mounted(mount, access, vertx)) != null) {
        throw new IllegalArgumentException("two modules at " + mount.prefix() + "/");
      }
    }
    if (modules.isEmpty() || (modules.size() > 1 && modules.containsKey(""))) {
      throw new IllegalArgumentException("a module at the root is the only one");
    }
  }

  /** A copy of a log, which has the root. */
  Mounts(CopiedLog copy, Vertx vertx) {
    modules.put("", new Mounted(copy, vertx));
  }

  /** The modules, in the order in which they were given. */
  List<Mounted> all() {
    return List.copyOf(modules.values());
  }

  /** The module that has the root; null if there are names. */
  Mounted root() {
    return modules.get("");
  }

  /** Whose a decoded path is; null if nobody's. */
  Place find(String path) {
    if (root() != null) {
      return new Place(root(), path);
    }
    int end = path.indexOf('/', 1);
    String name = path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    Mounted module = modules.get(name);
    return module == null ? null : new Place(module, end < 0 ? "" : path.substring(end));
  }

  /** Answers a GET. */
  Future<HttpAnswer> get(Asked asked) {
    Place place = find(asked.path());
    Asked below = place == null ? asked : asked.at(place.below());
    if (console.covers(below)) {
      return Future.succeededFuture(console.get(below));
    }
    if (place != null) {
      return place.module().get(below);
    }
    boolean isRoot = asked.path().equals("/");
    return Future.succeededFuture(
        isRoot ? list(asked.wantsJson()) : HttpAnswer.notFound(nothingAt(asked.path())));
  }

  /** A sentence that says that no module is at a path, and where they are. */
  String nothingAt(String path) {
    String places =
        modules.keySet().stream().map(name -> "/" + name + "/").collect(Collectors.joining(", "));
    return "no module is at " + path + "; this host serves " + places;
  }

  private HttpAnswer list(boolean wantsJson) {
    HttpAnswer answer =
        wantsJson
            ? HttpAnswer.ok(json(), Publication.JSON)
            : HttpAnswer.ok(text().getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    return answer.cached("no-cache").with("vary", "accept");
  }

  private byte[] json() {
    List<Object> list = new ArrayList<>();
    for (Mounted module : modules.values()) {
      GenesisEntry genesis = module.log().genesis();
      List<Object> files = new ArrayList<>();
      for (ScriptFileReference file : genesis.script().files()) {
        files.add(Map.of("name", file.name(), "sha256", file.source().sha256().hex()));
      }
      Map<String, Object> map = new TreeMap<>();
      map.put("key", key(genesis));
      map.put("log", module.log().id().hex());
      map.put("name", module.name());
      map.put("path", module.prefix() + "/");
      map.put("script", Map.of("files", files, "main", genesis.script().main()));
      list.add(map);
    }
    return CanonicalJson.format(Map.of("modules", list));
  }

  private String text() {
    StringBuilder out = new StringBuilder("A Glasshouse host. Each module has a log of its own;");
    out.append(" audit it with glass verify HOST:PORT/NAME\n");
    for (Mounted module : modules.values()) {
      GenesisEntry genesis = module.log().genesis();
      out.append('\n').append(module.prefix()).append("/\n");
      for (ScriptFileReference file : genesis.script().files()) {
        out.append("script  ").append(file.source().sha256()).append(' ').append(file.name());
        out.append('\n');
      }
      out.append("log     ").append(module.log().id()).append('\n');
      out.append("key     ").append(key(genesis)).append('\n');
    }
    return out.toString();
  }

  private static String key(GenesisEntry genesis) {
    return new NoteKey(genesis.origin(), genesis.host()).format();
  }
}
