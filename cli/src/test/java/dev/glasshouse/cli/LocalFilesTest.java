package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {
  @TempDir private Path temp;

  @Test
  void anEmptyDirectoryIsTheEmptyArchive() throws IOException {
    assertEquals(ArchiveTree.EMPTY_ROOT, LocalFiles.root(temp));
  }

  @Test
  void theRootIsThatOfAnArchiveWithTheseFiles() throws IOException {
    Files.createDirectories(temp.resolve("photos/empty"));
    Files.writeString(temp.resolve("photos/a b.txt"), "hello");
    Files.writeString(temp.resolve("zero"), "");
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    Hash expected =
        ArchiveTree.open(ArchiveTree.EMPTY_ROOT, hash -> null)
            .put(ArchiveKey.parse("zero"), new ArchiveValue.FileRef(Hash.of(new byte[0]), 0))
            .put(ArchiveKey.parse("photos/"), new ArchiveValue.Directory())
            .put(ArchiveKey.parse("photos/empty/"), new ArchiveValue.Directory())
            .put(ArchiveKey.parse("photos/a b.txt"), new ArchiveValue.FileRef(Hash.of(hello), 5))
            .rootHash();
    assertEquals(expected, LocalFiles.root(temp));
    Files.writeString(temp.resolve("zero"), "0");
    assertNotEquals(expected, LocalFiles.root(temp));
  }

  @Test
  void linksAreNoPartOfAnArchive() throws IOException {
    Path target = Files.writeString(temp.resolve("target"), "x");
    Path link = Files.createSymbolicLink(temp.resolve("link"), target);
    MalformedException e = assertThrows(MalformedException.class, () -> LocalFiles.root(temp));
    assertTrue(e.getMessage().startsWith(link + " is neither a file nor a directory"));
  }

  @Test
  void aNameThatIsNoKeyIsRefused() throws IOException {
    Files.writeString(temp.resolve("a\u0001b"), "x");
    assertThrows(MalformedException.class, () -> LocalFiles.root(temp));
  }

  @Test
  void aMissingDirectoryIsAnIoError() {
    assertThrows(NoSuchFileException.class, () -> LocalFiles.root(temp.resolve("none")));
  }
}
