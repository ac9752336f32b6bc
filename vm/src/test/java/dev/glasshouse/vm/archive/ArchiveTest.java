package dev.glasshouse.vm.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArchiveTest {
  private final MemoryBlobs blobs = new MemoryBlobs();
  private final Archive archive = open(ArchiveLimits.DEFAULT);

  @Test
  void writesReadsAndCreatesParents() throws FileException {
    write("photos/2017/a.png", "A");
    assertEquals("A", read("//photos/2017//a.png/"));
    assertEquals(new Stat(1, Optional.of(Hash.of("A"))), archive.stat("/photos/2017/a.png"));
    assertTrue(archive.stat("/photos/2017").isDirectory());
    assertTrue(archive.stat("").isDirectory());
    write("/photos/2017/a.png", "BB");
    assertEquals("BB", read("/photos/2017/a.png"));
    archive.unlink("/photos/2017/a.png");
    assertTrue(archive.stat("/photos/2017/").isDirectory());
    assertEquals(List.of(), archive.readdir("/photos/2017", false));
  }

  @Test
  void contentsAreCopies() throws FileException {
    byte[] content = {1, 2};
    archive.writeFile("/f", content);
    content[0] = 9;
    archive.readFile("/f")[1] = 9;
    assertArrayEquals(new byte[] {1, 2}, archive.readFile("/f"));
    blobs.store(archive.commit());
    archive.readFile("/f")[1] = 9;
    assertArrayEquals(new byte[] {1, 2}, archive.readFile("/f"));
  }

  @Test
  void listsInOrderOfNames() throws FileException {
    for (String path :
        List.of("/a-b", "/a/y", "/a/x/z", "/é", "/z", "/a.b", "/\ud83d\ude00", "/\uffee")) {
      write(path, "");
    }
    List<String> names = List.of("a", "a-b", "a.b", "z", "é", "\uffee", "\ud83d\ude00");
    assertEquals(names, archive.readdir("/", false));
    assertEquals(List.of("x", "x/z", "y"), archive.readdir("/a", true));
    assertEquals(
        List.of("a", "a-b", "a.b", "a/x", "a/x/z", "a/y", "z", "é", "\uffee", "\ud83d\ude00"),
        archive.readdir("/", true));
  }

  @Test
  void readingFails() throws FileException {
    write("/d/f", "");
    assertFails("NotFoundError", "File not found", () -> archive.readFile("/x"));
    assertFails("NotFoundError", "File not found", () -> archive.readFile("/d/f/x"));
    assertFails("NotAFileError", "Target must be a file", () -> archive.readFile("/d"));
    assertFails("NotAFileError", "Target must be a file", () -> archive.readFile("/"));
    assertFails("NotFoundError", "File not found", () -> archive.stat("/x"));
    assertFails("NotFoundError", "File not found", () -> archive.readdir("/x", false));
    assertFails("NotAFolderError", "Target must be a folder", () -> archive.readdir("/d/f", true));
    assertFails("InvalidPathError", "Path contains . or ..", () -> archive.stat("/d/../d"));
  }

  @Test
  void writingFails() throws FileException {
    write("/d/f", "");
    Hash before = archive.root();
    assertFails("InvalidPathError", "Files can not have a trailing slash", () -> write("/x/", ""));
    assertFails("EntryAlreadyExistsError", "Cannot overwrite non-files", () -> write("/d", ""));
    assertFails("EntryAlreadyExistsError", "Cannot overwrite non-files", () -> write("", ""));
    assertFails(
        "ParentFolderDoesntExistError",
        "Cannot write to this location ; No parent folder exists",
        () -> write("/d/f/x/y", ""));
    String exists = "Cannot overwrite files or folders";
    assertFails("EntryAlreadyExistsError", exists, () -> archive.mkdir("/d/"));
    assertFails("EntryAlreadyExistsError", exists, () -> archive.mkdir("/d/f"));
    assertFails("EntryAlreadyExistsError", exists, () -> archive.mkdir("/"));
    assertEquals(before, archive.root());
  }

  @Test
  void removes() throws FileException {
    write("/d/e/f", "");
    write("/d-", "");
    archive.mkdir("/x/y");
    assertFails("NotFoundError", "File not found", () -> archive.unlink("/q"));
    assertFails("NotAFileError", "Cannot unlink non-files", () -> archive.unlink("/d"));
    assertFails("NotAFileError", "Cannot unlink non-files", () -> archive.unlink("/"));
    assertFails("NotFoundError", "File not found", () -> archive.rmdir("/q", true));
    assertFails("NotAFolderError", "Cannot rmdir non-folders", () -> archive.rmdir("/d-", true));
    assertFails(
        "DestDirectoryNotEmpty",
        "Destination path is not empty ; Aborting",
        () -> archive.rmdir("/d", false));
    assertFails(
        "InvalidPathError", "The root folder can not be removed", () -> archive.rmdir("/", true));
    archive.rmdir("/d", true);
    archive.rmdir("/x/y/", false);
    assertEquals(List.of("d-", "x"), archive.readdir("/", true));
  }

  @Test
  void renames() throws FileException {
    write("/d/e/f", "F");
    write("/d/g", "G");
    write("/h", "H");
    archive.rename("/d", "/new/place");
    archive.rename("/h/", "/new/h");
    assertEquals(
        List.of("new", "new/h", "new/place", "new/place/e", "new/place/e/f", "new/place/g"),
        archive.readdir("/", true));
    assertEquals("F", read("/new/place/e/f"));
    Hash before = archive.root();
    String exists = "Cannot overwrite files or folders";
    assertFails("EntryAlreadyExistsError", exists, () -> archive.rename("/new/h", "/new/place"));
    assertFails("EntryAlreadyExistsError", exists, () -> archive.rename("/new/place", "/new/h"));
    assertFails("EntryAlreadyExistsError", exists, () -> archive.rename("/new", "/new/"));
    assertFails("EntryAlreadyExistsError", exists, () -> archive.rename("/new/place", "/"));
    String within = "Cannot move or copy a folder to a destination within itself";
    assertFails("InvalidPathError", within, () -> archive.rename("/new", "/new/place/x"));
    assertFails("InvalidPathError", within, () -> archive.rename("/", "/x"));
    assertFails("NotFoundError", "File not found", () -> archive.rename("/x", "/y"));
    assertFails(
        "InvalidPathError",
        "Files can not have a trailing slash",
        () -> archive.rename("/new/h", "/k/"));
    assertFails(
        "ParentFolderDoesntExistError",
        "Cannot write to this location ; No parent folder exists",
        () -> archive.rename("/new/place", "/new/h/x"));
    assertEquals(before, archive.root());
  }

  @Test
  void renamesOnlyToPathsWithinTheLimit() throws FileException {
    String deep = "/" + "x".repeat(200) + "/" + "y".repeat(200) + "/" + "z".repeat(200);
    write("/d" + deep, "");
    String fits = "/" + "a".repeat(200) + "/" + "b".repeat(219);
    assertEquals(ArchiveKey.MAX_PATH_BYTES, (fits + deep).length());
    assertFails(
        "InvalidPathError",
        "Path is longer than 1024 bytes",
        () -> archive.rename("/d", fits + "b"));
    archive.rename("/d", fits);
    assertEquals("", read(fits + deep));
  }

  @Test
  void copies() throws FileException {
    write("/a/f", "1");
    write("/a/b/f", "2");
    archive.copy("/a", "/c/d");
    assertEquals(List.of("b", "b/f", "f"), archive.readdir("/c/d", true));
    write("/a/f", "3");
    archive.mkdir("/c/d/kept");
    archive.copy("/a/", "/c/d/");
    assertEquals(List.of("b", "b/f", "f", "kept"), archive.readdir("/c/d", true));
    assertEquals("3", read("/c/d/f"));
    archive.copy("/a/f", "/c/d/b/f");
    assertEquals("3", read("/c/d/b/f"));
    archive.copy("/c/d", "/");
    assertEquals(List.of("a", "b", "c", "f", "kept"), archive.readdir("/", false));
    Hash before = archive.root();
    assertFails(
        "EntryAlreadyExistsError",
        "Cannot copy a file onto a folder (/a)",
        () -> archive.copy("/f", "/a/"));
    assertFails(
        "EntryAlreadyExistsError",
        "Cannot copy a folder onto a file (/f)",
        () -> archive.copy("/a", "/f"));
    assertEquals(before, archive.root());
    archive.unlink("/a/b/f");
    archive.mkdir("/a/b/f");
    Hash changed = archive.root();
    assertFails(
        "EntryAlreadyExistsError",
        "Cannot copy a folder onto a file (/c/d/b/f)",
        () -> archive.copy("/a", "/c/d"));
    assertFails("NotFoundError", "File not found", () -> archive.copy("/x", "/y"));
    assertFails(
        "InvalidPathError",
        "Cannot move or copy a folder to a destination within itself",
        () -> archive.copy("/a", "/a"));
    assertEquals(changed, archive.root());
  }

  @Test
  void copiesFromInsideTheTargetAsItWas() throws FileException {
    write("/a/b/b/x", "inner");
    write("/a/b/x", "outer");
    archive.copy("/a/b", "/a");
    assertEquals(List.of("b", "b/b", "b/b/x", "b/x", "x"), archive.readdir("/a", true));
    assertEquals("inner", read("/a/b/x"));
    assertEquals("outer", read("/a/x"));
  }

  @Test
  void limits() throws FileException {
    Archive small = open(new ArchiveLimits(4, 10, 5));
    small.writeFile("/a", new byte[4]);
    assertFails(
        "QuotaExceededError",
        "File is larger than 4 bytes",
        () -> small.writeFile("/b", new byte[5]));
    small.writeFile("/a", new byte[4]);
    assertFails(
        "QuotaExceededError",
        "Too many bytes written in one entry",
        () -> small.writeFile("/b", new byte[3]));
    Archive.Mark before = small.begin();
    small.writeFile("/b", new byte[2]);
    small.rollback(before);
    small.writeFile("/b", new byte[2]);
    String many = "Too many file changes in one entry";
    assertFails("QuotaExceededError", many, () -> small.writeFile("/d/e/f", new byte[0]));
    assertFails("QuotaExceededError", many, () -> small.rename("/a", "/d/a"));
    assertFails("QuotaExceededError", many, () -> small.mkdir("/d/e/f"));
    small.rename("/a", "/d");
    assertFails("QuotaExceededError", many, () -> small.unlink("/d"));
    assertFails("QuotaExceededError", many, () -> small.copy("/d", "/e"));
    blobs.store(small.commit());
    small.writeFile("/x/y/z/f", new byte[4]);
    blobs.store(small.commit());
    assertFails("QuotaExceededError", many, () -> small.rename("/x", "/w"));
    small.copy("/x", "/w");
    blobs.store(small.commit());
    small.rmdir("/w", true);
    Archive.Mark mark = small.begin();
    assertFails("QuotaExceededError", many, () -> small.rmdir("/x", true));
    small.unlink("/b");
    small.rollback(mark);
    small.unlink("/d");
  }

  @Test
  void netChangesAndBlobs() throws FileException {
    write("/keep", "k");
    write("/gone", "g");
    blobs.store(archive.commit());
    write("/keep", "other");
    write("/keep", "k");
    write("/new/f", "overwritten");
    write("/new/f", "n");
    write("/brief", "b");
    archive.unlink("/brief");
    archive.unlink("/gone");
    List<FileWrite> changes = archive.changes();
    assertEquals(
        List.of("- gone\n", "+ new/\n", "+ " + Hash.of("n") + " 1 new/f\n"),
        changes.stream().map(FileWrite::line).toList());
    ArchiveChange change = archive.commit();
    assertEquals(Hash.of("- gone\n+ new/\n+ " + Hash.of("n") + " 1 new/f\n"), change.writes());
    Set<Hash> added = change.blobs().keySet();
    assertTrue(added.contains(Hash.of("n")));
    for (String content : List.of("overwritten", "b", "other", "k", "g")) {
      assertFalse(added.contains(Hash.of(content)), content);
    }
    blobs.store(change);
    Archive again = Archive.open(change.root(), blobs, ArchiveLimits.DEFAULT);
    assertEquals(List.of("keep", "new", "new/f"), again.readdir("/", true));
    assertArrayEquals(new byte[] {'n'}, again.readFile("/new/f"));
  }

  @Test
  void nothingChangedIsAHashOfNothing() throws FileException {
    ArchiveChange nothing = archive.commit();
    assertEquals(new ArchiveChange(ArchiveTree.EMPTY_ROOT, Hash.of(""), Map.of()), nothing);
    write("/f", "1");
    blobs.store(archive.commit());
    write("/f", "2");
    write("/d/f", "1");
    archive.rmdir("/d", true);
    write("/f", "1");
    assertEquals(Hash.of(""), archive.writes());
    assertEquals(Map.of(), archive.commit().blobs());
  }

  @Test
  void rollsBackNested() throws FileException {
    write("/f", "0");
    Hash first = archive.root();
    Archive.Mark outer = archive.begin();
    write("/f", "1");
    Hash second = archive.root();
    Archive.Mark inner = archive.begin();
    write("/g/h", "2");
    archive.rollback(inner);
    assertEquals(second, archive.root());
    write("/i", "3");
    archive.rollback(inner);
    assertEquals("1", read("/f"));
    archive.rollback(outer);
    assertEquals(first, archive.root());
    assertEquals("0", read("/f"));
    assertThrows(IllegalStateException.class, () -> archive.rollback(inner));
    Archive other = open(ArchiveLimits.DEFAULT);
    assertThrows(IllegalStateException.class, () -> other.rollback(outer));
    Set<Hash> added = archive.commit().blobs().keySet();
    assertTrue(added.contains(first));
    assertTrue(added.contains(Hash.of("0")));
    assertFalse(added.contains(Hash.of("1")));
    assertThrows(IllegalStateException.class, () -> archive.rollback(outer));
  }

  @Test
  void theStoresFaultsAreNotTheBackends() throws FileException {
    write("/f", "content");
    blobs.store(archive.commit());
    Hash content = Hash.of("content");
    byte[] bytes = blobs.blobs.remove(content);
    MissingBlobException e = assertThrows(MissingBlobException.class, () -> archive.readFile("/f"));
    assertEquals(content, e.hash());
    bytes[0] ^= 1;
    blobs.blobs.put(content, bytes);
    assertThrows(MalformedException.class, () -> archive.readFile("/f"));
  }

  @Test
  void contentsAreForgottenOnRollback() {
    Contents contents = new Contents();
    Hash first = contents.add(new byte[] {1});
    Hash second = contents.add(new byte[] {2});
    assertEquals(first, contents.add(new byte[] {1}));
    assertEquals(2, contents.count());
    contents.truncate(1);
    assertTrue(contents.get(first).isPresent());
    assertTrue(contents.get(second).isEmpty());
    assertEquals(1, contents.count());
  }

  private Archive open(ArchiveLimits limits) {
    return Archive.open(ArchiveTree.EMPTY_ROOT, blobs, limits);
  }

  private void write(String path, String content) throws FileException {
    archive.writeFile(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private String read(String path) throws FileException {
    return new String(archive.readFile(path), StandardCharsets.UTF_8);
  }

  private static void assertFails(String name, String message, Executable operation) {
    FileException e = assertThrows(FileException.class, operation);
    assertEquals(name, e.name());
    assertEquals(message, e.getMessage());
  }
}
