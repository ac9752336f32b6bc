package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Env;
import org.rocksdb.Priority;

class RocksStoreTest extends StoreContract {
  @TempDir Path temp;

  @Override
  Store create() {
    return RocksStore.open(temp.resolve("log"));
  }

  @Test
  void everythingIsThereAfterOpeningAgain() {
    long size = 0;
    for (int round = 0; round < 4; round++) {
      store.commit(SampleBatches.of(size, 100));
      size += 100;
      store.close();
      store = RocksStore.open(temp.resolve("log"), size);
      SampleBatches.assertHolds(store, size, "round " + round);
    }
  }

  @Test
  void aSecondOpenIsToldSo() {
    StoreException refused =
        assertThrows(StoreException.class, () -> RocksStore.open(temp.resolve("log")));
    assertTrue(refused.getMessage().contains("already open"), refused.getMessage());
    store.commit(SampleBatches.of(0, 1));
    SampleBatches.assertHolds(store, 1, "the first is not disturbed");
  }

  @Test
  void eachOpenStoreCanHaveAThread() {
    int before = Env.getDefault().getBackgroundThreads(Priority.HIGH);
    RocksStore.expect(before + 2);
    RocksStore.expect(1);
    for (Priority each : List.of(Priority.HIGH, Priority.LOW)) {
      assertTrue(Env.getDefault().getBackgroundThreads(each) >= before + 2, each.toString());
    }
  }

  @Test
  void theOptionsAgainstSilentLossAreInForce() throws IOException {
    List<String> options;
    try (Stream<Path> files = Files.list(temp.resolve("log"))) {
      Path newest =
          files
              .filter(file -> file.getFileName().toString().startsWith("OPTIONS-"))
              .max(Path::compareTo)
              .orElseThrow();
      options = Files.readAllLines(newest).stream().map(String::strip).collect(Collectors.toList());
    }
    assertTrue(options.contains("wal_recovery_mode=kAbsoluteConsistency"));
    assertTrue(options.contains("track_and_verify_wals=true"));
    assertTrue(options.contains("paranoid_checks=true"));
    assertTrue(options.contains("atomic_flush=true"));
    assertEquals(7, options.stream().filter("write_buffer_size=16777216"::equals).count());
  }

  @Test
  void fewerEntriesThanAcknowledgedAreRefused() {
    store.commit(SampleBatches.of(0, 3));
    store.close();
    StoreDamagedException refused =
        assertThrows(StoreDamagedException.class, () -> RocksStore.open(temp.resolve("log"), 4));
    assertTrue(refused.getMessage().contains("3 entries are left of at least 4"));
    assertTrue(refused.getMessage().contains(temp.toString()));
    assertTrue(refused.getMessage().contains("restore a backup"));
    assertThrows(StoreDamagedException.class, () -> RocksStore.open(temp.resolve("none"), 1));
    assertFalse(Files.exists(temp.resolve("none").resolve("CURRENT")));
    store = RocksStore.open(temp.resolve("log"), 3);
  }

  @Test
  void aFolderThatCannotBeMadeIsTrouble() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThrows(StoreException.class, () -> RocksStore.open(file));
  }
}
