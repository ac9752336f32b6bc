package dev.glasshouse.calllog.store;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that commits sample batches to a store and prints its size after each, until somebody
 * kills it or a commit fails. Arguments: folder, number of acknowledged entries, most to commit.
 */
final class CommitUntilKilled {
  private CommitUntilKilled() {}

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    try (RocksStore store = RocksStore.open(Path.of(args[0]), Long.parseLong(args[1]))) {
      try {
        while (store.size() < Long.parseLong(args[2])) {
          store.commit(SampleBatches.of(store.size(), 1 + (int) (store.size() % 7)));
          out.println(store.size());
        }
      } catch (StoreException e) {
        out.println("failed " + store.size());
        try {
          store.commit(SampleBatches.of(store.size(), 1));
        } catch (StoreException again) {
          out.println("again " + again.getMessage());
        }
      }
    }
  }
}
