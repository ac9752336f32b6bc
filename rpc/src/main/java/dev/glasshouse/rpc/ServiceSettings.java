package dev.glasshouse.rpc;

import dev.glasshouse.rpc.access.AllowList;
import java.util.List;
import java.util.Optional;

/**
 * Where and how a service listens.
 *
 * @param bind address, such as 127.0.0.1
 * @param port 0 for any free one
 * @param frameBytes bytes of one message from a client
 * @param tls the files of the certificate, if it is to speak TLS alone
 * @param access who may use it
 * @param connections how many may, at the same time
 * @param publicUrl where clients find it, without a slash at the end, if a server stands before it
 */
public record ServiceSettings(
    String bind,
    int port,
    int frameBytes,
    Optional<TlsFiles> tls,
    Access access,
    Connections connections,
    Optional<String> publicUrl) {
  /** Room for a request of the default limit whose every quote is escaped. */
  public static final int DEFAULT_FRAME_BYTES = 10 << 20;

  /**
   * Who may use a service.
   *
   * @param callers whose signed calls it takes
   * @param callsPerSecond of each caller; 0 for any number
   * @param origins of the web pages that may call it besides its own; if there are none, a host for
   *     signed calls may be called from any page
   * @param names that a debug host is known by, besides its addresses and localhost
   */
  public record Access(
      AllowList callers, double callsPerSecond, List<String> origins, List<String> names) {
    /** Everybody, but pages of other origins on a debug host. */
    public static final Access DEFAULT = new Access(AllowList.EVERYBODY, 0, List.of(), List.of());

    public Access {
      origins = List.copyOf(origins);
      names = List.copyOf(names);
    }
  }

  /**
   * What one service and one client of it may take.
   *
   * @param most connections
   * @param inFlight messages of one connection that are not answered yet
   * @param pingMillis how often a WebSocket is asked whether somebody is still there
   */
  public record Connections(int most, int inFlight, long pingMillis) {
    /** For some thousand clients. */
    public static final Connections DEFAULT = new Connections(4096, 256, 30_000);
  }

  /** Without TLS, and for everybody. */
  public ServiceSettings(String bind, int port, int frameBytes) {
    this(
        bind,
        port,
        frameBytes,
        Optional.empty(),
        Access.DEFAULT,
        Connections.DEFAULT,
        Optional.empty());
  }
}
