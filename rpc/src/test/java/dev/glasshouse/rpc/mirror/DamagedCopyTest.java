package dev.glasshouse.rpc.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.LyingSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies that go on in a directory that somebody has damaged, or that was left in the middle. */
class DamagedCopyTest extends LyingCopies {
  private void requireDamaged(String what, LogReader source) {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> copyOnce(source), what);
    assertTrue(e.getMessage().contains("is not as it was left, its " + what), e::getMessage);
  }

  @Test
  void aDamagedCheckpointIsNotReplaced() throws IOException {
    copyOnce(source(5));
    byte[] right = Files.readAllBytes(out.resolve("checkpoint"));
    Files.writeString(out.resolve("checkpoint"), "damaged");
    requireDamaged("checkpoint", source(SIZE));
    SignedCheckpoint eves =
        SignedCheckpoint.sign(log.genesis.origin(), log.head(5), LyingLog.ALICE);
    Files.write(out.resolve("checkpoint"), eves.format());
    requireDamaged("checkpoint", source(SIZE));
    Files.write(out.resolve("checkpoint"), right);
    try (LogCopy copy = copy(source(SIZE))) {
      assertEquals(2, copy.round());
    }
  }

  @Test
  void theDirectoryIsLetGoOfWhateverIsFound() throws IOException {
    copyOnce(source(5));
    byte[] right = Files.readAllBytes(out.resolve("checkpoint"));
    Files.writeString(out.resolve("checkpoint"), "damaged");
    LogCopy stopped = copy(source(SIZE));
    assertThrows(UncheckedIOException.class, stopped::round);
    Files.write(out.resolve("checkpoint"), right);
    LogCopy next = copy(source(SIZE));
    assertEquals(2, next.round());
    assertThrows(UncheckedIOException.class, () -> copyOnce(source(SIZE)), "it is being written");
    next.close();
    assertEquals(0, copyOnce(source(SIZE)));
  }

  @Test
  void damagedTilesAndEntriesAreNotedBeforeAnythingIsWritten() throws IOException {
    copyOnce(source(5));
    Path tile = out.resolve("tile/0/000.p/5");
    byte[] hashes = Files.readAllBytes(tile);
    Files.delete(tile);
    requireDamaged("tiles", source(SIZE));
    byte[] changed = hashes.clone();
    changed[3] ^= 1;
    Files.write(tile, changed);
    requireDamaged("tiles", source(SIZE));
    Files.write(tile, hashes);
    Path bundle = out.resolve("tile/entries/000.p/5");
    byte[] entries = Files.readAllBytes(bundle);
    Files.delete(bundle);
    requireDamaged("last entry", source(SIZE));
    byte[] late = entries.clone();
    late[late.length - 30] ^= 1;
    Files.write(bundle, late);
    requireDamaged("last entry", source(SIZE));
    Files.write(bundle, entries);
    assertEquals(2, copyOnce(source(SIZE)));
  }

  @Test
  void whatIsThereAlreadyIsNotFetchedAgain() throws IOException {
    log.grow(300, "more");
    copyOnce(source(300));
    Files.delete(out.resolve("checkpoint"));
    List<Long> asked = new ArrayList<>();
    LyingSource noting =
        new LyingSource(log) {
          @Override
          public List<byte[]> entries(long from, long size) {
            asked.add(from);
            return super.entries(from, size);
          }
        };
    copyOnce(noting);
    assertEquals(List.of(0L), asked, "the genesis entry, to know the log");
    assertHolds(300);
    // Others in its place are.
    Files.delete(out.resolve("checkpoint"));
    Files.write(out.resolve("tile/entries/000"), new byte[] {1});
    Path second = out.resolve("tile/entries/001.p/44");
    byte[] changed = Files.readAllBytes(second);
    changed[changed.length - 30] ^= 1;
    Files.write(second, changed);
    asked.clear();
    copyOnce(noting);
    assertEquals(List.of(0L, 0L, 256L), asked);
    assertHolds(300);
  }

  @Test
  void whoIsInterruptedStopsBetweenBundles() {
    log.grow(300, "more");
    LogCopy.Options options = new LogCopy.Options(null, true);
    LogCopy.Progress interrupting = (at, of) -> Thread.currentThread().interrupt();
    try (LogCopy copy = new LogCopy(new LyingSource(log), out, options, interrupting)) {
      UnreachableException e = assertThrows(UnreachableException.class, copy::round);
      assertTrue(e.getMessage().contains("interrupted while copying"), e::getMessage);
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(300, copyOnce(new LyingSource(log)));
  }
}
