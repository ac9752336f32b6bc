package dev.glasshouse.calllog.store;

import static dev.glasshouse.calllog.store.SampleBatches.CALLER;
import static dev.glasshouse.calllog.store.SampleBatches.SESSION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does. */
abstract class StoreContract {
  Store store;

  /** An empty store, which the contract closes. */
  abstract Store create() throws Exception;

  @BeforeEach
  void createStore() throws Exception {
    store = create();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertEquals(0, store.size());
    assertNull(store.entry(0));
    assertNull(store.treeHash(0, 0));
    assertNull(store.treeHash(Store.TILE_LEVELS - 1, 0));
    assertNull(store.blob(Hash.of("nothing")));
    assertFalse(store.hasBlob(Hash.of("nothing")));
    assertNull(store.ticket(CALLER, SESSION, 1));
    assertEquals(0, store.lastN(CALLER, SESSION));
    assertEquals(List.of(), store.entries(0, 10, 1000));
    assertEquals(List.of(), store.treeHashes(0, 0, 10));
  }

  @Test
  void whatWasCommittedIsThere() {
    store.commit(SampleBatches.of(0, 1));
    store.commit(SampleBatches.of(1, 5));
    store.commit(SampleBatches.of(6, 300));
    SampleBatches.assertHolds(store, 306, "three batches");
    assertEquals(new Ticket(5, 6), store.ticket(CALLER, SESSION, 6));
    assertNull(store.entry(306));
    assertNull(store.treeHash(0, 306));
    assertNull(store.treeHash(1, 1));
    assertNull(store.ticket(CALLER, SESSION, 307));
  }

