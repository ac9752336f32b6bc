package dev.glasshouse.rpc;

import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What a GET asks for.
 *
 * @param path decoded, starting with a slash; of what is asked of a module, the path below it, and
 *     empty if it is the module's own without a slash
 * @param root which archive root to read files under, or null for the newest
 * @param wantsProof whether a proof of what is there is wanted, if there are any
 * @param wantsJson whether the client prefers JSON to what people read
 * @param wantsPage whether the client says that it shows pages, as browsers do
 * @param takesGzip whether the client reads gzip
 */
record Asked(
    String path,
    String root,
    boolean wantsProof,
    boolean wantsJson,
    boolean wantsPage,
    boolean takesGzip) {

  /** Reads a request; throws {@link IllegalArgumentException} if a % begins no escape. */
  static Asked of(HttpServerRequest request) {
    String accept = String.valueOf(request.getHeader("accept"));
    boolean wantsJson =
        accept.contains("application/json")
            || String.valueOf(request.query()).contains("format=json");
    return new Asked(
        path(request),
        request.getParam("root"),
        request.getParam("proof") != null,
        wantsJson,
        accept.contains("text/html"),
        Conditions.takesGzip(request.getHeader("accept-encoding")));
  }

  /** The path of a request; throws {@link IllegalArgumentException} if a % begins no escape. */
  static String path(HttpServerRequest request) {
    // A plus sign is itself in a path.
    return URLDecoder.decode(request.path().replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The same at another path. */
  Asked at(String other) {
    return new Asked(other, root, wantsProof, wantsJson, wantsPage, takesGzip);
  }
}
