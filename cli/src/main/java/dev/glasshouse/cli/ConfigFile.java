package dev.glasshouse.cli;

import dev.glasshouse.calllog.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file with options, one a line: {@code name = value}, the name as the flag's without its dashes.
 * An option that may be given again has a line for each time. Lines that are empty or begin with
 * {@code #} say nothing.
 */
final class ConfigFile {
  private static final int MAX_BYTES = 1 << 20;

  /**
   * One option.
   *
   * @param where it stands, for messages
   */
  record Setting(String name, String value, String where) {}

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @throws MalformedException if a line is not in its form; says which
   */
  static List<Setting> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new MalformedException(file + " has more than " + MAX_BYTES + " bytes");
    }
    List<Setting> settings = new ArrayList<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String where = file + ", line " + number;
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new MalformedException(where + ": write NAME = VALUE");
      }
      settings.add(
          new Setting(
              text.substring(0, equals).strip(), text.substring(equals + 1).strip(), where));
    }
    return settings;
  }
}
