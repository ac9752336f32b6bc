package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The files as a backend works on them while one entry is executed: paths, contents, Dat's
 * operations and errors. {@link #commit} ends the entry and begins the next.
 *
 * <p>Operations behave as in Dat's {@code pauls-dat-api2}, but for four things. Whatever writes
 * creates the missing parent directories, as the NodeVMS samples rely on; only a file where a
 * parent should be is a {@code ParentFolderDoesntExistError}. Each operation is done in whole or
 * not at all. Paths may hold any character but C0 controls. The root directory cannot be removed.
 *
 * <p>Each operation throws {@link FileException} for what the backend did wrong, and then changed
 * nothing. A {@link MissingBlobException} or {@link MalformedException} is the host's: drop this
 * archive and reload. Not safe for use by several threads.
 */
public final class Archive {
  static final String FILE_WITH_SLASH = "Files can not have a trailing slash";
  static final String TOO_MANY_CHANGES = "Too many file changes in one entry";

  private final BlobReader blobs;
  private final ArchiveLimits limits;
  private final Contents contents = new Contents();

  /** Every key set or removed since the last commit, in order, with repeats. */
  private final List<ArchiveKey> touched = new ArrayList<>();

  private ArchiveTree base;
  private ArchiveTree tree;
  private long writtenBytes;
  private long commits;

  private Archive(ArchiveTree tree, BlobReader blobs, ArchiveLimits limits) {
    this.base = tree;
    this.tree = tree;
    this.blobs = blobs;
    this.limits = limits;
  }

  /** The archive with this root, whose nodes and contents {@code blobs} has. */
  public static Archive open(Hash root, BlobReader blobs, ArchiveLimits limits) {
    return new Archive(ArchiveTree.open(root, blobs), blobs, limits);
  }

  /** A state to go back to; valid until the next commit or a rollback to an earlier mark. */
  public static final class Mark {
    private final Archive archive;
    private final long commits;
    private final ArchiveTree tree;
    private final int touched;
    private final int contents;
    private final long writtenBytes;

    private Mark(Archive archive) {
      this.archive = archive;
      this.commits = archive.commits;
      this.tree = archive.tree;
      this.touched = archive.touched.size();
      this.contents = archive.contents.count();
      this.writtenBytes = archive.writtenBytes;
    }
  }

  /** Marks the present state. Marks nest; one that is not rolled back to is simply dropped. */
  public Mark begin() {
    return new Mark(this);
  }

  /** Undoes everything since the mark was taken. The mark may be used again. */
  public void rollback(Mark mark) {
    if (mark.archive != this || mark.commits != commits || mark.touched > touched.size()) {
      throw new IllegalStateException("the mark is of another state of the archive");
    }
    tree = mark.tree;
    touched.subList(mark.touched, touched.size()).clear();
    contents.truncate(mark.contents);
    writtenBytes = mark.writtenBytes;
  }

  /** The root as of now, changes not yet committed included. */
  public Hash root() {
    return tree.rootHash();
  }

  /** The files as of now, changes not yet committed included. */
  public ArchiveTree tree() {
    return tree;
  }

  /** A file's content, in an array of the caller's own. */
  public byte[] readFile(String path) throws FileException {
    ArchiveValue value = valueAt(ArchivePath.parse(path));
    if (value instanceof FileRef file) {
      return content(file);
    }
    throw FileException.notAFile("Target must be a file");
  }

  private byte[] content(FileRef file) {
    Optional<byte[]> written = contents.get(file.sha256());
    byte[] content = written.orElseGet(() -> NodeLoader.content(blobs, file.sha256()));
    if (content.length != file.length()) {
      throw new MalformedException("content " + file.sha256() + " is not as long as its file says");
    }
    return content.clone();
  }

  /** Whether a path is a file or a directory, and a file's size and hash. */
  public Stat stat(String path) throws FileException {
    ArchiveValue value = valueAt(ArchivePath.parse(path));
    return value instanceof FileRef file
        ? new Stat(file.length(), Optional.of(file.sha256()))
        : new Stat(0, Optional.empty());
  }

  /**
   * The names in a directory, in order of their UTF-8 bytes; if {@code recursive}, the paths of
   * everything in it at any depth, relative to it. Directories carry no slash.
   */
  public List<String> readdir(String path, boolean recursive) throws FileException {
    ArchivePath directory = ArchivePath.parse(path);
    if (!(valueAt(directory) instanceof Directory)) {
      throw FileException.notAFolder("Target must be a folder");
    }
    ArchiveKey key = directory.directoryKey();
    Iterator<ArchiveEntry> found = recursive ? tree.below(key) : tree.list(key).iterator();
    // Key order is not name order: the slash of a directory "a" sorts it after a file "a-b".
    List<byte[]> names = new ArrayList<>();
    while (found.hasNext()) {
      byte[] name = found.next().key().raw();
      int end = name[name.length - 1] == ArchiveKey.SLASH ? name.length - 1 : name.length;
      names.add(Arrays.copyOfRange(name, key.raw().length, end));
    }
    names.sort(Arrays::compareUnsigned);
    return names.stream().map(name -> new String(name, StandardCharsets.UTF_8)).toList();
  }

  /** Writes a file, new or in place of one. */
  public void writeFile(String path, byte[] content) throws FileException {
    ArchivePath file = ArchivePath.parse(path);
    if (file.hasTrailingSlash()) {
      throw FileException.invalidPath(FILE_WITH_SLASH);
    }
    if (isDirectory(file)) {
      throw FileException.alreadyExists("Cannot overwrite non-files");
    }
    if (content.length > limits.fileBytes()) {
      throw FileException.quotaExceeded("File is larger than " + limits.fileBytes() + " bytes");
    }
    if (content.length > limits.entryBytes() - writtenBytes) {
      throw FileException.quotaExceeded("Too many bytes written in one entry");
    }
    List<ArchiveKey> parents = missingParents(file);
    requireRoom(parents.size() + 1);
    writtenBytes += content.length;
    Hash sha256 = contents.add(content.clone());
    putDirectories(parents);
    put(file.fileKey(), new FileRef(sha256, content.length));
  }

  /** Creates a directory where nothing is. */
  public void mkdir(String path) throws FileException {
    ArchivePath directory = ArchivePath.parse(path);
    requireFree(directory);
    List<ArchiveKey> parents = missingParents(directory);
    requireRoom(parents.size() + 1);
    putDirectories(parents);
    put(directory.directoryKey(), new Directory());
  }

  /** Removes a file. */
  public void unlink(String path) throws FileException {
    ArchivePath file = ArchivePath.parse(path);
    if (valueAt(file) instanceof Directory) {
      throw FileException.notAFile("Cannot unlink non-files");
    }
    requireRoom(1);
    remove(file.fileKey());
  }

  /** Removes a directory, which must be empty unless {@code recursive}. */
  public void rmdir(String path, boolean recursive) throws FileException {
    ArchivePath directory = ArchivePath.parse(path);
    if (valueAt(directory) instanceof FileRef) {
      throw FileException.notAFolder("Cannot rmdir non-folders");
    }
    if (directory.isRoot()) {
      throw FileException.invalidPath("The root folder can not be removed");
    }
    List<ArchiveKey> keys = new ArrayList<>();
    keys.add(directory.directoryKey());
    Iterator<ArchiveEntry> below = tree.below(directory.directoryKey());
    if (below.hasNext() && !recursive) {
      throw FileException.notEmpty();
    }
    while (below.hasNext()) {
      keys.add(below.next().key());
      requireRoom(keys.size());
    }
    requireRoom(keys.size());
    removeBackwards(keys);
  }

  /** Moves a file, or a directory with all that is in it, to where nothing is. */
  public void rename(String from, String to) throws FileException {
    ArchivePath source = ArchivePath.parse(from);
    ArchivePath target = ArchivePath.parse(to);
    requireFree(target);
    List<ArchiveKey> moved = new ArrayList<>();
    for (ArchiveEntry entry : copyAll(source, target, true)) {
      moved.add(entry.key());
    }
    removeBackwards(moved);
  }

  /**
   * Copies a file, in place of one if there is one, or a directory with all that is in it, into one
   * if there is one.
   */
  public void copy(String from, String to) throws FileException {
    copyAll(ArchivePath.parse(from), ArchivePath.parse(to), false);
  }

  /** Copies, with room kept for removing the source if it {@code moves}; gives what was copied. */
  private List<ArchiveEntry> copyAll(ArchivePath source, ArchivePath target, boolean moves)
      throws FileException {
    if (target.isWithin(source)) {
      throw FileException.invalidPath(
          "Cannot move or copy a folder to a destination within itself");
    }
    CopyPlan plan = CopyPlan.of(tree, source, target, limits.entryChanges() - touched.size());
    List<ArchiveKey> parents = missingParents(target);
    requireRoom(parents.size() + plan.target().size() + (moves ? plan.source().size() : 0));
    putDirectories(parents);
    for (ArchiveEntry entry : plan.target()) {
      put(entry.key(), entry.value());
    }
    return plan.source();
  }

  /** The net changes since the last commit, in key order. */
  public List<FileWrite> changes() {
    List<FileWrite> changes = new ArrayList<>();
    for (ArchiveKey key : new TreeSet<>(touched)) {
      Optional<ArchiveValue> now = tree.get(key);
      if (!now.equals(base.get(key))) {
        changes.add(new FileWrite(key, now));
      }
    }
    return changes;
  }

  /** The hash over the net changes since the last commit ({@link FileWrite#hash}). */
  public Hash writes() {
    return FileWrite.hash(changes());
  }

  /**
   * Ends the entry: gives what it did and goes on from there. Contents that were written and then
   * overwritten or removed in the same entry are not among the blobs. From now on the blob reader
   * must have the blobs given.
   */
  public ArchiveChange commit() {
    List<FileWrite> changes = changes();
    Map<Hash, byte[]> nodes = tree.newNodes();
    ArchiveTree settled = tree.settled(nodes);
    for (FileWrite change : changes) {
      if (change.value().isPresent() && change.value().get() instanceof FileRef file) {
        contents.get(file.sha256()).ifPresent(content -> nodes.put(file.sha256(), content));
      }
    }
    touched.clear();
    contents.truncate(0);
    writtenBytes = 0;
    commits++;
    base = settled;
    tree = settled;
    return new ArchiveChange(settled.rootHash(), FileWrite.hash(changes), nodes);
  }

  private boolean isDirectory(ArchivePath path) {
    return tree.get(path.directoryKey()).isPresent();
  }

  private boolean isFile(ArchivePath path) {
    return !path.isRoot() && tree.get(path.fileKey()).isPresent();
  }

  private ArchiveValue valueAt(ArchivePath path) throws FileException {
    Optional<ArchiveValue> value = path.isRoot() ? Optional.empty() : tree.get(path.fileKey());
    return value.or(() -> tree.get(path.directoryKey())).orElseThrow(FileException::notFound);
  }

  private void requireFree(ArchivePath path) throws FileException {
    if (isDirectory(path) || isFile(path)) {
      throw FileException.alreadyExists("Cannot overwrite files or folders");
    }
  }

  private void requireRoom(int changes) throws FileException {
    if (changes > limits.entryChanges() - touched.size()) {
      throw FileException.quotaExceeded(TOO_MANY_CHANGES);
    }
  }

  /** The directories above {@code path} that are to be created, the outermost last. */
  private List<ArchiveKey> missingParents(ArchivePath path) throws FileException {
    List<ArchiveKey> missing = new ArrayList<>();
    for (ArchivePath p = path.parent(); !isDirectory(p); p = p.parent()) {
      if (isFile(p)) {
        throw FileException.noParentFolder();
      }
      missing.add(p.directoryKey());
    }
    return missing;
  }

  private void putDirectories(List<ArchiveKey> innermostFirst) {
    for (int i = innermostFirst.size() - 1; i >= 0; i--) {
      put(innermostFirst.get(i), new Directory());
    }
  }

  /** Removes keys given in key order, what is in a directory before the directory. */
  private void removeBackwards(List<ArchiveKey> keys) {
    for (int i = keys.size() - 1; i >= 0; i--) {
      remove(keys.get(i));
    }
  }

  private void put(ArchiveKey key, ArchiveValue value) {
    tree = tree.put(key, value);
    touched.add(key);
  }

  private void remove(ArchiveKey key) {
    tree = tree.remove(key);
    touched.add(key);
  }
}
