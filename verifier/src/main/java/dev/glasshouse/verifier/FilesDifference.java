package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which files differ between the archive that a replay came to and the one that the log claims, for
 * people to see. Nothing if the claimed archive is not to be had: a host need not have one.
 *
 * @param expected the differing files as they must be, such as {@code ; /a of 3 bytes with SHA-256
 *     …}
 * @param actual the same files as the log has them
 */
record FilesDifference(String expected, String actual) {
  /** Files named. */
  private static final int MAX_NAMED = 10;

  /**
   * Entries of an archive looked at: a liar's archive has no end that its verifier must wait for.
   */
  private static final int MAX_ENTRIES = 100_000;

  static FilesDifference between(Hash derivedRoot, Hash loggedRoot, BlobReader blobs) {
    if (derivedRoot.equals(loggedRoot)) {
      return new FilesDifference("", "");
    }
    try {
      Map<ArchiveKey, String> right = contents(derivedRoot, blobs);
      Map<ArchiveKey, String> said = contents(loggedRoot, blobs);
      return compare(right, said);
    } catch (MissingBlobException
        | WrongBlobException
        | MalformedException
        | UnreachableException e) {
      return new FilesDifference("", "");
    }
  }

  private static FilesDifference compare(
      Map<ArchiveKey, String> right, Map<ArchiveKey, String> said) {
    StringBuilder expected = new StringBuilder();
    StringBuilder actual = new StringBuilder();
    TreeMap<ArchiveKey, String> all = new TreeMap<>(right);
    all.putAll(said);
    int named = 0;
    for (ArchiveKey key : all.keySet()) {
      String must = right.getOrDefault(key, "absent");
      String is = said.getOrDefault(key, "absent");
      if (!must.equals(is) && named++ < MAX_NAMED) {
        expected.append("; /").append(key.text()).append(' ').append(must);
        actual.append("; /").append(key.text()).append(' ').append(is);
      }
    }
    return new FilesDifference(expected.toString(), actual.toString());
  }

  private static Map<ArchiveKey, String> contents(Hash root, BlobReader blobs) {
    Map<ArchiveKey, String> contents = new TreeMap<>();
    Iterator<ArchiveEntry> entries = ArchiveTree.open(root, blobs).entries();
    while (entries.hasNext() && contents.size() < MAX_ENTRIES) {
      ArchiveEntry entry = entries.next();
      contents.put(
          entry.key(),
          entry.value() instanceof ArchiveValue.FileRef file
              ? "of " + file.length() + " bytes with SHA-256 " + file.sha256()
              : "a directory");
    }
    return contents;
  }
}
