package dev.glasshouse.rpc.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.calllog.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory of a publication, and what else may lie where one is looked for. */
class PublicationFolderTest {
  private static final Hash LOG = Hash.of("log");
  private static final String MARK = "glasshouse/publication/v1\n" + LOG.hex() + "\n";

  @TempDir Path temp;
  private Path out;

  @BeforeEach
  void name() {
    out = temp.resolve("out");
  }

  private void requireRefused(String message) {
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> PublicationFolder.open(out, LOG), message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void isMarkedWithItsLog() throws IOException {
    assertEquals(Optional.empty(), PublicationFolder.log(out));
    Files.createDirectory(out);
    assertEquals(Optional.empty(), PublicationFolder.log(out), "an empty directory is free");
    PublicationFolder.open(out, LOG).close();
    assertEquals(Optional.of(LOG), PublicationFolder.log(out));
    assertEquals(MARK, Files.readString(out.resolve(".glasshouse")));
    PublicationFolder.open(out, LOG).close();
    assertEquals(MARK, Files.readString(out.resolve(".glasshouse")));
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class, () -> PublicationFolder.open(out, Hash.of("other")));
    assertTrue(e.getMessage().contains("holds another log, " + LOG), e::getMessage);
  }

  @Test
  void aMarkThatWasTornIsMadeAgain() throws IOException {
    Files.createDirectory(out);
    Files.createFile(out.resolve(".glasshouse"));
    PublicationFolder.open(out, LOG).close();
    assertEquals(MARK, Files.readString(out.resolve(".glasshouse")));
  }

  @Test
  void aDamagedMarkNamesNoLog() throws IOException {
    Files.createDirectory(out);
    for (String damaged :
        List.of(
            MARK.substring(1),
            MARK + "x",
            MARK + "\n",
            MARK.replace("v1", "v2"),
            MARK.substring(0, MARK.length() - 1) + "x")) {
      Files.writeString(out.resolve(".glasshouse"), damaged);
      requireRefused("is damaged: it does not name a log");
    }
  }

