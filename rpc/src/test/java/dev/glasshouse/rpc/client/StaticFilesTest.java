package dev.glasshouse.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LyingLog;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plain files beside a log, which may lag behind it, be missing, or be others. */
@Timeout(60)
class StaticFilesTest {
  private static final Optional<Hash> NOW = Optional.empty();

  private final LyingLog log = new LyingLog(false);
  private final Lying plain = new Lying();
  private final LyingSource source = new LyingSource(log);
  private Hash older;
  private Hash root;

  /** What lies there. */
  private static final class Lying implements StaticFiles.Plain {
    private final Map<String, byte[]> files = new HashMap<>();
    private List<String> names;
    private byte[] root;
    private int asked;
    private int change = 3;
    private Runnable later = () -> {};

    private void ask() {
      if (++asked == change) {
        later.run();
      }
    }

    @Override
    public byte[] root() {
      return root;
    }

    @Override
    public List<String> names(String path) {
      ask();
      return names;
    }

    @Override
    public byte[] bytes(String path) {
      ask();
      return files.get(path);
    }
  }

  @BeforeEach
  void grow() {
    older = add("a", "old");
    root = add("a", "new", "d/", "", "d/x", "deep");
    source.at(log.checkpoint(3));
  }

  private Hash add(String... content) {
    ArchiveTree tree = ArchiveTree.open(ArchiveTree.EMPTY_ROOT, log.blobs::get);
    for (int i = 0; i < content.length; i += 2) {
      byte[] text = content[i + 1].getBytes(UTF_8);
      log.blobs.put(Hash.of(text), text);
      tree =
          tree.put(
              ArchiveKey.parse(content[i]),
              content[i].endsWith("/")
                  ? new ArchiveValue.Directory()
                  : new ArchiveValue.FileRef(Hash.of(text), text.length));
    }
    log.blobs.putAll(tree.newNodes());
    CallEntry call = log.call(log.request(log.size(), TreeHead.EMPTY, "words"));
    log.add(
        new CallEntry(
            call.seq(),
            call.prev(),
            call.time(),
            call.caller(),
            call.request(),
            call.inputs(),
            call.outcomes(),
            call.writes(),
            tree.rootHash()));
    return tree.rootHash();
  }

  // Each look at the clock is a second later.
  private StaticFiles files() {
    LongSupplier clock =
        new LongSupplier() {
          private long now;

          @Override
          public long getAsLong() {
            return now += 1_000_000_000;
          }
        };
    return new StaticFiles(source, plain, clock);
  }

