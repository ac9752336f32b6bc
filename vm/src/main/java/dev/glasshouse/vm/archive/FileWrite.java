package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * What one entry did to one key, net: {@code value} is what the key stands for afterwards, empty if
 * it was removed.
 */
public record FileWrite(ArchiveKey key, Optional<ArchiveValue> value) {
  /**
   * The key's line in the hash of an entry's writes: {@code + sha256-hex length key} for a file,
   * {@code + key} for a directory, {@code - key} for a removal, each with a newline at its end.
   */
  public String line() {
    if (value.isEmpty()) {
      return "- " + key.text() + "\n";
    }
    if (value.get() instanceof FileRef file) {
      return "+ " + file.sha256().hex() + " " + file.length() + " " + key.text() + "\n";
    }
    return "+ " + key.text() + "\n";
  }

  /** SHA-256 over the lines of {@code writes}, which are in key order; of no bytes for none. */
  public static Hash hash(List<FileWrite> writes) {
    MessageDigest digest = Hash.sha256();
    for (FileWrite write : writes) {
      digest.update(write.line().getBytes(StandardCharsets.UTF_8));
    }
    return Hash.ofBytes(digest.digest());
  }
}
