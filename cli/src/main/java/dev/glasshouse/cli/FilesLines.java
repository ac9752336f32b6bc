package dev.glasshouse.cli;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.rpc.client.RemoteArchive;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The listing of a directory as text: for people, or for programs. */
final class FilesLines {
  private static final int SIZE_WIDTH = 12;
  private static final int HASH_WIDTH = 64;

  private FilesLines() {}

  /** A line for each entry, with nothing in it that could steer a terminal. */
  static List<String> plain(ProvedPath path, boolean sizes, boolean hashes) {
    List<String> lines = new ArrayList<>();
    for (ArchiveEntry entry : path.entries()) {
      StringBuilder line = new StringBuilder();
      if (sizes) {
        String size =
            entry.value() instanceof ArchiveValue.FileRef file
                ? String.valueOf(file.length())
                : "-";
        line.append(" ".repeat(Math.max(0, SIZE_WIDTH - size.length()))).append(size).append("  ");
      }
      if (hashes) {
        line.append(
            entry.value() instanceof ArchiveValue.FileRef file
                ? file.sha256().hex()
                : "-" + " ".repeat(HASH_WIDTH - 1));
        line.append("  ");
      }
      lines.add(line.append(Terminal.printable(path.name(entry))).toString());
    }
    return lines;
  }

  /**
   * Canonical JSON of the entries, as {@code /files} serves them, and of what they are proved
   * against.
   */
  static String json(RemoteArchive remote, ProvedPath path) {
    List<Object> entries = new ArrayList<>();
    for (ArchiveEntry entry : path.entries()) {
      Map<String, Object> item = new TreeMap<>();
      item.put("name", path.name(entry));
      if (entry.value() instanceof ArchiveValue.FileRef file) {
        item.put("sha256", file.sha256().hex());
        item.put("size", file.length());
      }
      entries.add(item);
    }
    Map<String, Object> map = proved(remote);
    map.put("entries", entries);
    map.put("path", path.asked().path());
    return new String(CanonicalJson.format(map), StandardCharsets.UTF_8);
  }

  /** What files of this archive are proved against. */
  static Map<String, Object> proved(RemoteArchive remote) {
    Map<String, Object> map = new TreeMap<>();
    map.put("index", remote.receipt().index());
    map.put("log", remote.host().log().hex());
    map.put("root", remote.root().hex());
    map.put("size", remote.host().checkpoint().head().size());
    return map;
  }

  /** So many of something. */
  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
