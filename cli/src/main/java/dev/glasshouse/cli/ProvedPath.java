package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.List;
import java.util.Optional;

/**
 * What a proof shows to be at a path.
 *
 * @param value a file or a directory; empty if neither is there
 * @param listing all that is directly in the directory, if that was asked and there is one
 */
record ProvedPath(
    AskedPath asked, Optional<ArchiveValue> value, Optional<List<ArchiveEntry>> listing) {

  /**
   * Verifies the proof of what is at a path.
   *
   * @throws dev.glasshouse.calllog.UnverifiedException if it is none
   */
  static ProvedPath of(ArchiveProof proof, Hash root, AskedPath asked) {
    return new ProvedPath(asked, proof.verifyPath(root, asked.directory()), Optional.empty());
  }

  /** As {@link #of}, for the proof of what is in a directory. */
  static ProvedPath ofListing(ArchiveProof proof, Hash root, AskedPath asked) {
    Optional<List<ArchiveEntry>> listing = proof.verifyListing(root, asked.directory());
    return listing.isPresent()
        ? new ProvedPath(asked, Optional.of(new ArchiveValue.Directory()), listing)
        : of(proof, root, asked);
  }

  /** The file, if there is one. */
  Optional<ArchiveValue.FileRef> file() {
    return value.map(found -> found instanceof ArchiveValue.FileRef file ? file : null);
  }

  /** What is to be listed: the directory's content, or the file alone under its whole path. */
  List<ArchiveEntry> entries() {
    return listing.orElseGet(
        () ->
            file().stream()
                .map(found -> new ArchiveEntry(ArchiveKey.parse(asked.relative()), found))
                .toList());
  }

  /** An entry's name as it is listed. */
  String name(ArchiveEntry entry) {
    int from = listing.isPresent() ? asked.directory().text().length() : 0;
    return entry.key().text().substring(from);
  }
}
