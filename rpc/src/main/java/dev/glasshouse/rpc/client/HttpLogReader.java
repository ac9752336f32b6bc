package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A log as a host publishes it over HTTP. */
public final class HttpLogReader implements LogReader {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int MAX_BUNDLE = EntryBundle.FULL_WIDTH * (EntryBundle.MAX_ENTRY_BYTES + 2);
  private static final int MAX_BLOB = 256 << 20;
  private static final int MAX_LISTING = 64 << 20;

  private final HostAddress address;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  public HttpLogReader(HostAddress address) {
    this.address = address;
  }

  @Override
  public byte[] checkpoint() {
    return require("/checkpoint", Note.MAX_BYTES);
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    EntryBundle bundle = EntryBundle.holding(from, size);
    List<byte[]> entries = bundle.decode(require("/" + bundle.path(), MAX_BUNDLE));
    return entries.subList((int) (from % EntryBundle.FULL_WIDTH), entries.size());
  }

  @Override
  public List<Hash> tile(Tile tile) {
    return tile.decode(require("/" + tile.path(), Tile.FULL_WIDTH * Hash.BYTES));
  }

  @Override
  public byte[] blob(Hash hash) {
    return get("/blob/" + hash.hex(), MAX_BLOB, "*/*");
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    byte[] listing = get(files(path, root), MAX_LISTING, "application/json");
    if (listing == null) {
      throw new UnreachableException(address + " has no directory " + path);
    }
    return Listing.names(listing);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return require(files(path, root), MAX_BLOB);
  }

  @Override
  public List<Long> images() {
    return Listing.images(require("/images", MAX_LISTING));
  }

  @Override
  public byte[] page(Hash hash) {
    return get("/page/" + hash.hex(), HeapReference.PAGE_BYTES, "*/*");
  }

  private static String files(String path, Optional<Hash> root) {
    return "/files" + encode(path) + root.map(hash -> "?root=" + hash.hex()).orElse("");
  }

  private byte[] require(String path, int limit) {
    byte[] body = get(path, limit, "*/*");
    if (body == null) {
      throw new UnreachableException(address + " does not have " + path);
    }
    return body;
  }

  // Null for a clean "not found".
  private byte[] get(String path, int limit, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(address.http(path))
            .timeout(ANSWER)
            .header("accept", accept)
            .GET()
            .build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] body = in.readNBytes(limit + 1);
        if (body.length > limit) {
          throw new MalformedException(address + path + " answers more than " + limit + " bytes");
        }
        if (response.statusCode() == 404) {
          return null;
        }
        if (response.statusCode() != 200) {
          throw new UnreachableException(
              address + path + " answers with status " + response.statusCode());
        }
        return body;
      }
    } catch (IOException e) {
      throw new UnreachableException(
          "cannot read "
              + path
              + " from "
              + address
              + ": "
              + (e.getMessage() == null ? "no connection" : e.getMessage())
              + ". Is the host running?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while reading from " + address, e);
    }
  }

  private static String encode(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }
}
