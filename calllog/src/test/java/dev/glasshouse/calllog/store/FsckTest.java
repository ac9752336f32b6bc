package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageSample;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.fsck.Finding;
import dev.glasshouse.calllog.fsck.Fsck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Rows that are not what the entries say are found, though every checksum is right. */
class FsckTest {
  /** A change to an open database. */
  private interface Damage {
    void to(RocksColumns open) throws RocksDBException;
  }

  @TempDir private Path temp;
  private Path dir;

  @BeforeEach
  void keepALog() throws IOException {
    dir = temp.resolve("host");
    ImageSample.write(dir, 300);
  }

  private Fsck.Result check() {
    return Fsck.check(dir, (entry, before, blobs, needed) -> {}, (entries, of) -> {});
  }

  private void damage(Damage damage) throws RocksDBException {
    try (RocksColumns open =
        RocksColumns.open(dir.resolve("log"), RocksColumns.Recovery.ABSOLUTE)) {
      damage.to(open);
    }
  }

  private static byte[] firstKey(RocksColumns open, ColumnFamilyHandle column) {
    try (RocksIterator it = open.db().newIterator(column)) {
      it.seekToFirst();
      return it.key();
    }
  }

  /** One finding, in the store, that says this. */
  private void found(String what) {
    Fsck.Result result = check();
    assertFalse(result.isWhole());
    Finding first = result.findings().stream().filter(Finding::damage).findFirst().orElseThrow();
    assertTrue(first.what().contains(what), result::toString);
    assertTrue(first.file().startsWith(dir), result::toString);
    assertFalse(first.loss().isEmpty() || first.remedy().isEmpty());
  }

  @Test
  void aWholeDirectoryIsWhole() {
    Fsck.Result result = check();
    assertEquals(List.of(), result.findings());
    assertTrue(result.isWhole());
    assertEquals(302, result.entries());
    try (CallLog log = ImageSample.open(dir)) {
      assertEquals(log.head(), result.head());
      // One process at a time.
      assertThrows(StoreException.class, this::check);
    }
    assertThrows(
        StoreException.class, () -> Fsck.check(temp, (a, b, c, d) -> {}, (entries, of) -> {}));
  }

  @Test
  void anEntryThatIsAnotherIsFound() throws Exception {
    damage(
        open -> {
          byte[] other = open.db().get(open.entries(), Keys.entry(8));
          open.db().put(open.entries(), Keys.entry(7), other);
        });
    found("the tree hash 7 of level 0 is not that of the entries");
    assertTrue(
        check().findings().stream()
            .anyMatch(finding -> finding.what().contains("the recorded tree head of 302 entries")));
  }

  @Test
  void anEntryThatIsMissingIsFound() throws Exception {
    damage(open -> open.db().delete(open.entries(), Keys.entry(5)));
    found("entries from number 0 on could not be checked: number 5 of 302 is missing");
  }

  @Test
  void anEntryWithoutFormIsFound() throws Exception {
    damage(open -> open.db().put(open.entries(), Keys.entry(9), new byte[] {'{', '}'}));
    found("the tree hash 9");
    assertTrue(check().toString().contains("entry 9: "));
  }

  @Test
  void anotherTreeHashIsFound() throws Exception {
    damage(open -> open.db().put(open.tree(), Keys.treeHash(1, 0), Hash.of("x").bytes()));
    found("the tree hash 0 of level 1 is not that of the entries");
  }

  @Test
  void aCallNumberThatIsGoneOrElsewhereIsFound() throws Exception {
    damage(
        open -> {
          byte[] key = firstKey(open, open.tickets());
          open.db().put(open.tickets(), key, Keys.ticketValue(new Ticket(3, 4)));
        });
    found("the index of call numbers has something else for the call in entry 1");
    damage(open -> open.db().delete(open.tickets(), firstKey(open, open.tickets())));
    found("the index of call numbers has nothing for the call in entry 1");
  }

  @Test
  void aCallNumberOfNoEntryIsFound() throws Exception {
    damage(
        open ->
            open.db()
                .put(
                    open.tickets(),
                    Keys.ticket(new byte[32], new byte[16], 1),
                    Keys.ticketValue(new Ticket(3, 4))));
    found("the index of call numbers has 301, the entries have 300");
  }

  @Test
  void blobsAndPagesThatAreOthersAreFound() throws Exception {
    damage(open -> open.db().put(open.pages(), firstKey(open, open.pages()), new byte[] {1}));
    found(" of an image has other bytes");
    damage(open -> open.db().delete(open.pages(), firstKey(open, open.pages())));
    found(" of the image at entry 301 is missing");
    damage(open -> open.db().put(open.blobs(), firstKey(open, open.blobs()), new byte[] {1}));
    found("has other bytes");
  }

  @Test
  void anImageThatIsNotItsEntrysIsFound() throws Exception {
    damage(
        open -> {
          byte[] row = open.db().get(open.images(), Keys.entry(301));
          ByteBuffer.wrap(row).put(Long.BYTES, (byte) ~row[Long.BYTES]);
          open.db().put(open.images(), Keys.entry(301), row);
        });
    found("the pages of the image at entry 301 are not those that the entry names");
  }

  @Test
  void aRecordOrCheckpointOfAnotherTreeIsFound() throws Exception {
    Files.delete(dir.resolve("treehead"));
    found("the record of the tree head is missing");
    try (TreeHeadRecord record = TreeHeadRecord.open(dir.resolve("treehead"))) {
      record.write(new TreeHead(302, Hash.of("another")));
    }
    found("the recorded tree head of 302 entries has root");
    Files.delete(dir.resolve("treehead"));
    try (TreeHeadRecord record = TreeHeadRecord.open(dir.resolve("treehead"))) {
      record.write(new TreeHead(303, Hash.of("another")));
    }
    found("are left of at least 303");
  }

  @Test
  void aDamagedCheckpointCanBeMovedAway() throws Exception {
    Files.writeString(dir.resolve("checkpoint"), "nothing");
    found("it is no checkpoint of this log and key");
    Files.delete(dir.resolve("checkpoint"));
    assertTrue(check().isWhole());
    assertEquals(1, check().findings().size());
  }

  @Test
  void howeverMuchIsDamagedABoundedPartIsTold() throws Exception {
    damage(
        open -> {
          for (int i = 0; i < 250; i++) {
            open.db().put(open.tree(), Keys.treeHash(0, i), Hash.of("x").bytes());
          }
        });
    Fsck.Result result = check();
    assertEquals(100, result.findings().size());
    assertEquals(150, result.untold());
  }
}
