package dev.glasshouse.calllog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** What is left when the process that commits is killed, is elsewhere, or runs out of space. */
class RocksCrashTest {
  private static final int KILLS = 6;
  private static final long MANY = 1_000_000;

  @TempDir Path temp;
  private Path dir;
  private Path nativeFolder;

  /** Unpacked once, so that the children start fast and write nothing but their store. */
  @BeforeEach
  void unpackNative() throws IOException {
    dir = temp.resolve("log");
    nativeFolder = Files.createDirectory(temp.resolve("native"));
    String name = Environment.getJniLibraryFileName("rocksdb");
    try (InputStream library = Environment.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(library, nativeFolder.resolve(name));
    }
  }

  @Test
  void killedInTheMiddleNothingAcknowledgedIsLost() throws Exception {
    long seed = 17;
    Random random = new Random(seed);
    long acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = child(List.of(), acknowledged);
      try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
        int wait = 5 + random.nextInt(40);
        String line = lines.readLine();
        for (int read = 1; line != null; read++) {
          acknowledged = Long.parseLong(line);
          if (read == wait) {
            // By its handle: destroying the Process would close what it already told us.
            child.toHandle().destroyForcibly();
          }
          line = lines.readLine();
        }
      }
      child.waitFor();
      String about = "seed " + seed + ", kill " + kill;
      try (RocksStore store = RocksStore.open(dir, acknowledged)) {
        assertTrue(store.size() >= acknowledged, about);
        assertTrue(store.size() <= acknowledged + 7, about + ": one batch more at the most");
        SampleBatches.assertHolds(store, store.size(), about);
        acknowledged = store.size();
      }
    }
    assertTrue(acknowledged > KILLS, "seed " + seed);
  }

  @Test
  void anotherProcessHasItOpen() throws Exception {
    Process child = child(List.of());
    try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
      lines.readLine();
      StoreException refused = assertThrows(StoreException.class, () -> RocksStore.open(dir));
      assertTrue(refused.getMessage().contains("already open"), refused.getMessage());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFailedWriteStopsTheStoreAndLosesNothing() throws Exception {
    // The largest file this process may write, in blocks of 512 or 1024 bytes: a full disk.
    Process child = child(List.of("sh", "-c", "ulimit -f 100 && exec \"$@\"", "sh"));
    List<String> lines;
    try (BufferedReader reader = child.inputReader(StandardCharsets.US_ASCII)) {
      lines = reader.lines().collect(Collectors.toCollection(ArrayList::new));
    }
    child.waitFor();
    assertTrue(lines.size() > 3, lines::toString);
    String again = lines.remove(lines.size() - 1);
    String failed = lines.remove(lines.size() - 1);
    long acknowledged = Long.parseLong(lines.get(lines.size() - 1));
    assertEquals("failed " + acknowledged, failed);
    assertTrue(again.startsWith("again an earlier write"), again);
    try (RocksStore store = RocksStore.open(dir, acknowledged)) {
      SampleBatches.assertHolds(store, store.size(), "after a failed write");
    }
  }

  private Process child(List<String> prefix) throws Exception {
    return child(prefix, 0);
  }

  private Process child(List<String> prefix, long acknowledged) throws Exception {
    List<String> classPath = new ArrayList<>();
    for (Class<?> needed : List.of(CommitUntilKilled.class, RocksStore.class, RocksDB.class)) {
      URL place = needed.getProtectionDomain().getCodeSource().getLocation();
      classPath.add(Path.of(place.toURI()).toString());
    }
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.library.path=" + nativeFolder);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.add(CommitUntilKilled.class.getName());
    command.addAll(List.of(dir.toString(), Long.toString(acknowledged), Long.toString(MANY)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
