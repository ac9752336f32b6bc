package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksImagesTest extends ImageContract {
  @TempDir Path temp;

  @Override
  Store create() {
    return RocksStore.open(temp.resolve("log"));
  }

  @Override
  void reopen() {
    long size = store.size();
    store.close();
    store = RocksStore.open(temp.resolve("log"), size);
  }

  @Test
  void rowsAndPagesThatAreNotWhatWasWrittenAreRefused() throws Exception {
    byte[] page = new byte[65_536];
    Hash hash = Hash.of(page);
    Batch batch = SampleBatches.of(0, 1);
    batch.addImage(List.of(hash), Map.of(hash, page));
    store.commit(batch);
    store.commit(SampleBatches.of(1, 1));
    store.close();
    try (RocksColumns open =
        RocksColumns.open(temp.resolve("log"), RocksColumns.Recovery.ABSOLUTE)) {
      assertArrayEquals(page, open.db().get(open.pages(), hash.bytes()));
      page[7]++;
      open.db().put(open.pages(), hash.bytes(), page);
      open.db().put(open.images(), Keys.entry(0), new byte[41]);
    }
    store = RocksStore.open(temp.resolve("log"), 2);
    assertThrows(StoreDamagedException.class, () -> store.page(hash));
    assertThrows(StoreDamagedException.class, () -> store.imageOrdinal(0));
    assertThrows(StoreDamagedException.class, () -> store.dropImages(List.of(0L)));
    assertEquals(List.of(0L), store.images());
    SampleBatches.assertHolds(store, 2, "the rest is not touched");
  }

  @Test
  void anImageOfAnEntryThatIsNotThereIsRefused() throws Exception {
    store.commit(SampleBatches.of(0, 2));
    store.close();
    try (RocksColumns open =
        RocksColumns.open(temp.resolve("log"), RocksColumns.Recovery.ABSOLUTE)) {
      open.db().put(open.images(), Keys.entry(2), new byte[40]);
    }
    assertThrows(
        StoreDamagedException.class, () -> RocksStore.open(temp.resolve("log"), 2).close());
  }
}
