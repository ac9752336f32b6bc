package dev.glasshouse.rpc.simulation;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a directory and of those in it, behind the JDK's own interface: what a host keeps
 * beside its database, and a witness. Directories are there when they are asked for. Contents and
 * names are on disk when they were synced; a loss of power takes any part of what was not. What a
 * failed sync should have written stays readable and may be lost ever after, as on Linux: no later
 * sync writes it.
 */
final class SimulatedFiles extends FileSystemProvider {
  private final SimulatedDisk disk;
  private final FileSystem system = new SimulatedFileSystem(this);
  private Map<String, SimulatedFile> names = new HashMap<>();
  private Map<String, SimulatedFile> durable = new HashMap<>();
  private final List<Map<String, SimulatedFile>> unsynced = new ArrayList<>();

  SimulatedFiles(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The directory that all is in. */
  Path directory() {
    return new SimulatedPath(system, "/");
  }

  /** What is there after a loss of power. */
  void losePower() {
    int kept = disk.dice().nextInt(unsynced.size() + 1);
    names = kept == 0 ? durable : unsynced.get(kept - 1);
    for (SimulatedFile file : names.values()) {
      file.losePower(disk.dice());
    }
    syncAllNames();
  }

  /** The files that are there. */
  Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new HashMap<>();
    names.forEach((name, file) -> contents.put(name, file.bytes()));
    return contents;
  }

  /** Puts files in the place of those that are there. */
  void restore(Map<String, byte[]> contents) {
    names = new HashMap<>();
    contents.forEach((name, bytes) -> names.put(name, new SimulatedFile(bytes)));
    syncAllNames();
  }

  private void syncAllNames() {
    durable = names;
    unsynced.clear();
  }

  // The names in a directory are on disk.
  private void syncNames(Path directory) {
    durable = synced(durable, directory);
    unsynced.replaceAll(before -> synced(before, directory));
    if (durable.equals(names)) {
      unsynced.clear();
    }
  }

  private Map<String, SimulatedFile> synced(Map<String, SimulatedFile> before, Path directory) {
    Map<String, SimulatedFile> after = new HashMap<>(before);
    after.keySet().removeIf(name -> isIn(name, directory));
    names.forEach(
        (name, file) -> {
          if (isIn(name, directory)) {
            after.put(name, file);
          }
        });
    return after;
  }

  private boolean isIn(String name, Path directory) {
    return new SimulatedPath(system, name).getParent().equals(directory);
  }

  private void rename(Map<String, SimulatedFile> changed) {
    names = changed;
    unsynced.add(changed);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String name = path.toString();
    if (!names.containsKey(name) && !options.contains(StandardOpenOption.CREATE)) {
      if (!isDirectory(name)) {
        throw new NoSuchFileException(name);
      }
      return new SimulatedChannel(disk, new SimulatedFile(new byte[0]), () -> syncNames(path));
    }
    if (!names.containsKey(name)) {
      disk.change(
          "creating " + name,
          () -> {
            Map<String, SimulatedFile> changed = new HashMap<>(names);
            changed.put(name, new SimulatedFile(new byte[0]));
            rename(changed);
          });
    }
    SimulatedFile file = names.get(name);
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      file.truncate();
    }
    return new SimulatedChannel(disk, file, file::sync);
  }

  private boolean isDirectory(String path) {
    return path.equals("/")
        || names.keySet().stream().anyMatch(name -> name.startsWith(path + "/"));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    if (!names.containsKey(from.toString())) {
      throw new NoSuchFileException(from.toString());
    }
    disk.change(
        "renaming " + from,
        () -> {
          Map<String, SimulatedFile> changed = new HashMap<>(names);
          changed.put(to.toString(), changed.remove(from.toString()));
          rename(changed);
        });
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (!path.toString().equals("/") && !names.containsKey(path.toString())) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) {
    // It is there.
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : names.keySet()) {
      Path file = new SimulatedPath(system, name);
      if (isIn(name, path) && filter.accept(file)) {
        found.add(file);
      }
    }
    return new DirectoryStream<Path>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  // Nothing below is used by what runs here.

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
