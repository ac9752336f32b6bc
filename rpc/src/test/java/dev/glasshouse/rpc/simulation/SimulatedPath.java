package dev.glasshouse.rpc.simulation;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** The root, {@code /name}, {@code /directory/name}, or {@code name}. */
final class SimulatedPath implements Path {
  private final FileSystem system;
  private final String text;

  SimulatedPath(FileSystem system, String text) {
    this.system = system;
    this.text = text;
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return text.startsWith("/");
  }

  @Override
  public Path getRoot() {
    return isAbsolute() ? new SimulatedPath(system, "/") : null;
  }

  @Override
  public Path getFileName() {
    return text.equals("/")
        ? null
        : new SimulatedPath(system, text.substring(text.lastIndexOf('/') + 1));
  }

  @Override
  public Path getParent() {
    int end = text.lastIndexOf('/');
    return end <= 0
        ? (text.equals("/") ? null : getRoot())
        : new SimulatedPath(system, text.substring(0, end));
  }

  @Override
  public Path resolve(Path other) {
    String parent = text.equals("/") ? "" : text;
    return other.isAbsolute() ? other : new SimulatedPath(system, parent + "/" + other);
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : new SimulatedPath(system, "/" + text);
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public int getNameCount() {
    return text.equals("/") ? 0 : (int) text.chars().skip(1).filter(c -> c == '/').count() + 1;
  }

  @Override
  public Path getName(int index) {
    return new SimulatedPath(system, text.split("/", -1)[index + 1]);
  }

  @Override
  public int compareTo(Path other) {
    return text.compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimulatedPath path && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  // Nothing below is used by what runs here.

  @Override
  public Path subpath(int from, int to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean startsWith(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean endsWith(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path relativize(Path other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }
}
