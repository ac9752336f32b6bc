package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what is published as files with what the log comes to: every listing, every byte. Files
 * that were compared before and are the same in the log are not fetched again.
 */
final class FilesCheck {
  private final LogReader reader;
  private final ArchiveTree tree;
  private final Tally tally;
  private final long index;
  private final Optional<Hash> pinned;
  private final Map<String, Hash> compared;

  /**
   * Prepares a comparison.
   *
   * @param compared files by path that were found to have this SHA-256; added to
   * @param pinned the root to ask the source for; empty for what it publishes now
   */
  FilesCheck(
      LogReader reader,
      Hash root,
      BlobReader blobs,
      Tally tally,
      long index,
      Map<String, Hash> compared,
      Optional<Hash> pinned) {
    this.reader = reader;
    this.compared = compared;
    this.pinned = pinned;
    this.tree = ArchiveTree.open(root, blobs);
    this.tally = tally;
    this.index = index;
  }

  void run() {
    // Files that are compared again count once.
    tally.files = 0;
    tally.fileBytes = 0;
    directory(ArchiveKey.ROOT, "/");
  }

  private void directory(ArchiveKey key, String path) {
    List<ArchiveEntry> entries = tree.list(key);
    List<String> names = new ArrayList<>();
    for (ArchiveEntry entry : entries) {
      names.add(entry.key().text().substring(path.length() - 1));
    }
    List<String> published = new ArrayList<>(reader.directory(path, pinned));
    Collections.sort(names);
    Collections.sort(published);
    if (!names.equals(published)) {
      throw new DivergenceException(
          Kind.PUBLISHED_FILES, index, path + " with " + names, path + " with " + published);
    }
    for (ArchiveEntry entry : entries) {
      String below = "/" + entry.key().text();
      if (entry.value() instanceof ArchiveValue.FileRef) {
        file((ArchiveValue.FileRef) entry.value(), below);
      } else {
        directory(entry.key(), below);
      }
    }
  }

  private void file(ArchiveValue.FileRef file, String path) {
    if (file.sha256().equals(compared.get(path))) {
      tally.files++;
      tally.fileBytes += file.length();
      return;
    }
    byte[] bytes = reader.file(path, pinned);
    tally.files++;
    tally.fileBytes += bytes.length;
    Hash sha256 = Hash.of(bytes);
    if (!sha256.equals(file.sha256())) {
      throw new DivergenceException(
          Kind.PUBLISHED_FILES,
          index,
          path + " of " + file.length() + " bytes with SHA-256 " + file.sha256(),
          path + " of " + bytes.length + " bytes with SHA-256 " + sha256);
    }
    compared.put(path, sha256);
  }
}
