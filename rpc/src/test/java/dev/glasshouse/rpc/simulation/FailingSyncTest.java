package dev.glasshouse.rpc.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.store.StoreException;
import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The record of the tree head on a disk whose writes and syncs fail, and whose power does later:
 * what was read after a failed sync is not yet what is there then.
 */
class FailingSyncTest {
  private static final int SEEDS = 300;
  private static final int WRITES = 30;

  @Test
  void noHeadIsLostThatWasRecorded() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Random dice = new Random(seed);
      SimulatedDisk disk = new SimulatedDisk(new Schedule(dice), Variant.AS_IT_IS);
      Path file = disk.files().directory().resolve("treehead");
      long recorded = 0;
      long size = 0;
      for (int i = 0; i < WRITES; i++) {
        disk.fail(dice.nextInt(400), 0);
        try (TreeHeadRecord record = TreeHeadRecord.open(file)) {
          size = record.read() == null ? 0 : record.read().size();
          assertTrue(size >= recorded, "seed " + seed + ": " + size + " of " + recorded);
          while (dice.nextInt(4) > 0) {
            size++;
            record.write(new TreeHead(size, Hash.of("head " + size)));
            recorded = size;
          }
        } catch (StoreException e) {
          // As it is when a disk fails: the record is opened again.
        }
        if (dice.nextInt(3) == 0) {
          disk.crashed(true);
        }
      }
    }
  }
}
