package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A log as it is published over HTTP: by a host, or by any web server that serves the files of an
 * exported publication (docs/formats.md, section 13). A static server has no listings; its archive
 * is read as {@link StaticFiles} says.
 */
public final class HttpLogReader implements LogReader {
  private static final int MAX_BUNDLE = EntryBundle.FULL_WIDTH * (EntryBundle.MAX_ENTRY_BYTES + 2);
  private static final int MAX_BLOB = 256 << 20;
  private static final int MAX_LISTING = 64 << 20;
  private static final String ANY = "*/*";
  private static final String JSON = "application/json";

  private final String base;
  private final String name;
  private final boolean mayBeStatic;
  private final Download download;
  // Looked up when files are first asked for; null until then.
  private Optional<StaticFiles> statics;

  /** A host. */
  public HttpLogReader(HostAddress address) {
    this(address.http("").toString(), address.toString(), false, new Download());
  }

  /**
   * A host or a static web server.
   *
   * @param base an absolute URL by http or https, with or without a path; no query
   */
  public HttpLogReader(URI base) {
    this(requirePlain(base), new Download());
  }

  /** At a URL, with other patience. */
  HttpLogReader(String base, Download download) {
    this(base, base, true, download);
  }

  private HttpLogReader(String base, String name, boolean mayBeStatic, Download download) {
    this.base = base;
    this.name = name;
    this.mayBeStatic = mayBeStatic;
    this.download = download;
  }

  private static String requirePlain(URI base) {
    boolean web = "http".equalsIgnoreCase(base.getScheme());
    web |= "https".equalsIgnoreCase(base.getScheme());
    if (!web
        || base.getHost() == null
        || base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new MalformedException(
          "\"" + base + "\" is no place of a log; write http://HOST[:PORT][/PATH] or https:");
    }
    return base.toString().replaceFirst("/+$", "");
  }

  @Override
  public byte[] checkpoint() {
    String path = "/checkpoint";
    try (Download.Answer answer = download(path, ANY, false)) {
      if (isFound(path, answer)) {
        return answer.read(Note.MAX_BYTES);
      }
      // A host of several modules says where they are.
      String said = answer.said();
      throw new UnreachableException(
          this + " does not have " + path + (said.isEmpty() ? "" : ": " + said));
    }
  }

  @Override
  public byte[] cosigned() {
    return get("/cosigned", Note.MAX_BYTES, false);
  }

  @Override
  public List<byte[]> entries(long from, long size) {
    EntryBundle bundle = EntryBundle.holding(from, size);
    byte[] bytes = get("/" + bundle.path(), MAX_BUNDLE, true);
    List<byte[]> entries;
    if (bytes == null && bundle.width() < EntryBundle.FULL_WIDTH) {
      // A partial bundle may be dropped once the full one is there (C2SP tlog-tiles).
      EntryBundle full = new EntryBundle(bundle.index(), EntryBundle.FULL_WIDTH);
      entries = full.decode(require("/" + full.path(), MAX_BUNDLE, true));
    } else {
      entries = bundle.decode(found("/" + bundle.path(), bytes));
    }
    return entries.subList((int) (from % EntryBundle.FULL_WIDTH), bundle.width());
  }

  @Override
  public List<Hash> tile(Tile tile) {
    byte[] bytes = get("/" + tile.path(), Tile.FULL_WIDTH * Hash.BYTES, false);
    if (bytes == null && tile.width() < Tile.FULL_WIDTH) {
      Tile full = new Tile(tile.level(), tile.index(), Tile.FULL_WIDTH);
      byte[] all = require("/" + full.path(), Tile.FULL_WIDTH * Hash.BYTES, false);
      return full.decode(all).subList(0, tile.width());
    }
    return tile.decode(found("/" + tile.path(), bytes));
  }

  @Override
  public byte[] blob(Hash hash) {
    return get("/blob/" + hash.hex(), MAX_BLOB, false);
  }

  @Override
  public InputStream openBlob(Hash hash) {
    String path = "/blob/" + hash.hex();
    Download.Answer answer = download(path, ANY, false);
    if (!isFound(path, answer)) {
      answer.close();
      return null;
    }
    return answer.body();
  }

  @Override
  public List<String> directory(String path, Optional<Hash> root) {
    if (statics().isPresent()) {
      return statics().get().directory(path, root);
    }
    byte[] listing = get(files(path, root), JSON, MAX_LISTING, false);
    if (listing == null) {
      throw new UnreachableException(this + " has no directory " + path);
    }
    return Listing.names(listing);
  }

  @Override
  public byte[] file(String path, Optional<Hash> root) {
    return statics().isPresent()
        ? statics().get().file(path, root)
        : require(files(path, root), MAX_BLOB, false);
  }

  @Override
  public List<Long> images() {
    return Listing.images(require("/images", MAX_LISTING, false));
  }

  @Override
  public byte[] page(Hash hash) {
    return get("/page/" + hash.hex(), HeapReference.PAGE_BYTES, false);
  }

  /** What was named as a host is one; at a URL a host shows by its listings that it is. */
  @Override
  public boolean isCopy() {
    return mayBeStatic && !isHost();
  }

  // A host answers with listings; an exported publication says which archive lies in files/, or has
  // neither and is read by hash.
  private synchronized Optional<StaticFiles> statics() {
    if (statics == null) {
      statics = Optional.empty();
      if (mayBeStatic && !isHost()) {
        statics = Optional.of(new StaticFiles(this, new PlainFiles()));
      }
    }
    return statics;
  }

  private boolean isHost() {
    if (get("/" + StaticFiles.ROOT_FILE, StaticFiles.MAX_ROOT_FILE, false) != null) {
      return false;
    }
    try (Download.Answer answer = download("/files/", JSON, false)) {
      return answer.status() == 200 && answer.type().startsWith(JSON);
    }
  }

  private final class PlainFiles implements StaticFiles.Plain {
    @Override
    public byte[] root() {
      return get("/" + StaticFiles.ROOT_FILE, StaticFiles.MAX_ROOT_FILE, false);
    }

    @Override
    public List<String> names(String path) {
      return null;
    }

    @Override
    public byte[] bytes(String path) {
      return get(files(path, Optional.empty()), MAX_BLOB, false);
    }
  }

  private static String files(String path, Optional<Hash> root) {
    return "/files" + encode(path) + root.map(hash -> "?root=" + hash.hex()).orElse("");
  }

  private byte[] require(String path, int limit, boolean gzip) {
    return found(path, get(path, limit, gzip));
  }

  private byte[] found(String path, byte[] body) {
    if (body == null) {
      throw new UnreachableException(this + " does not have " + path);
    }
    return body;
  }

  private byte[] get(String path, int limit, boolean gzip) {
    return get(path, ANY, limit, gzip);
  }

  // Null for a clean "not found".
  private byte[] get(String path, String accept, int limit, boolean gzip) {
    try (Download.Answer answer = download(path, accept, gzip)) {
      return isFound(path, answer) ? answer.read(limit) : null;
    }
  }

  private Download.Answer download(String path, String accept, boolean gzip) {
    return download.get(URI.create(base + path), accept, gzip);
  }

  private boolean isFound(String path, Download.Answer answer) {
    if (answer.status() != 200 && answer.status() != 404) {
      answer.close();
      throw new UnreachableException(this + path + " answers with status " + answer.status());
    }
    return answer.status() == 200;
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

  /** The address as a person wrote it: {@code HOST:PORT} or a URL. */
  @Override
  public String toString() {
    return name;
  }
}
