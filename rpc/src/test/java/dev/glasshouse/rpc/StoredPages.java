package dev.glasshouse.rpc;

import dev.glasshouse.calllog.Hash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Reaches under the store of a host that is not running, where its pages of images are. */
final class StoredPages {
  private StoredPages() {}

  /** Puts other bytes in the place of a page. */
  static void damage(Path dir, Hash page) throws RocksDBException {
    String store = dir.resolve("log").toString();
    List<ColumnFamilyDescriptor> columns = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, store)) {
        columns.add(new ColumnFamilyDescriptor(name));
      }
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.open(options, store, columns, handles)) {
      for (int i = 0; i < handles.size(); i++) {
        String name = new String(columns.get(i).getName(), StandardCharsets.US_ASCII);
        if (name.equals("pages")) {
          if (db.get(handles.get(i), page.bytes()) == null) {
            throw new AssertionError("there is no page " + page);
          }
          db.put(handles.get(i), page.bytes(), new byte[] {1});
        }
      }
      handles.forEach(ColumnFamilyHandle::close);
    }
  }
}
