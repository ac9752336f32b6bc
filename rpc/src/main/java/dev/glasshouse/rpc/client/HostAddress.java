package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a host is: {@code HOST[:PORT]}, or a {@code ws:} or {@code http:} URL of it.
 *
 * @param host name or address, an IPv6 address in brackets
 */
public record HostAddress(String host, int port) {
  /** The port of a host unless told otherwise. */
  public static final int DEFAULT_PORT = 5555;

  private static final int MAX_PORT = 65_535;

  /** Parses what a person types. */
  public static HostAddress parse(String text) {
    String rest = text;
    for (String scheme : new String[] {"ws://", "http://"}) {
      if (rest.startsWith(scheme)) {
        rest = rest.substring(scheme.length());
        break;
      }
    }
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    try {
      URI uri = new URI("ws", rest, null, null, null).parseServerAuthority();
      boolean isPort = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= MAX_PORT);
      if (uri.getHost() == null
          || uri.getUserInfo() != null
          || !uri.getAuthority().equals(rest)
          || !isPort) {
        throw new MalformedException("\"" + text + "\" is no host; write HOST or HOST:PORT");
      }
      return new HostAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    } catch (URISyntaxException e) {
      throw new MalformedException("\"" + text + "\" is no host; write HOST or HOST:PORT", e);
    }
  }

  URI webSocket() {
    return URI.create("ws://" + this + "/");
  }

  URI http(String path) {
    return URI.create("http://" + this + path);
  }

  /** {@code HOST:PORT}. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