  @Test
  void whatIsSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("letter"), "mine");
    requireRefused("is not empty, and no export or mirror");
    out = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
    assertThrows(UncheckedIOException.class, () -> PublicationFolder.log(out));
  }

  @Test
  void isWrittenByOneAtATime() {
    PublicationFolder folder = PublicationFolder.open(out, LOG);
    requireRefused("is being written by another export or mirror");
    folder.close();
    PublicationFolder.open(out, LOG).close();
  }

  @Test
  void filesThatHaveNoNameYetAreCleared() throws IOException {
    PublicationFolder.open(out, LOG).close();
    Files.writeString(out.resolve(".next").resolve("0"), "torn");
    try (PublicationFolder folder = PublicationFolder.open(out, LOG)) {
      assertEquals(0, out.resolve(".next").toFile().list().length);
      folder.write("a/b", new byte[] {1});
      assertTrue(folder.has("a/b"));
      assertFalse(folder.has("a/c"));
      folder.write("a/empty", new byte[0]);
      assertFalse(folder.has("a/empty"), "it may be a torn one");
    }
  }

  @Test
  void directoriesAreDeletedWithTheirFiles() throws IOException {
    try (PublicationFolder folder = PublicationFolder.open(out, LOG)) {
      folder.write("d/a", new byte[] {1});
      folder.write("d/b", new byte[] {1});
      folder.write("e", new byte[] {1});
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> folder.delete(out.resolve("d")));
      assertTrue(e.getMessage().contains("holds what no archive put there"), e::getMessage);
      folder.deleteAll("d");
      folder.deleteAll("none");
      folder.deleteAll("e");
      assertFalse(Files.exists(out.resolve("d")));
      assertTrue(Files.exists(out.resolve("e")), "no directory");
      folder.delete(out.resolve("e"));
      folder.delete(out.resolve("e"));
      assertFalse(Files.exists(out.resolve("e")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/..", "a/./b", "../a", "a//b", "a\0b"})
  void pathsThatLeadElsewhereAreNotNamed(String key) {
    assertThrows(Layout.UnnamableException.class, () -> Layout.file(out, key), key);
  }

  @Test
  void pathsLieBelowTheFiles() {
    assertEquals(out.resolve("files"), Layout.file(out, ""));
    assertEquals(out.resolve("files").resolve("a"), Layout.file(out, "a"));
    assertEquals(out.resolve("files").resolve("a").resolve("b"), Layout.file(out, "a/b/"));
  }

  // --- Reading it ---

  private static List<byte[]> entries(int count) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(("entry " + i).getBytes(UTF_8));
    }
    return entries;
  }

  private static List<Hash> hashes(int count) {
    return entries(count).stream().map(Hash::of).toList();
  }

  private DirectoryLogReader reader() {
    return new DirectoryLogReader(out);
  }

  @Test
  void aPublicationHasACheckpointAndTiles() throws IOException {
    assertFalse(DirectoryLogReader.isPublication(out));
    Files.createDirectories(out.resolve("tile"));
    assertFalse(DirectoryLogReader.isPublication(out));
    Files.writeString(out.resolve("checkpoint"), "note");
    assertTrue(DirectoryLogReader.isPublication(out));
    Files.delete(out.resolve("tile"));
    assertFalse(DirectoryLogReader.isPublication(out));
    assertTrue(reader().isCopy());
  }

  @Test
  void whatIsNotThereIsMissedOrNull() {
    DirectoryLogReader reader = reader();
    assertThrows(UnreachableException.class, reader::checkpoint);
    assertNull(reader.cosigned());
    assertNull(reader.blob(LOG));
    assertNull(reader.openBlob(LOG));
    assertNull(reader.page(LOG));
    assertThrows(UnreachableException.class, reader::images);
    assertThrows(UnreachableException.class, () -> reader.entries(0, 3));
    assertThrows(UnreachableException.class, () -> reader.entries(0, 256));
    assertThrows(UnreachableException.class, () -> reader.tile(new Tile(0, 0, 3)));
    assertThrows(UnreachableException.class, () -> reader.tile(new Tile(0, 0, 256)));
  }

  @Test
  void partialTilesAreCutFromFullOnes() {
    try (PublicationFolder folder = PublicationFolder.open(out, LOG)) {
      folder.write(new EntryBundle(0, 256).path(), EntryBundle.encode(entries(256)));
      folder.write(new Tile(0, 0, 256).path(), Tile.encode(hashes(256)));
      folder.write(new EntryBundle(1, 3).path(), EntryBundle.encode(entries(3)));
      folder.write(new Tile(0, 1, 3).path(), Tile.encode(hashes(3)));
    }
    DirectoryLogReader reader = reader();
    assertEquals(5, reader.entries(0, 5).size());
    assertArrayEquals("entry 4".getBytes(UTF_8), reader.entries(4, 5).get(0));
    assertEquals(252, reader.entries(4, 259).size());
    assertEquals(2, reader.entries(257, 259).size());
    assertEquals(hashes(5), reader.tile(new Tile(0, 0, 5)));
    assertEquals(hashes(256), reader.tile(new Tile(0, 0, 256)));
    assertEquals(hashes(3), reader.tile(new Tile(0, 1, 3)));
  }

  @Test
  void whatIsTooLongIsNotRead() throws IOException {
    Files.createDirectories(out);
    Files.write(out.resolve("checkpoint"), new byte[Note.MAX_BYTES + 1]);
    MalformedException e = assertThrows(MalformedException.class, () -> reader().checkpoint());
    assertTrue(e.getMessage().contains("has more than"), e::getMessage);
    Files.write(out.resolve("checkpoint"), new byte[Note.MAX_BYTES]);
    assertEquals(Note.MAX_BYTES, reader().checkpoint().length);
  }

  @Test
  void blobsAreStreamed() throws IOException {
    try (PublicationFolder folder = PublicationFolder.open(out, LOG)) {
      folder.write("blob/" + LOG.hex(), new byte[] {1, 2});
    }
    try (InputStream in = reader().openBlob(LOG)) {
      assertArrayEquals(new byte[] {1, 2}, in.readAllBytes());
    }
    assertArrayEquals(new byte[] {1, 2}, reader().blob(LOG));
  }
}
