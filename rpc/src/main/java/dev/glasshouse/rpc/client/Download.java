package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * GETs from a server that nobody trusts. What is read into memory is never longer than its limit,
 * compressed or not. The head of an answer comes within a fixed time, and so does its body but for
 * what its bytes may take at the lowest speed that is borne with: a server that sends a byte now
 * and then holds nobody. Redirects are not followed.
 */
final class Download {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long BYTES_PER_SECOND = 256 << 10;
  private static final int MAX_SAID = 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Duration patience;
  private final long bytesPerSecond;

  Download() {
    this(PATIENCE, BYTES_PER_SECOND);
  }

  /**
   * With other patience.
   *
   * @param patience how long the head may take, and the body beyond what its bytes may take
   * @param bytesPerSecond the lowest speed
   */
  Download(Duration patience, long bytesPerSecond) {
    this.patience = patience;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** An answer of any status, whose body has not come yet. */
  record Answer(URI uri, int status, String type, InputStream body) implements AutoCloseable {
    /**
     * The whole body.
     *
     * @throws MalformedException if it is longer than {@code limit}, or no gzip where it should be
     */
    byte[] read(int limit) {
      try {
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
          throw new MalformedException(uri + " answers more than " + limit + " bytes");
        }
        return bytes;
      } catch (ZipException e) {
        throw new MalformedException(uri + " answers with damaged gzip: " + e.getMessage(), e);
      } catch (IOException e) {
        throw unreachable(uri, e);
      }
    }

    /** The beginning of the body as a person may be shown it; empty unless it is plain text. */
    String said() {
      if (!type.startsWith("text/plain")) {
        return "";
      }
      try {
        return Connecting.shown(new String(body.readNBytes(MAX_SAID), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw unreachable(uri, e);
      }
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        throw unreachable(uri, e);
      }
    }
  }

  /**
   * Asks, and waits for the head of the answer.
   *
   * @param accept the media types that are wanted
   * @param gzip whether the answer may come compressed
   * @throws UnreachableException if it does not come, or not in time
   */
  Answer get(URI uri, String accept, boolean gzip) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(patience)
            .header("accept", accept)
            .header("accept-encoding", gzip ? "gzip, identity" : "identity")
            .GET()
            .build();
    try {
      HttpResponse<ArrivingBody> response =
          http.send(request, head -> new ArrivingBody(patience, bytesPerSecond));
      String type = response.headers().firstValue("content-type").orElse("");
      String encoding = response.headers().firstValue("content-encoding").orElse("identity");
      InputStream body = response.body();
      if (encoding.equals("gzip") && gzip) {
        body = gunzip(uri, body);
      } else if (!encoding.equals("identity")) {
        body.close();
        throw new UnreachableException(uri + " answers in an encoding that was not asked for");
      }
      return new Answer(uri, response.statusCode(), type, body);
    } catch (IOException e) {
      throw unreachable(uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while reading " + uri, e);
    }
  }

  private static InputStream gunzip(URI uri, InputStream body) throws IOException {
    try {
      return new GZIPInputStream(body);
    } catch (ZipException e) {
      body.close();
      throw new MalformedException(uri + " answers with damaged gzip: " + e.getMessage(), e);
    }
  }

  private static UnreachableException unreachable(URI uri, IOException e) {
    String reason = Connecting.reason("https".equalsIgnoreCase(uri.getScheme()), e);
    String why = e.getMessage() == null ? "no connection" : e.getMessage();
    return new UnreachableException(
        "cannot read "
            + uri.getRawPath()
            + " from "
            + uri.getRawAuthority()
            + ": "
            + (reason != null ? reason : why + ". Is the host running?"),
        e);
  }
}
