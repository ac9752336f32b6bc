package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * The values are made by coreutils, in a folder with the same files, with {@code LC_ALL=C}: {@code
 * find . -type f -printf '%P\0' | xargs -0r sha256sum | sort -k2 | sha256sum | xxd -r -p | base64}.
 */
class DirHashTest {
  private final MemoryBlobs blobs = new MemoryBlobs();
  private final Archive archive =
      Archive.open(ArchiveTree.EMPTY_ROOT, blobs, ArchiveLimits.DEFAULT);

  @Test
  void noFiles() throws FileException {
    assertH1("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    archive.mkdir("/empty/deep");
    assertH1("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  }

  @Test
  void oneFile() throws FileException {
    write("counter", "1");
    assertH1("0UaO+T5Rz4xZSd4bHhukVgAo3B4bHRkTzVF5l68PbF0=");
  }

  /** Where the names' order is not that of the directories', and beyond ASCII. */
  @Test
  void manyFiles() throws FileException {
    archive.mkdir("/empty");
    write("counter", "1");
    write("photos/\u00e9", "A");
    write("photos/\u00ea", "B");
    write("photos-old", "B");
    write("photos/raw/a b.txt", "");
    write("photos0", "zero");
    write("\ud83d\ude00", "smile");
    write("\uffee", "last of the plane");
    write("Z", "upper case");
    write("a", "lower case");
    blobs.store(archive.commit());
    assertH1("NXmF9wC7frhmWHL89mOEoTlnKw9I86kZn+QwhoEJ9yE=");
  }

  private void write(String path, String content) throws FileException {
    archive.writeFile(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private void assertH1(String base64) {
    assertEquals("h1:" + base64, DirHash.h1(archive.tree()));
  }
}
