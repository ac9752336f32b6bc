package dev.glasshouse.cli;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files on this machine, as an archive would hold them. */
final class LocalFiles {
  private LocalFiles() {}

  /** The archive root of a directory's contents. Links are not followed. */
  static Hash root(Path dir) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(dir)) {
      all = walk.filter(path -> !path.equals(dir)).collect(Collectors.toList());
    }
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, hash -> null);
    for (Path path : all) {
      String key = dir.relativize(path).toString().replace(File.separatorChar, '/');
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        tree = tree.put(ArchiveKey.parse(key + "/"), new ArchiveValue.Directory());
      } else {
        byte[] bytes = Files.readAllBytes(path);
        tree =
            tree.put(ArchiveKey.parse(key), new ArchiveValue.FileRef(Hash.of(bytes), bytes.length));
      }
    }
    return tree.rootHash();
  }
}