  private static byte[] root(Hash... roots) {
    StringBuilder text = new StringBuilder();
    for (Hash each : roots) {
      text.append(each.hex()).append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }

  private static void assertText(String text, byte[] bytes) {
    assertArrayEquals(text.getBytes(UTF_8), bytes);
  }

  private static void requireUnreachable(String message, Runnable reading) {
    UnreachableException e = assertThrows(UnreachableException.class, reading::run, message);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void withoutPlainFilesTheyAreReadByHash() {
    StaticFiles files = files();
    assertEquals(List.of("a", "d/"), files.directory("/", NOW));
    assertEquals(List.of("x"), files.directory("/d/", NOW));
    assertText("deep", files.file("/d/x", NOW));
    assertEquals(List.of("a"), files.directory("/", Optional.of(older)));
    assertText("old", files.file("/a", Optional.of(older)));
    assertEquals(0, plain.asked);
  }

  @Test
  void whatIsNotInTheArchiveIsMissed() {
    StaticFiles files = files();
    requireUnreachable("has no directory /e/", () -> files.directory("/e/", NOW));
    requireUnreachable("has no file /e", () -> files.file("/e", NOW));
    requireUnreachable("has no /../a", () -> files.file("/../a", NOW));
    Hash unknown = Hash.of("unknown");
    requireUnreachable("has no archive of root", () -> files.directory("/", Optional.of(unknown)));
    log.blobs.remove(Hash.of("deep"));
    requireUnreachable("has no content of /d/x", () -> files.file("/d/x", NOW));
    source.at(log.sign(TreeHead.EMPTY));
    requireUnreachable("has an empty log", () -> files.file("/a", NOW));
  }

  @Test
  void plainFilesAreReadAsTheyAre() {
    plain.root = root(root);
    plain.files.put("/a", "new".getBytes(UTF_8));
    plain.files.put("/d/x", "other".getBytes(UTF_8));
    plain.names = List.of("d/", "a");
    StaticFiles files = files();
    assertText("new", files.file("/a", NOW));
    assertEquals(List.of("d/", "a"), files.directory("/", NOW));
    assertEquals(2, plain.asked, "each once");
    assertText("other", files.file("/d/x", NOW));
    plain.names = List.of("a", "d/", "more");
    assertEquals(3, files.directory("/", NOW).size());
    requireUnreachable("has no file /none", () -> files.file("/none", NOW));
    plain.files.put("/more", "more".getBytes(UTF_8));
    assertText("more", files.file("/more", NOW));
    plain.files.remove("/d/x");
    requireUnreachable("has no file /d/x", () -> files.file("/d/x", NOW));
    // At a root the blobs count.
    assertText("old", files.file("/a", Optional.of(older)));
    assertEquals(List.of("a"), files.directory("/", Optional.of(older)));
    plain.names = null;
    assertEquals(List.of("a", "d/"), files.directory("/", NOW), "listed from the blobs");
  }

  @Test
  void filesThatAreBeingReplacedAreWaitedFor() {
    for (byte[] state : List.of(root(older, root), root(older))) {
      plain.root = state;
      plain.asked = 0;
      plain.files.put("/a", "old".getBytes(UTF_8));
      plain.later =
          () -> {
            plain.root = root(root);
            plain.files.put("/a", "new".getBytes(UTF_8));
          };
      assertText("new", files().file("/a", NOW));
    }
  }

  @Test
  void whatWasReplacedWhileItWasReadIsReadAgain() {
    plain.root = root(root);
    plain.change = 2;
    plain.files.put("/a", "old".getBytes(UTF_8));
    plain.later = () -> plain.files.put("/a", "new".getBytes(UTF_8));
    assertText("new", files().file("/a", NOW));
    plain.asked = 0;
    plain.names = List.of("a");
    plain.later = () -> plain.names = List.of("a", "d/");
    assertEquals(List.of("a", "d/"), files().directory("/", NOW));
  }

  @Test
  void plainFilesMayBeTakenAway() {
    plain.root = root(root);
    plain.change = 1;
    plain.files.put("/a", "new".getBytes(UTF_8));
    plain.later = () -> plain.root = null;
    assertText("new", files().file("/a", NOW));
  }

  @Test
  void filesThatStayBehindAreReadAsTheyAre() {
    plain.root = root(older);
    plain.files.put("/a", "old".getBytes(UTF_8));
    assertText("old", files().file("/a", NOW));
    assertTrue(plain.asked > 5 && plain.asked < 20, plain.asked + " times");
  }

  @Test
  void aRootThatIsNoneIsNotWaitedFor() {
    plain.root = "not a root".getBytes(UTF_8);
    plain.files.put("/a", "other".getBytes(UTF_8));
    assertText("other", files().file("/a", NOW));
    assertTrue(plain.asked <= 2, plain.asked + " times");
  }

  @Test
  void theNewestArchiveIsThatOfTheNewestCheckpoint() {
    StaticFiles files = files();
    source.at(log.checkpoint(2));
    assertText("old", files.file("/a", NOW));
    source.at(log.checkpoint(3));
    assertText("new", files.file("/a", NOW));
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() {
    plain.root = root(older);
    Thread.currentThread().interrupt();
    requireUnreachable("interrupted while files", () -> files().file("/a", NOW));
    assertTrue(Thread.interrupted());
  }
}
