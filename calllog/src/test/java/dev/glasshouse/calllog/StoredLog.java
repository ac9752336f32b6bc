package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.TreeHeadRecord;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** A log over any store and any files, as {@link CallLog#open(Path, Identity)} opens one. */
public final class StoredLog {
  private StoredLog() {}

  /**
   * Opens the log in {@code dir}, which must exist.
   *
   * @param store takes the place of the database there
   * @param nanos a clock that never goes back
   */
  public static CallLog open(Path dir, Store store, Identity host, LongSupplier nanos) {
    RestoredMark.of(dir).requireNone();
    TreeHeadRecord record = TreeHeadRecord.open(dir.resolve("treehead"));
    return CallLog.open(store, record, dir.resolve("checkpoint"), host, nanos);
  }
}
