package dev.glasshouse.cli;

import dev.glasshouse.rpc.client.RemoteArchive;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes files of an archive to this machine: under another name first, and under their own when
 * all of them are there and proved. What is in the way stays, unless the user wants it replaced.
 */
final class Downloads {
  private static final int UNFINISHED = 3;

  /** What was written. */
  record Written(long files, long directories, long bytes) {}

  private final RemoteArchive remote;
  private final boolean force;

  Downloads(RemoteArchive remote, boolean force) {
    this.remote = remote;
    this.force = force;
  }

  /** Writes a file's content as {@code target}. */
  Written file(ArchiveValue.FileRef file, Path target) throws IOException {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(UNFINISHED, target + " is a directory, and a file is to be there");
    }
    if (!force && isThere(target)) {
      throw inTheWay(target);
    }
    Path part = partOf(target);
    try {
      write(file, part);
      if (force) {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.move(part, target);
      }
    } finally {
      Files.deleteIfExists(part);
    }
    return new Written(1, 0, file.length());
  }

  /**
   * Writes what is in a directory of the archive, at any depth, as the directory {@code target},
   * which may be there and empty. With force it may hold other files; they stay.
   */
  Written tree(ArchiveKey directory, Path target) throws IOException {
    boolean merges = isThere(target);
    if (merges && !Files.isDirectory(target)) {
      throw new CommandException(UNFINISHED, target + " is a file, and a directory is to be there");
    }
    if (merges && !force && !isEmptyDirectory(target)) {
      throw inTheWay(target);
    }
    Path part = partOf(target);
    Files.createDirectory(part);
    try {
      Written written = writeBelow(directory, part);
      if (merges) {
        merge(part, target);
      } else {
        Files.move(part, target);
      }
      return written;
    } finally {
      delete(part);
    }
  }

  private Written writeBelow(ArchiveKey directory, Path part) throws IOException {
    int from = directory.text().length();
    long files = 0;
    long directories = 0;
    long bytes = 0;
    Iterator<ArchiveEntry> entries = remote.below(directory);
    while (entries.hasNext()) {
      ArchiveEntry entry = entries.next();
      Path place = place(part, entry.key().text().substring(from));
      try {
        if (entry.value() instanceof ArchiveValue.FileRef file) {
          write(file, place);
          files++;
          bytes += file.length();
        } else {
          Files.createDirectory(place);
          directories++;
        }
      } catch (FileAlreadyExistsException e) {
        // A file system may take two names for one: of other case, or composed otherwise.
        throw new CommandException(
            UNFINISHED,
            entry.key() + " has the name of another file here, as this disk sees it",
            e);
      }
    }
    return new Written(files, directories, bytes);
  }

  private void write(ArchiveValue.FileRef file, Path path) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      remote.copy(file, out);
    }
  }

  /**
   * The path below {@code base} of what an archive calls {@code relative}. No key has a segment
   * that is empty, {@code .} or {@code ..}; some systems give other names a meaning of their own.
   */
  static Path place(Path base, String relative) {
    Path place = base;
    for (String name : relative.replaceFirst("/$", "").split("/", -1)) {
      Path next;
      try {
        next = place.resolve(name);
      } catch (InvalidPathException e) {
        throw unusable(relative, e);
      }
      boolean isName =
          place.equals(next.getParent())
              && next.getFileName().toString().equals(name)
              && !name.equals("..")
              && !name.equals(".");
      if (!isName) {
        throw unusable(relative, null);
      }
      place = next;
    }
    return place;
  }

  private static CommandException unusable(String relative, InvalidPathException e) {
    return new CommandException(
        UNFINISHED,
        Terminal.printable(relative)
            + " cannot be a file's name here"
            + (e == null ? "" : "; a UTF-8 locale may help, as with LC_ALL=C.UTF-8"),
        e);
  }

  // Looks at all before it changes anything. Links are not followed: they could lead anywhere.
  private static void merge(Path part, Path target) throws IOException {
    List<Path> all = walk(part);
    for (Path path : all) {
      Path own = target.resolve(part.relativize(path).toString());
      boolean wantsDirectory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (isThere(own)
          && !path.equals(part)
          && wantsDirectory != Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)) {
        throw new CommandException(
            UNFINISHED,
            own
                + (wantsDirectory ? " is no directory, and one" : " is a directory, and a file")
                + " is to be there");
      }
    }
    for (Path path : all) {
      Path own = target.resolve(part.relativize(path).toString());
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(path, own, StandardCopyOption.ATOMIC_MOVE);
      } else if (!Files.isDirectory(own)) {
        Files.createDirectory(own);
      }
    }
  }

  private static void delete(Path part) throws IOException {
    if (isThere(part)) {
      for (Path path : walk(part).stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static List<Path> walk(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  // Beside the target, so that to give it its name is one step.
  private static Path partOf(Path target) {
    String random = UUID.randomUUID().toString();
    return target.toAbsolutePath().normalize().resolveSibling(".glass-" + random + ".part");
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> list = Files.list(path)) {
      return list.findAny().isEmpty();
    }
  }

  private static CommandException inTheWay(Path target) {
    return new CommandException(
        UNFINISHED,
        Terminal.printable(target.toString())
            + " exists already; name another with -o, or replace it with --force");
  }
}
