package dev.glasshouse.vm.archive;

import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What copying a file or directory sets, worked out before anything is changed: the source is read
 * as it was, even where the target lies around it, and a refusal leaves nothing half done.
 */
final class CopyPlan {
  private final ArchiveTree tree;
  private final int limit;
  private final List<ArchiveEntry> source = new ArrayList<>();
  private final List<ArchiveEntry> target = new ArrayList<>();

  private CopyPlan(ArchiveTree tree, int limit) {
    this.tree = tree;
    this.limit = limit;
  }

  /** Plans at most {@code limit} keys; refuses more. */
  static CopyPlan of(ArchiveTree tree, ArchivePath from, ArchivePath to, int limit)
      throws FileException {
    CopyPlan plan = new CopyPlan(tree, limit);
    Optional<ArchiveValue> file = from.isRoot() ? Optional.empty() : tree.get(from.fileKey());
    if (file.isPresent()) {
      plan.addFile(new ArchiveEntry(from.fileKey(), file.get()), to);
      if (to.hasTrailingSlash()) {
        throw FileException.invalidPath(Archive.FILE_WITH_SLASH);
      }
    } else {
      plan.addDirectory(from.directoryKey(), to);
    }
    return plan;
  }

  private void addDirectory(ArchiveKey from, ArchivePath to) throws FileException {
    Optional<ArchiveValue> directory = tree.get(from);
    if (directory.isEmpty()) {
      throw FileException.notFound();
    }
    addFolder(new ArchiveEntry(from, directory.get()), to);
    Iterator<ArchiveEntry> below = tree.below(from);
    while (below.hasNext()) {
      ArchiveEntry entry = below.next();
      ArchivePath path = to.resolve(entry.key(), from.raw().length);
      if (entry.value() instanceof FileRef) {
        addFile(entry, path);
      } else {
        addFolder(entry, path);
      }
    }
  }

  private void addFile(ArchiveEntry from, ArchivePath to) throws FileException {
    if (tree.get(to.directoryKey()).isPresent()) {
      throw FileException.alreadyExists("Cannot copy a file onto a folder (" + to + ")");
    }
    add(from, to.fileKey());
  }

  private void addFolder(ArchiveEntry from, ArchivePath to) throws FileException {
    if (!to.isRoot() && tree.get(to.fileKey()).isPresent()) {
      throw FileException.alreadyExists("Cannot copy a folder onto a file (" + to + ")");
    }
    if (!to.isRoot()) {
      add(from, to.directoryKey());
    }
  }

  private void add(ArchiveEntry from, ArchiveKey to) throws FileException {
    if (target.size() == limit) {
      throw FileException.quotaExceeded(Archive.TOO_MANY_CHANGES);
    }
    source.add(from);
    target.add(new ArchiveEntry(to, from.value()));
  }

  /** The keys copied, in key order. */
  List<ArchiveEntry> source() {
    return source;
  }

  /** The keys to set, in key order; those that are there already are among them. */
  List<ArchiveEntry> target() {
    return target;
  }
}