  @Test
  void rangesAreInOrderAndEndAtTheirLimits() {
    store.commit(SampleBatches.of(0, 700));
    List<byte[]> all = store.entries(0, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(700, all.size());
    for (int index = 0; index < 700; index++) {
      assertArrayEquals(SampleBatches.entry(index), all.get(index), "entry " + index);
    }
    assertEquals(0, store.entries(0, 0, 1000).size());
    assertEquals(1, store.entries(0, 10, 0).size(), "a reader always gets on");
    long two = (long) SampleBatches.entry(500).length + SampleBatches.entry(501).length;
    assertEquals(2, store.entries(500, 10, two).size());
    assertEquals(1, store.entries(500, 10, two - 1).size());
    List<byte[]> end = store.entries(698, 10, Long.MAX_VALUE);
    assertEquals(2, end.size());
    assertArrayEquals(SampleBatches.entry(699), end.get(1));
    assertEquals(0, store.entries(700, 10, Long.MAX_VALUE).size());
    assertEquals(0, store.entries(Long.MAX_VALUE, 10, Long.MAX_VALUE).size());

    List<Hash> leaves = store.treeHashes(0, 250, 300);
    assertEquals(300, leaves.size());
    assertEquals(SampleBatches.treeHash(0, 250), leaves.get(0));
    assertEquals(SampleBatches.treeHash(0, 549), leaves.get(299));
    assertEquals(
        List.of(SampleBatches.treeHash(1, 0), SampleBatches.treeHash(1, 1)),
        store.treeHashes(1, 0, 256));
    assertEquals(List.of(), store.treeHashes(1, 2, 256));
    assertEquals(List.of(), store.treeHashes(2, 0, 256));
  }

  @Test
  void aBatchThatDoesNotFollowIsRefusedWhole() {
    store.commit(SampleBatches.of(0, 3));
    for (long first : new long[] {0, 2, 4}) {
      Batch batch = SampleBatches.of(first, 2);
      assertThrows(IllegalStateException.class, () -> store.commit(batch), "first " + first);
    }
    SampleBatches.assertHolds(store, 3, "after refusals");
    assertNull(store.ticket(CALLER, SESSION, 4));
    store.commit(SampleBatches.of(3, 1));
    SampleBatches.assertHolds(store, 4, "goes on");
  }

  @Test
  void aTakenTicketRefusesTheWholeBatch() {
    store.commit(SampleBatches.of(0, 3));
    Batch batch = new Batch(3);
    batch.addEntry(SampleBatches.entry(3));
    batch.addTreeHash(0, 3, SampleBatches.treeHash(0, 3));
    Hash blob = batch.addBlob(new byte[] {1, 2, 3});
    batch.addTicket(CALLER, SESSION, 9, new Ticket(3, 4));
    batch.addTicket(CALLER, SESSION, 2, new Ticket(3, 4));
    assertThrows(IllegalStateException.class, () -> store.commit(batch));
    SampleBatches.assertHolds(store, 3, "after a refusal");
    assertFalse(store.hasBlob(blob));
    assertNull(store.ticket(CALLER, SESSION, 9));
    assertEquals(new Ticket(1, 3), store.ticket(CALLER, SESSION, 2));
  }

  @Test
  void aBatchWithoutItsTreeHashesIsRefused() {
    Batch none = new Batch(0);
    none.addEntry(SampleBatches.entry(0));
    assertThrows(IllegalArgumentException.class, () -> store.commit(none));
    Batch tooMany = new Batch(0);
    tooMany.addTreeHash(0, 0, Hash.ZERO);
    assertThrows(IllegalArgumentException.class, () -> store.commit(tooMany));
    Batch noLevelOne = new Batch(0);
    for (int index = 0; index < 256; index++) {
      noLevelOne.addEntry(SampleBatches.entry(index));
      noLevelOne.addTreeHash(0, index, Hash.ZERO);
    }
    assertThrows(IllegalArgumentException.class, () -> store.commit(noLevelOne));
    assertEquals(0, store.size());
  }

  @Test
  void aBatchRefusesWhatCannotBelongToIt() {
    Batch batch = new Batch(256);
    assertThrows(IllegalArgumentException.class, () -> batch.addTreeHash(0, 255, Hash.ZERO));
    assertThrows(IllegalArgumentException.class, () -> batch.addTreeHash(0, 257, Hash.ZERO));
    assertThrows(IllegalArgumentException.class, () -> batch.addTreeHash(1, 0, Hash.ZERO));
    assertThrows(
        IndexOutOfBoundsException.class, () -> batch.addTreeHash(Store.TILE_LEVELS, 0, Hash.ZERO));
    Ticket ticket = new Ticket(256, 257);
    assertThrows(IllegalArgumentException.class, () -> batch.addTicket(CALLER, SESSION, 1, ticket));
    assertEquals(256, batch.addEntry(new byte[0]));
    batch.addTicket(CALLER, SESSION, 1, ticket);
    assertThrows(IllegalArgumentException.class, () -> batch.addTicket(CALLER, SESSION, 1, ticket));
    assertThrows(IllegalArgumentException.class, () -> batch.addTicket(CALLER, SESSION, 0, ticket));
    assertThrows(IllegalArgumentException.class, () -> batch.addTicket(SESSION, CALLER, 2, ticket));
    assertThrows(IllegalArgumentException.class, () -> new Ticket(5, 5));
    assertThrows(IllegalArgumentException.class, () -> new Batch(-1));
  }

  @Test
  void argumentsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> store.entry(-1));
    assertThrows(IllegalArgumentException.class, () -> store.entries(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> store.entries(0, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> store.treeHash(0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> store.treeHash(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> store.treeHash(Store.TILE_LEVELS, 0));
    assertThrows(IllegalArgumentException.class, () -> store.treeHashes(0, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> store.ticket(SESSION, SESSION, 1));
    assertThrows(IllegalArgumentException.class, () -> store.lastN(CALLER, CALLER));
  }

  @Test
  void blobsCanComeAloneAndTwice() {
    Batch first = new Batch(0);
    Hash empty = first.addBlob(new byte[0]);
    Hash large = first.addBlob(new byte[1 << 20]);
    store.commit(first);
    assertEquals(0, store.size());
    assertArrayEquals(new byte[0], store.blob(empty));
    assertTrue(store.hasBlob(empty));
    assertEquals(1 << 20, store.blob(large).length);
    Batch second = SampleBatches.of(0, 2);
    second.addBlob(new byte[1 << 20]);
    store.commit(second);
    assertTrue(store.hasBlob(large));
    SampleBatches.assertHolds(store, 2, "after blobs");
  }

  @Test
  void lastNStaysInItsSession() {
    byte[][] keys = {
      SampleBatches.filled(32, 0), SampleBatches.filled(32, 0x7f), SampleBatches.filled(32, 0xff)
    };
    byte[][] sessions = {
      SampleBatches.filled(16, 0), SampleBatches.filled(16, 0x80), SampleBatches.filled(16, 0xff)
    };
    Batch batch = SampleBatches.of(0, 1);
    Ticket ticket = new Ticket(0, 1);
    batch.addTicket(keys[1], sessions[1], 3, ticket);
    batch.addTicket(keys[1], sessions[1], 255, ticket);
    batch.addTicket(keys[1], sessions[1], 256, ticket);
    batch.addTicket(keys[2], sessions[2], Long.MAX_VALUE, ticket);
    store.commit(batch);
    for (byte[] key : keys) {
      for (byte[] session : sessions) {
        boolean middle = key == keys[1] && session == sessions[1];
        boolean last = key == keys[2] && session == sessions[2];
        assertEquals(
            middle ? 256 : last ? Long.MAX_VALUE : 0,
            store.lastN(key, session),
            key[0] + " " + session[0]);
      }
    }
    assertNull(store.ticket(keys[1], sessions[1], 4));
    assertEquals(ticket, store.ticket(keys[1], sessions[1], 255));
  }

  @Test
  void bytesAreCopiedInAndOut() {
    byte[] entry = SampleBatches.entry(0);
    byte[] blob = SampleBatches.blob(0);
    Batch batch = new Batch(0);
    batch.addEntry(entry);
    batch.addTreeHash(0, 0, SampleBatches.treeHash(0, 0));
    Hash hash = batch.addBlob(blob);
    entry[0]++;
    blob[0]++;
    store.commit(batch);
    store.entry(0)[1]++;
    store.entries(0, 1, 1).get(0)[2]++;
    store.blob(hash)[1]++;
    assertArrayEquals(SampleBatches.entry(0), store.entry(0));
    assertArrayEquals(SampleBatches.blob(0), store.blob(hash));
  }

  @Test
  void aReaderBesideACommitterSeesBatchesWhole() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  long size = store.size();
                  assertEquals(0, size % 5, "size " + size);
                  assertTrue(store.entries(0, Integer.MAX_VALUE, Long.MAX_VALUE).size() >= size);
                  assertEquals(size > 0 ? SampleBatches.treeHash(0, size - 1) : null, last(size));
                }
              } catch (Throwable e) {
                seen.set(e);
              }
            });
    reader.start();
    for (int first = 0; first < 200; first += 5) {
      store.commit(SampleBatches.of(first, 5));
    }
    done.set(true);
    reader.join();
    assertNull(seen.get());
  }

  private Hash last(long size) {
    return size > 0 ? store.treeHash(0, size - 1) : null;
  }

  @Test
  void manyBatchesOfAnySize() {
    long seed = 20260101;
    Random random = new Random(seed);
    long size = 0;
    for (int round = 0; round < 20; round++) {
      int count = random.nextInt(60);
      store.commit(SampleBatches.of(size, count));
      size += count;
    }
    SampleBatches.assertHolds(store, size, "seed " + seed);
  }

  @Test
  void aClosedStoreSaysSo() {
    store.commit(SampleBatches.of(0, 1));
    store.close();
    store.close();
    Batch next = SampleBatches.of(1, 1);
    assertThrows(IllegalStateException.class, () -> store.size());
    assertThrows(IllegalStateException.class, () -> store.entry(0));
    assertThrows(IllegalStateException.class, () -> store.blob(Hash.ZERO));
    assertThrows(IllegalStateException.class, () -> store.commit(next));
  }
}
