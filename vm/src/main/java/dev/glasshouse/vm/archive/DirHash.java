package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Iterator;

/**
 * One hash over all files of an archive, to compare with a folder that was fetched by other means:
 * the {@code h1:} digest of Go ({@code golang.org/x/mod/sumdb/dirhash}, {@code Hash1}). It is the
 * SHA-256 over a line {@code <sha256 in hex> <name>\n} for each file, in order of the names' bytes,
 * a name being the path without its leading slash. Directories do not count. Unlike the archive's
 * root it takes the whole archive to compute or check.
 */
public final class DirHash {
  /** Before the base64 of the digest. */
  public static final String PREFIX = "h1:";

  private DirHash() {}

  /** {@code h1:} and the digest in padded base64. Reads every node, but no content. */
  public static String h1(ArchiveTree files) {
    return PREFIX + of(files.entries()).base64();
  }

  /** The digest itself, over everything in an archive in key order. */
  public static Hash of(Iterator<ArchiveEntry> entries) {
    MessageDigest lines = Hash.sha256();
    while (entries.hasNext()) {
      ArchiveEntry entry = entries.next();
      // Among files, key order is that of the names, and no name has a newline.
      if (entry.value() instanceof ArchiveValue.FileRef file) {
        String line = file.sha256().hex() + "  " + entry.key().text() + "\n";
        lines.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return Hash.ofBytes(lines.digest());
  }
}
