package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.WrongHostKeyException;
import dev.glasshouse.calllog.fsck.Fsck;
import dev.glasshouse.calllog.store.StoreDamagedException;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.ModuleSettings;
import dev.glasshouse.rpc.WebOutside;
import dev.glasshouse.rpc.mirror.NamedBlobs;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A module whose files are damaged anywhere either serves all that was signed or does not start,
 * with a sentence that names the file; and {@code glass fsck} says so before.
 *
 * <p>{@code -Dglasshouse.damage=N} for another number of trials, {@code -Dglasshouse.seed=N} for
 * other ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DamageTest {
  private static final int TRIALS = Integer.getInteger("glasshouse.damage", 20);
  private static final long SEED = Long.getLong("glasshouse.seed", 17);

  private static final String SCRIPT =
      """
      let n = 0
      exports.add = async (text) => {
        await System.files.writeFile('/files/' + n, text)
        return text + ++n
      }
      """;

  /** What a host writes again, or never reads. */
  private static final List<String> DISPENSABLE = List.of("OPTIONS", "IDENTITY", "LOG");

  private final ExecutorService verifiers = ExecCommand.verifiers();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<Long, byte[]> entries = new LinkedHashMap<>();
  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();
  private final Map<Hash, byte[]> pages = new LinkedHashMap<>();
  private TreeHead head;
  private Path temp;

  /** A log whose start is in tables and whose end is in the write-ahead log. */
  @BeforeAll
  void keepALog(@TempDir Path folder) throws Exception {
    temp = folder;
    Path dir = temp.resolve("whole");
    Glass glass = Glass.of(temp.resolve("home"));
    for (int run = 0; run < 3; run++) {
      try (TestHost host = TestHost.startWithImages(6, dir, SCRIPT)) {
        String text = "x".repeat(2000 * (run + 1));
        glass.call(
            host,
            "client.add('" + text + "')",
            "client.add('a')",
            "client.add('b')",
            "client.add('c')");
        if (run == 2) {
          remember(host.module().log());
        }
      }
    }
    byte[] seed = new byte[Identity.SEED_BYTES];
    Arrays.fill(seed, (byte) 7);
    Identity.ofSeed(seed).save(dir.resolve("host.key"));
    try (HostedModule module = start(dir)) {
      remember(module.log());
    }
    files.putAll(read(dir));
  }

  @AfterAll
  void stop() {
    verifiers.shutdown();
  }

  private void remember(CallLog log) {
    head = log.head();
    Hash before = null;
    for (long index = 0; index < head.size(); index++) {
      Entry entry = log.entry(index);
      entries.put(index, log.store().entry(index));
      NamedBlobs.of(entry, before, log.store(), hash -> blobs.put(hash, log.store().blob(hash)));
      before = entry.root();
    }
    for (long image : log.images()) {
      var heap = ((ImageEntry) log.entry(image)).heap();
      heap.readPages(log.store()).forEach(page -> pages.put(page, log.store().page(page)));
    }
  }

  @Test
  void theWholeLogIsServedAndNothingIsFound() throws Exception {
    Path dir = written(files);
    Fsck.Result found = fsck(dir);
    assertTrue(found.isWhole(), found::toString);
    assertEquals(head, found.head());
    assertEquals("", serve(dir));
  }

  @Test
  void damageIsRefusedOrHarmless() throws Exception {
    Random random = new Random(SEED);
    List<String> names = new ArrayList<>(files.keySet());
    names.removeIf(name -> files.get(name).length == 0);
    int refused = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      String name = names.get(random.nextInt(names.size()));
      byte[] whole = files.get(name);
      int at = random.nextInt(whole.length);
      Map<String, byte[]> damaged = new TreeMap<>(files);
      String about = "seed " + SEED + ", trial " + trial + ": " + name + " ";
      switch (random.nextInt(8)) {
        case 0 -> {
          damaged.remove(name);
          about += "removed";
        }
        case 1, 2 -> {
          damaged.put(name, Arrays.copyOf(whole, at));
          about += "cut at " + at;
        }
        default -> {
          byte[] flipped = whole.clone();
          flipped[at] ^= (byte) (1 << random.nextInt(8));
          damaged.put(name, flipped);
          about += "flipped at " + at;
        }
      }
      refused += trial(damaged, name, about) ? 1 : 0;
    }
    assertTrue(TRIALS < 10 || refused > 0, "seed " + SEED + ": nothing was refused");
  }

  /** Whether the host refused. */
  private boolean trial(Map<String, byte[]> damaged, String name, String about) throws Exception {
    Path dir = written(damaged);
    Fsck.Result found = fsck(dir);
    assertSame(damaged, read(dir), about + ", after fsck");
    String said = serve(dir);
    if (!said.isEmpty()) {
      // A key may be kept elsewhere: that it is not here is a note.
      boolean noted = found.findings().stream().anyMatch(f -> f.file().endsWith(name));
      assertTrue(noted || !found.isWhole(), about + ": fsck is content; the host says " + said);
      assertTrue(DISPENSABLE.stream().noneMatch(name.replace("log/", "")::startsWith), about);
      assertTrue(said.contains(dir.toString()), about + ": " + said);
      String file = name.substring(name.lastIndexOf('/') + 1);
      assertTrue(said.contains(file), about + " is not named: " + said);
    }
    delete(dir);
    return !said.isEmpty();
  }

  private static Fsck.Result fsck(Path dir) {
    return Fsck.check(dir, NamedBlobs::of, (entries, of) -> {});
  }

  private HostedModule start(Path dir) throws Exception {
    SecureRandom random = new SecureRandom();
    return HostedModule.start(
        dir,
        Home.load(dir.resolve("host.key"), new PrintWriter(Writer.nullWriter())),
        List.of(new Script("test.js", Script.Kind.COMMONJS, SCRIPT)),
        new ModuleSettings(
            "Test", false, UnaryOperator.identity(), ModuleSettings.DEFAULT_QUEUE, 6, 0),
        ExecCommand.environment(V8Engine.instance(), new WebOutside(random), random),
        verifiers);
  }

  /** Serves the directory and compares; what the host says if it does not start. */
  private String serve(Path dir) throws Exception {
    try (HostedModule module = start(dir)) {
      CallLog log = module.log();
      assertTrue(log.head().size() >= head.size(), log.head()::toString);
      assertEquals(head.root(), log.rootAt(head.size()));
      for (Map.Entry<Long, byte[]> entry : entries.entrySet()) {
        assertArrayEquals(entry.getValue(), log.store().entry(entry.getKey()));
      }
      for (Map.Entry<Hash, byte[]> blob : blobs.entrySet()) {
        assertArrayEquals(blob.getValue(), log.store().blob(blob.getKey()));
      }
      for (Map.Entry<Hash, byte[]> page : pages.entrySet()) {
        assertArrayEqualsIfThere(page.getValue(), log, page.getKey());
      }
      return "";
    } catch (IOException | StoreDamagedException | MalformedException | WrongHostKeyException e) {
      assertNotEquals("", e.getMessage());
      return Sentence.of(e);
    }
  }

  // An image may be lost, as old ones are; it may not be another.
  private static void assertArrayEqualsIfThere(byte[] expected, CallLog log, Hash page) {
    try {
      byte[] actual = log.store().page(page);
      if (actual != null) {
        assertArrayEquals(expected, actual);
      }
    } catch (StoreDamagedException e) {
      assertTrue(e.getMessage().contains("is damaged"), e.getMessage());
    }
  }

  private Path written(Map<String, byte[]> content) throws IOException {
    Path dir = Files.createTempDirectory(temp, "trial");
    Files.createDirectories(dir.resolve("log"));
    for (Map.Entry<String, byte[]> file : content.entrySet()) {
      Files.write(dir.resolve(file.getKey()), file.getValue());
    }
    return dir;
  }

  private static Map<String, byte[]> read(Path dir) throws IOException {
    Map<String, byte[]> read = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path path : walk.filter(Files::isRegularFile).toList()) {
        read.put(dir.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return read;
  }

  private static void assertSame(
      Map<String, byte[]> expected, Map<String, byte[]> actual, String about) {
    assertEquals(expected.keySet(), actual.keySet(), about);
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, actual.get(name), about + name));
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
