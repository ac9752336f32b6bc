package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.SignedCall;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each HTTP request and each call, to the logger {@value #LOGGER}, in the common log
 * format with the time it took after it:
 *
 * <pre>127.0.0.1 - ed25519:… [22/Nov/2026:17:12:28 +0000] "CALL add" ok 912 1.4</pre>
 *
 * <p>When that logger is off, nothing is made for it.
 */
final class AccessLog {
  /** The name of the logger. */
  static final String LOGGER = "access";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final int MAX_SHOWN = 1024;
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private AccessLog() {}

  /** Whether lines are wanted. */
  static boolean isOn() {
    return LOG.isInfoEnabled();
  }

  /** Writes a line when a request is answered, if lines are wanted. */
  static void follow(HttpServerRequest request) {
    if (isOn()) {
      long begun = System.nanoTime();
      request.response().bodyEndHandler(sent -> answered(request, begun));
    }
  }

  /** Writes a line for a request that became a connection for calls. */
  static void upgraded(HttpServerRequest request) {
    if (isOn()) {
      LOG.info("{}", line(remote(request), null, what(request), "101", 0, 0));
    }
  }

  private static void answered(HttpServerRequest request, long begun) {
    String status = String.valueOf(request.response().getStatusCode());
    long bytes = request.response().bytesWritten();
    long nanos = System.nanoTime() - begun;
    LOG.info("{}", line(remote(request), null, what(request), status, bytes, nanos));
  }

  private static String what(HttpServerRequest request) {
    return request.method() + " " + request.uri() + " HTTP/1.1";
  }

  /** The address that a request comes from. */
  static String remote(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return address == null ? null : address.hostAddress();
  }

  /** Notes about a message of a client, or null if lines are not wanted. */
  static Note begin(String remote, Mount mount, String method) {
    return isOn() ? new Note(remote, mount.isRoot() ? "" : mount.name() + "/", method) : null;
  }

  /** What a line says. A field that is not known is null. */
  static String line(
      String remote, String who, String what, String status, long bytes, long nanos) {
    StringBuilder line = new StringBuilder();
    append(line, remote, ' ').append(" - ");
    append(line, who, ' ').append(" [");
    TIME.formatTo(Instant.now(), line);
    append(line.append("] \""), what, '"');
    append(line.append("\" "), status, ' ').append(' ').append(bytes).append(' ');
    return line.append(String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI)).toString();
  }

  // Clients have a hand in all of it: no text ends its field, its line, or steers a terminal.
  private static StringBuilder append(StringBuilder line, String text, char end) {
    if (text == null || text.isEmpty()) {
      return line.append('-');
    }
    for (int i = 0; i < Math.min(text.length(), MAX_SHOWN); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == end || c == '"' || c == '\\') {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.append(text.length() > MAX_SHOWN ? "..." : "");
  }

  /** What becomes known of a message until it is answered. */
  static final class Note {
    private final long begun = System.nanoTime();
    private final String remote;
    private final String module;
    private volatile String who;
    private volatile String what;
    private volatile String status = "ok";

    // The module is empty, or its name and a slash.
    private Note(String remote, String module, String method) {
      this.remote = remote;
      this.module = module;
      this.what = module + method;
    }

    /** It is a call of this caller, whom it may only claim to be. */
    void calls(String caller, String method) {
      who = caller;
      what = "CALL " + module + method;
    }

    /** It is a signed request of this caller, whom it may only claim to be. */
    void signed(String caller, String request) {
      String methods;
      try {
        List<MethodCall> calls = SignedCall.parse(request).calls();
        methods = calls.get(0).method() + (calls.size() > 1 ? " +" + (calls.size() - 1) : "");
      } catch (MalformedException e) {
        methods = "?";
      }
      calls(caller, methods);
    }

    /** It was executed. */
    void executed(Answer answer) {
      if (answer.isAborted()) {
        status = "aborted";
        return;
      }
      Map<String, Integer> counts = new TreeMap<>();
      for (Outcome outcome : answer.outcomes()) {
        String name =
            outcome instanceof Outcome.Ok
                ? "ok"
                : outcome instanceof Outcome.Thrown ? "thrown" : "trapped";
        counts.merge(name, 1, Integer::sum);
      }
      status =
          counts.size() == 1
              ? counts.keySet().iterator().next()
              : counts.entrySet().stream()
                  .map(count -> count.getKey() + ":" + count.getValue())
                  .collect(Collectors.joining(","));
    }

    /** It was refused. */
    void refused(CallRefused.Reason reason) {
      status = reason.name().toLowerCase(Locale.ROOT);
    }

    /** It failed with a JSON-RPC error. */
    void failed(int code) {
      status = String.valueOf(code);
    }

    /** Writes the line; {@code response} is null if there is none. */
    void answered(String response) {
      long bytes = response == null ? 0 : response.length();
      LOG.info("{}", line(remote, who, what, status, bytes, System.nanoTime() - begun));
    }
  }
}
