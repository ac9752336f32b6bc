package dev.glasshouse.rpc;

import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The plain pages that a person with a browser sees. */
final class FileListing {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private FileListing() {}

  /** The name of an entry within its directory; a directory's ends in a slash. */
  static String name(ArchiveEntry entry) {
    String text = entry.key().text();
    int end = text.endsWith("/") ? text.length() - 1 : text.length();
    return text.substring(text.lastIndexOf('/', end - 1) + 1);
  }

  /**
   * The page of a directory.
   *
   * @param query what every link carries on: {@code ?root=…} with a hash, or nothing
   */
  static String html(String path, String query, List<ArchiveEntry> entries) {
    StringBuilder out = new StringBuilder();
    head(out, "Files " + path);
    out.append("<ul>");
    if (!path.equals("/")) {
      out.append("<li><a href=\"../").append(query).append("\">../</a></li>");
    }
    for (ArchiveEntry entry : entries) {
      String name = name(entry);
      out.append("<li><a href=\"./").append(encodePath(name)).append(query).append("\">");
      out.append(escape(name)).append("</a>");
      if (entry.value() instanceof ArchiveValue.FileRef) {
        ArchiveValue.FileRef file = (ArchiveValue.FileRef) entry.value();
        out.append(" <small>").append(file.length()).append(" bytes, SHA-256 ");
        out.append(file.sha256()).append("</small>");
      }
      out.append("</li>");
    }
    return out.append("</ul></html>\n").toString();
  }

  static String frontPage(Published log) {
    StringBuilder out = new StringBuilder();
    head(out, log.genesis().title());
    out.append(
        log.isCopy()
            ? "<p>A copy of the log of a Glasshouse host, which takes no calls"
            : "<p>A Glasshouse host. Its calls are logged in public");
    out.append("; audit it with <code>glass verify</code>.</p><dl><dt>Log</dt><dd><code>");
    out.append(log.id());
    out.append("</code></dd><dt>Entries</dt><dd>").append(log.size()).append("</dd></dl>");
    out.append("<p><a href=\"files/\">Files</a> · <a href=\"checkpoint\">Checkpoint</a> · ");
    out.append("<a href=\"health\">Health</a></p></html>\n");
    return out.toString();
  }

  private static void head(StringBuilder out, String title) {
    out.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
    out.append("<meta name=\"viewport\" content=\"width=device-width\"><title>");
    out.append(escape(title)).append("</title><style>:root{color-scheme:light dark}");
    out.append("body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;");
    out.append("padding:0 1rem}small,code{overflow-wrap:anywhere}</style><h1>");
    out.append(escape(title)).append("</h1>");
  }

  /** A text as it stands in HTML, in quotes too. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Percent-encodes a path for a URL; slashes stay. */
  static String encodePath(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf((char) b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
