package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Tile;
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
import java.util.zip.GZIPOutputStream;

/**
 * What a host publishes over HTTP: the log as C2SP tlog-tiles, blobs by hash, and the files. All of
 * it is public and read-only.
 */
final class Publication {
  /** A checkpoint changes with every batch; a cache may hold it this long. */
  private static final String BRIEFLY = "max-age=1";

  static final String FOREVER = "public, max-age=31536000, immutable";
  private static final String OCTETS = "application/octet-stream";
  static final String JSON = "application/json; charset=utf-8";

  private final HostedModule module;

  Publication(HostedModule module) {
    this.module = module;
  }

  /** Answers a GET. Entries alone are compressed: tiles and most blobs would not become smaller. */
  HttpAnswer get(Asked asked) {
    String path = asked.path();
    if (asked.wantsProof() && FileProofs.covers(path)) {
      return new FileProofs(module).get(path, asked.root());
    }
    if (path.equals("/checkpoint")) {
      byte[] note = module.checkpoint().format();
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
    if (path.equals("/files") || path.startsWith("/files/")) {
      return file(path.substring("/files".length()), asked.root(), asked.wantsJson());
    }
    if (path.equals("/")) {
      return HttpAnswer.ok(
          FileListing.frontPage(module).getBytes(StandardCharsets.UTF_8),
          "text/html; charset=utf-8");
    }
    return HttpAnswer.notFound("there is nothing at " + path);
  }

  private HttpAnswer cosigned() {
    if (module.cosigned().isEmpty()) {
      return HttpAnswer.notFound("no quorum of witnesses has cosigned a checkpoint");
    }
    byte[] note = module.cosigned().get().format();
    return HttpAnswer.ok(note, "text/plain; charset=utf-8")
        .cached(BRIEFLY)
        .tagged(Hash.of(note).hex());
  }

  private HttpAnswer tile(String path) {
    CallLog log = module.log();
    try {
      Tile tile = Tile.parse(path);
      if (!tile.isWithin(log.head().size())) {
        return HttpAnswer.notFound("the log has no such tile");
      }
      long from = tile.index() * Tile.FULL_WIDTH;
      List<Hash> hashes = log.store().treeHashes(tile.level(), from, tile.width());
      return HttpAnswer.ok(Tile.encode(hashes), OCTETS).cached(FOREVER);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
  }

  private HttpAnswer bundle(String path, boolean takesGzip) {
    CallLog log = module.log();
    try {
      EntryBundle bundle = EntryBundle.parse(path);
      if (!bundle.isWithin(log.head().size())) {
        return HttpAnswer.notFound("the log has no such entries");
      }
      long from = bundle.index() * EntryBundle.FULL_WIDTH;
      List<byte[]> entries = log.store().entries(from, bundle.width(), Long.MAX_VALUE);
      byte[] bytes = EntryBundle.encode(entries);
      HttpAnswer answer =
          takesGzip
              ? HttpAnswer.ok(gzip(bytes), OCTETS).with("content-encoding", "gzip")
              : HttpAnswer.ok(bytes, OCTETS);
      return answer.cached(FOREVER).with("vary", "accept-encoding");
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return compressed.toByteArray();
  }

  private HttpAnswer blob(String hex) {
    try {
      byte[] blob = module.log().store().blob(Hash.parseHex(hex));
      return blob == null
          ? HttpAnswer.notFound("the host has no such blob")
          : HttpAnswer.ok(blob, OCTETS).cached(FOREVER).tagged(hex);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
  }

  private HttpAnswer page(String hex) {
    try {
      byte[] page = module.log().store().page(Hash.parseHex(hex));
      return page == null
          ? HttpAnswer.notFound("the host keeps no such page of an image")
          : HttpAnswer.ok(page, OCTETS).cached(FOREVER).tagged(hex);
    } catch (MalformedException e) {
      return HttpAnswer.badRequest(e.getMessage());
    }
  }

  private HttpAnswer images() {
    List<Object> list = new ArrayList<>();
    for (long index : module.log().images()) {
      list.add(Map.of("index", index));
    }
    return HttpAnswer.ok(CanonicalJson.format(list), JSON).cached(BRIEFLY);
  }

  private HttpAnswer file(String pathBelow, String root, boolean wantsJson) {
    String path = pathBelow.isEmpty() ? "/" : pathBelow;
    String query = root == null ? "" : "?root=" + root;
    ArchiveTree files;
    try {
      files =
          root == null
              ? module.files()
              : ArchiveTree.open(Hash.parseHex(root), module.log().store());
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
    byte[] bytes = module.log().store().blob(file.sha256());
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
