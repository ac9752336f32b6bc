package dev.glasshouse.rpc.simulation;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** Gives the paths of {@link SimulatedFiles}. */
final class SimulatedFileSystem extends FileSystem {
  private final SimulatedFiles files;

  SimulatedFileSystem(SimulatedFiles files) {
    this.files = files;
  }

  @Override
  public FileSystemProvider provider() {
    return files;
  }

  @Override
  public Path getPath(String first, String... more) {
    return new SimulatedPath(this, first);
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(files.directory());
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of();
  }

  @Override
  public void close() {
    // It is open for as long as somebody refers to it.
  }

  /** Takes {@code glob:FIRST*LAST} alone. */
  @Override
  public PathMatcher getPathMatcher(String syntax) {
    String[] parts = syntax.substring("glob:".length()).split("\\*", -1);
    return path -> path.toString().startsWith(parts[0]) && path.toString().endsWith(parts[1]);
  }

  // Nothing below is used by what runs here.

  @Override
  public Iterable<FileStore> getFileStores() {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
