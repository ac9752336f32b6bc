package dev.glasshouse.rpc.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowListTest {
  @TempDir private Path dir;

  private static PublicKey key(int number) {
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return Identity.ofSeed(seed).publicKey();
  }

  @Test
  void withoutAListEverybodyMayCall() throws IOException {
    AllowList list = AllowList.of(List.of());
    assertTrue(list.allows(key(1)));
    assertEquals(Optional.empty(), list.size());
  }

  @Test
  void keysAndFilesAddUp() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("keys"),
            "# the team\n\n" + key(2) + "\n  " + key(3) + "\t# Bob\r\n" + key(2));
    AllowList list = AllowList.of(List.of(key(1).format(), file.toString()));
    assertEquals(Optional.of(3), list.size());
    for (int number = 1; number <= 3; number++) {
      assertTrue(list.allows(key(number)), "key " + number);
    }
    assertFalse(list.allows(key(4)));
  }

  @Test
  void anEmptyFileAllowsNobody() throws IOException {
    Path file = Files.writeString(dir.resolve("keys"), "# nobody yet\n");
    assertFalse(AllowList.of(List.of(file.toString())).allows(key(1)));
  }

  private static void assertStays(AllowList list) {
    for (int look = 1; look <= 3; look++) {
      assertFalse(list.look(), "look " + look);
    }
  }

  @Test
  void aNewFileIsTakenUpOnceItHasBeenThereTwice() throws IOException {
    Path file = Files.writeString(dir.resolve("keys"), key(2).format());
    AllowList list = AllowList.of(List.of(key(1).format(), file.toString()));
    assertTrue(list.hasFiles());
    assertStays(list);
    Files.writeString(file, "");
    assertFalse(list.look(), "it may be about to be written");
    Files.writeString(file, key(3).format());
    assertFalse(list.look());
    assertTrue(list.allows(key(2)));
    assertTrue(list.look());
    assertFalse(list.allows(key(2)));
    assertTrue(list.allows(key(3)) && list.allows(key(1)));
    assertFalse(list.look(), "taken up already");
  }

  @Test
  void theOldListStaysWhileTheNewFileIsNone() throws IOException {
    Path file = Files.writeString(dir.resolve("keys"), key(2).format());
    AllowList list = AllowList.of(List.of(file.toString()));
    Files.writeString(file, "ed25519:AAAA");
    assertStays(list);
    assertTrue(list.allows(key(2)));
    Files.delete(file);
    assertStays(list);
    assertTrue(list.allows(key(2)));
    Files.writeString(file, key(2) + "\n" + key(3));
    assertFalse(list.look());
    assertTrue(list.look());
    assertEquals(Optional.of(2), list.size());
  }

  @Test
  void keysAloneAreNotLookedAtAgain() throws IOException {
    AllowList list = AllowList.of(List.of(key(1).format()));
    assertFalse(list.hasFiles() || AllowList.EVERYBODY.hasFiles());
    assertStays(list);
    assertTrue(list.allows(key(1)));
    assertStays(AllowList.EVERYBODY);
    assertTrue(AllowList.EVERYBODY.allows(key(1)));
  }

  @Test
  void whatIsNoKeyIsNamedWithItsLine() throws IOException {
    Path file = Files.writeString(dir.resolve("keys"), key(1) + "\n\ned25519:AAAA\n");
    MalformedException e =
        assertThrows(MalformedException.class, () -> AllowList.of(List.of(file.toString())));
    assertTrue(e.getMessage().startsWith(file + ", line 3: "), e.getMessage());
    assertThrows(MalformedException.class, () -> AllowList.of(List.of("ed25519:AAAA")));
    assertThrows(
        NoSuchFileException.class, () -> AllowList.of(List.of(dir.resolve("none").toString())));
  }
}
