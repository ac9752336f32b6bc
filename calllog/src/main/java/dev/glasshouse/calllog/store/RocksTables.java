package dev.glasshouse.calllog.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** The tables of a database: files that never change, with a checksum for each block. */
final class RocksTables {
  /** A table in its folder: the name of its file, and the column that it belongs to. */
  record Table(String name, String column, long bytes) {}

  private RocksTables() {}

  /** Those that an open database reads, newest first. */
  static List<Table> of(RocksColumns open) {
    List<Table> tables = new ArrayList<>();
    for (LiveFileMetaData file : open.db().getLiveFilesMetaData()) {
      String name = file.fileName().replaceFirst("^/", "");
      String column = new String(file.columnFamilyName(), StandardCharsets.UTF_8);
      tables.add(new Table(name, column, file.size()));
    }
    tables.sort(Comparator.comparing(Table::name).reversed());
    return tables;
  }

  /** All that lie in a folder, of which a database may use some. */
  static List<Path> in(Path dir) throws IOException {
    List<Path> tables = Folder.list(dir, "*.sst");
    tables.sort(Comparator.naturalOrder());
    return tables;
  }

  /** What is wrong with a table, read from its first block to its last; null if nothing is. */
  static String damage(Path file) {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      reader.verifyChecksum();
      return null;
    } catch (RocksDBException e) {
      return Files.exists(file) ? String.valueOf(e.getMessage()) : "it is missing";
    }
  }
}
