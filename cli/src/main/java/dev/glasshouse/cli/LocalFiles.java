package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files on this machine, as an archive would hold them. */
final class LocalFiles {
  private LocalFiles() {}

  /**
   * The archive root of a directory's contents.
   *
   * @throws MalformedException if there is something in it that no archive can hold: a link, a
   *     device, a name that is no archive key
   */
  static Hash root(Path dir) throws IOException {
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, hash -> null);
    for (Path path : below(dir)) {
      String key = dir.relativize(path).toString().replace(File.separatorChar, '/');
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        tree = tree.put(ArchiveKey.parse(key + "/"), new ArchiveValue.Directory());
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = Files.readAllBytes(path);
        tree =
            tree.put(ArchiveKey.parse(key), new ArchiveValue.FileRef(Hash.of(bytes), bytes.length));
      } else {
        throw new MalformedException(
            path + " is neither a file nor a directory; an archive holds nothing else");
      }
    }
    return tree.rootHash();
  }

  // Directories before what is in them.
  private static List<Path> below(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.filter(path -> !path.equals(dir)).collect(Collectors.toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
