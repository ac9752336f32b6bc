package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.StaticFiles;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * What is published over HTTP, by a host or from a copy: the log as C2SP tlog-tiles, blobs by hash,
 * and the files. All of it is public and read-only.
 */
final class Publication {
  /** A checkpoint changes with every batch; a cache may hold it this long. */
  private static final String BRIEFLY = "max-age=1";

  static final String FOREVER = "public, max-age=31536000, immutable";
  private static final String OCTETS = "application/octet-stream";
  static final String JSON = "application/json; charset=utf-8";

  private final Published log;

  Publication(Published log) {
    this.log = log;
  }

  /** Answers a GET. Entries alone are compressed: tiles and most blobs would not become smaller. */
  HttpAnswer get(Asked asked) {
    try {
      return find(asked);
    } catch (UnreachableException e) {
      if (e.getCause() != null) {
        throw e;
      }
      return HttpAnswer.notFound("this copy does not have " + asked.path());
    }
  }

  private HttpAnswer find(Asked asked) {
    String path = asked.path();
    if (asked.wantsProof() && FileProofs.covers(path)) {
      return new FileProofs(log).get(path, asked.root());
    }
    if (path.equals("/checkpoint")) {
      byte[] note = log.checkpoint().format();
      return HttpAnswer.ok(note, "text/plain; charset=utf-8")
          .cached(BRIEFLY)
          .tagged(Hash.of(note).hex());
    }
    if (path.equals("/cosigned")) {
      return cosigned();
    }
    if (path.startsWith("/tile/entries/")) {
      return bundle(path.substring(1), asked.takesGzip());
    }
    if (path.startsWith("/tile/")) {
      return tile(path.substring(1));
    }
    if (path.startsWith("/blob/")) {
      return blob(path.substring("/blob/".length()));
    }
    if (path.startsWith("/page/")) {
      return page(path.substring("/page/".length()));
    }
    if (path.equals("/images")) {
      return images();
    }
    if (log.isCopy() && path.equals("/" + StaticFiles.ROOT_FILE)) {
      byte[] line = (log.files().rootHash().hex() + "\n").getBytes(StandardCharsets.US_ASCII);
      return HttpAnswer.ok(line, "text/plain; charset=utf-8").cached(BRIEFLY);
    }
    if (path.equals("/files") || path.startsWith("/files/")) {
      return file(path.substring("/files".length()), asked.root(), asked.wantsJson());
    }
    if (path.equals("/")) {
      return HttpAnswer.ok(
              FileListing.frontPage(log).getBytes(StandardCharsets.UTF_8),
              "text/html; charset=utf-8")
          .with("vary", "accept");
    }
    return HttpAnswer.notFound("there is nothing at " + path);
  }

  private HttpAnswer cosigned() {
    Optional<SignedCheckpoint> cosigned = log.cosigned();
    if (cosigned.isEmpty()) {
      return HttpAnswer.notFound("no quorum of witnesses has cosigned a checkpoint");
    }
    byte[] note = cosigned.get().format();
    return HttpAnswer.ok(note, "text/plain; charset=utf-8")
        .cached(BRIEFLY)
        .tagged(Hash.of(note).hex());
  }

  private HttpAnswer tile(String path) {
    Tile tile;
    try {
      tile = Tile.parse(path);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
    return tile.isWithin(log.size())
        ? HttpAnswer.ok(Tile.encode(log.tile(tile)), OCTETS).cached(FOREVER)
        : HttpAnswer.notFound("the log has no such tile");
  }

  private HttpAnswer bundle(String path, boolean takesGzip) {
    EntryBundle bundle;
    try {
      bundle = EntryBundle.parse(path);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
    if (!bundle.isWithin(log.size())) {
      return HttpAnswer.notFound("the log has no such entries");
    }
    byte[] bytes = EntryBundle.encode(log.entries(bundle));
    HttpAnswer answer =
        takesGzip
            ? HttpAnswer.ok(gzip(bytes), OCTETS).with("content-encoding", "gzip")
            : HttpAnswer.ok(bytes, OCTETS);
    return answer.cached(FOREVER).with("vary", "accept-encoding");
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return compressed.toByteArray();
  }

  private HttpAnswer blob(String hex) {
    return byHash(hex, log.blobs()::blob, "the host has no such blob");
  }

  private HttpAnswer page(String hex) {
    return byHash(hex, log::page, "the host keeps no such page of an image");
  }

  private static HttpAnswer byHash(String hex, Function<Hash, byte[]> found, String without) {
    Hash hash;
    try {
      hash = Hash.parseHex(hex);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
    byte[] bytes = found.apply(hash);
    return bytes == null
        ? HttpAnswer.notFound(without)
        : HttpAnswer.ok(bytes, OCTETS).cached(FOREVER).tagged(hex);
  }

  private HttpAnswer images() {
    List<Object> list = new ArrayList<>();
    for (long index : log.images()) {
      list.add(Map.of("index", index));
    }
    return HttpAnswer.ok(CanonicalJson.format(list), JSON).cached(BRIEFLY);
  }

  private HttpAnswer file(String pathBelow, String root, boolean wantsJson) {
    String path = pathBelow.isEmpty() ? "/" : pathBelow;
    String query = root == null ? "" : "?root=" + root;
    ArchiveTree files;
    try {
      files = root == null ? log.files() : ArchiveTree.open(Hash.parseHex(root), log.blobs());
    } catch (MissingBlobException e) {
      return HttpAnswer.notFound("the host has no archive of root " + root);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest("\"root\": " + e.getMessage());
    }
    try {
      if (path.equals("/")) {
        return pathBelow.isEmpty() && !wantsJson
            // The links in the page are relative.
            ? HttpAnswer.moved("./files/" + query)
            : listing(files, ArchiveKey.ROOT, path, query, wantsJson);
      }
      String key = path.substring(1);
      if (!key.endsWith("/")) {
        Optional<ArchiveValue> value = files.get(ArchiveKey.parse(key));
        if (value.isPresent() && value.get() instanceof ArchiveValue.FileRef found) {
          return content(found, key);
        }
        key += "/";
      }
      ArchiveKey directory = ArchiveKey.parse(key);
      if (files.get(directory).isEmpty()) {
        return HttpAnswer.notFound("the archive has no " + path);
      }
      return path.endsWith("/")
          ? listing(files, directory, path, query, wantsJson)
          // Relative, because a server before this one may have put a path before ours.
          : HttpAnswer.moved("./" + FileListing.encodePath(last(path)) + "/" + query);
    } catch (MissingBlobException e) {
      return HttpAnswer.notFound("the host has no archive of root " + root);
    } catch (MalformedException e) {
      return HttpAnswer.notFound("the archive has no " + path);
    }
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private HttpAnswer content(ArchiveValue.FileRef file, String key) {
    byte[] bytes = log.blobs().blob(file.sha256());
    if (bytes == null) {
      return HttpAnswer.notFound("the host has no content of " + key);
    }
    // A module's file must not run as a page of this host's origin.
    return HttpAnswer.ok(bytes, MediaTypes.of(key))
        .cached("no-cache")
        .tagged(file.sha256().hex())
        .with("content-security-policy", "sandbox; default-src 'self' 'unsafe-inline' data:");
  }

  private static HttpAnswer listing(
      ArchiveTree files, ArchiveKey directory, String path, String query, boolean wantsJson) {
    List<ArchiveEntry> entries = files.list(directory);
    if (!wantsJson) {
      return HttpAnswer.ok(
              FileListing.html(path, query, entries).getBytes(StandardCharsets.UTF_8),
              "text/html; charset=utf-8")
          .cached("no-cache");
    }
    List<Object> list = new ArrayList<>();
    for (ArchiveEntry entry : entries) {
      Map<String, Object> item = new TreeMap<>();
      item.put("name", FileListing.name(entry));
      if (entry.value() instanceof ArchiveValue.FileRef) {
        ArchiveValue.FileRef file = (ArchiveValue.FileRef) entry.value();
        item.put("sha256", file.sha256().hex());
        item.put("size", file.length());
      }
      list.add(item);
    }
    byte[] json = CanonicalJson.format(Map.of("entries", list, "root", files.rootHash().hex()));
    return HttpAnswer.ok(json, JSON).cached("no-cache");
  }
}
