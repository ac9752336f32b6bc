package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass export}, and the commands that read what it wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExportCommandTest {
  private static final String SCRIPT =
      """
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.mkdir = (path) => System.files.mkdir(path)
      exports.echo = (text) => text
      """;

  private Path temp;
  private Path out;
  private TestHost host;
  private Glass glass;

  @BeforeAll
  void export(@TempDir Path dir) throws Exception {
    temp = dir;
    out = dir.resolve("out");
    glass = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    call(host, "client.mkdir('/d')");
    call(host, "client.put('/d/a b', 'hello')");
    call(host, "client.echo('x'.repeat(2000))");
    Glass.Ran ran = glass.run("export", host.at(), out.toString());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("Log " + host.log() + "\nCheckpoint: 4 entries"), ran.out());
    assertTrue(ran.out().contains("4 new entries to " + out), ran.out());
  }

  @AfterAll
  void stop() {
    host.close();
  }

  private void call(TestHost at, String call) {
    Glass.Ran ran = glass.run("repl", at.at(), "-e", call);
    assertEquals(0, ran.code(), ran.err());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static FrontServer server(Path dir) throws IOException {
    return FrontServer.of(
        (path, original) -> {
          Path file = dir.resolve(path.replaceFirst("^/some/where/", ""));
          try {
            return path.startsWith("/some/where/") && Files.isRegularFile(file)
                ? Files.readAllBytes(file)
                : null;
          } catch (IOException e) {
            return null;
          }
        });
  }

  @Test
  void exportIsVerifiedFromItsDirectory() throws Exception {
    Glass.Ran ran = glass.run("verify", out.toString(), "--log", host.log());
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains("1 file of 5 bytes"), ran.out());
    assertEquals("hello", Files.readString(out.resolve("files/d/a b")));
  }

  @Test
  void exportIsVerifiedFromAnyWebServer() throws Exception {
    try (FrontServer web = server(out)) {
      String url = "http://" + web.at() + "/some/where/";
      Glass.Ran ran = glass.run("verify", url);
      assertEquals(0, ran.code(), ran.out() + ran.err());
      assertEquals(4, glass.run("log", url).out().lines().count());
      Path again = temp.resolve("again");
      assertEquals(0, glass.run("export", url, again.toString()).code());
      assertEquals(0, glass.run("verify", again.toString()).code());
    }
  }

  @Test
  void otherCommandsReadIt() {
    assertEquals(4, glass.run("log", out.toString()).out().lines().count());
    Path receipt = temp.resolve("r.tlog-proof");
    Glass.Ran saved = glass.run("receipt", out.toString(), "3", "-o", receipt.toString());
    assertEquals(0, saved.code(), saved.out() + saved.err());
    Glass.Ran checked = glass.run("receipt", "--check", receipt.toString(), "--log", host.log());
    assertEquals(0, checked.code(), checked.out());
    assertEquals(2, glass.run("log", "./no such place").code());
    assertEquals(1, glass.run("log", temp.toString()).code());
  }

  @Test
  void plainFilesMayBeLeftOut() throws Exception {
    Path small = temp.resolve("small");
    assertEquals(0, glass.run("export", host.at(), small.toString(), "--no-files").code());
    assertFalse(Files.exists(small.resolve("files")));
    assertEquals(0, glass.run("verify", small.toString()).code());
    try (FrontServer web = server(small)) {
      assertEquals(0, glass.run("verify", "http://" + web.at() + "/some/where").code());
    }
    assertEquals(0, glass.run("export", host.at(), small.toString()).code());
    assertTrue(Files.exists(small.resolve("files/d/a b")), "and be added later");
    assertEquals(0, glass.run("verify", small.toString()).code());
  }

  @Test
  void flippedBitsAreFound() throws Exception {
    String script = host.module().log().genesis().script().files().get(0).source().sha256().hex();
    List<String> kinds =
        List.of(
            "checkpoint",
            "tile/0/000.p/4",
            "tile/entries/000.p/4",
            "blob/" + script,
            "files/d/a b");
    for (String kind : kinds) {
      Path copy = temp.resolve("flipped-" + kinds.indexOf(kind));
      copy(out, copy);
      byte[] bytes = Files.readAllBytes(copy.resolve(kind));
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(kind), bytes);
      Glass.Ran ran = glass.run("verify", copy.toString());
      assertNotEquals(0, ran.code(), kind + ": " + ran.out());
      if (!kind.startsWith("files")) {
        Path next = temp.resolve("from-flipped-" + kinds.indexOf(kind));
        Glass.Ran exported = glass.run("export", copy.toString(), next.toString());
        assertEquals(1, exported.code(), kind + ": " + exported.err());
        assertTrue(exported.err().startsWith("NOT COPIED: "), exported.err());
        assertFalse(Files.exists(next.resolve("checkpoint")), kind);
      }
      Files.delete(copy.resolve(kind));
      assertNotEquals(0, glass.run("verify", copy.toString()).code(), "without " + kind);
    }
    Path extra = temp.resolve("extra");
    copy(out, extra);
    Files.writeString(extra.resolve("files/d/more"), "");
    assertEquals(1, glass.run("verify", extra.toString()).code(), "a file that no call wrote");
  }

  // Of a part that begins at an image, whose pages there is nothing else to begin from.
  private Glass.Ran verifySecondHalf(Path dir) {
    Path json = temp.resolve("half.json");
    return Glass.of(temp.resolve("of-half"))
        .run(
            "verify",
            dir.toString(),
            "--segment",
            "2/2",
            "--json",
            json.toString(),
            "--identity",
            temp.resolve("auditor").toString());
  }

  @Test
  void imagesAndPagesAreRead() throws Exception {
    Path whole = temp.resolve("whole");
    assertEquals(0, glass.run("keygen", temp.resolve("auditor").toString()).code());
    try (TestHost imaged = TestHost.startWithImages(3, temp.resolve("imaged"), SCRIPT)) {
      for (int i = 0; i < 6; i++) {
        call(imaged, "client.echo('" + i + "')");
      }
      assertEquals(0, glass.run("export", imaged.at(), whole.toString()).code());
    }
    Glass.Ran half = verifySecondHalf(whole);
    assertEquals(0, half.code(), half.out() + half.err());
    assertTrue(half.out().contains("Segment 2/2 verified."), half.out());
    List<Path> pages;
    try (Stream<Path> list = Files.list(whole.resolve("page"))) {
      pages = list.toList();
    }
    assertFalse(pages.isEmpty());
    // Where images are, the entries say, too: the list alone is needed by nobody.
    assertOfNoUse(3, "pages", whole, pages);
    assertOfNoUse(0, "images", whole, List.of(whole.resolve("images")));
  }

  // What rests on pages alone cannot be had; the rest is replayed from genesis, and comes out the
  // same.
  private void assertOfNoUse(int code, String kind, Path whole, List<Path> files)
      throws IOException {
    Path copy = temp.resolve("changed-" + kind);
    copy(whole, copy);
    for (Path file : files) {
      Path changed = copy.resolve(whole.relativize(file));
      byte[] bytes = Files.readAllBytes(changed);
      bytes[bytes.length / 2] ^= 1;
      Files.write(changed, bytes);
    }
    assertReplays(code, kind + " are changed", copy);
    Path next = temp.resolve("from-changed-" + kind);
    Glass.Ran exported = glass.run("export", copy.toString(), next.toString());
    assertEquals(1, exported.code(), kind + ": " + exported.err());
    assertTrue(exported.err().startsWith("NOT COPIED: "), exported.err());
    assertFalse(Files.exists(next.resolve("checkpoint")), kind);
    for (Path file : files) {
      Files.delete(copy.resolve(whole.relativize(file)));
    }
    assertReplays(code, kind + " are gone", copy);
  }

  private void assertReplays(int code, String how, Path dir) {
    Glass.Ran half = verifySecondHalf(dir);
    assertEquals(code, half.code(), how + ": " + half.out() + half.err());
    for (String jobs : List.of("1", "3")) {
      Glass.Ran all = glass.run("verify", dir.toString(), "--from-genesis", "--jobs", jobs);
      assertEquals(0, all.code(), how + ": " + all.out());
      assertTrue(all.out().contains(" 6 calls replayed"), all.out());
    }
  }

  @Test
  void directoryOfAStoppedHostIsExported() throws Exception {
    Path dir = temp.resolve("stopped");
    Path target = temp.resolve("of-stopped");
    try (TestHost stopped = TestHost.start(dir, SCRIPT)) {
      call(stopped, "client.put('/x', '1')");
      Glass.Ran busy = glass.run("export", dir.toString(), target.toString());
      assertEquals(3, busy.code());
      assertTrue(busy.err().contains("is already open"), busy.err());
      assertFalse(Files.exists(target));
    }
    assertEquals(0, glass.run("export", dir.toString(), target.toString()).code());
    assertEquals(0, glass.run("verify", target.toString()).code());
    Glass.Ran follow = glass.run("mirror", dir.toString(), target.toString(), "--follow");
    assertEquals(2, follow.code(), follow.err());
    Path mine = Files.createDirectory(temp.resolve("mine"));
    Files.writeString(mine.resolve("letter"), "");
    Glass.Ran refused = glass.run("export", dir.toString(), mine.toString());
    assertEquals(3, refused.code());
    assertTrue(refused.err().contains("is not empty"), refused.err());
  }

  @Test
  void forkEndsWithEvidence() throws Exception {
    Path one = temp.resolve("one");
    Path other = temp.resolve("other");
    Path target = temp.resolve("of-fork");
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      call(first, "client.echo('1')");
    }
    copy(one, other);
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      call(first, "client.echo('2')");
      assertEquals(0, glass.run("export", first.at(), target.toString()).code());
    }
    Glass stranger = Glass.of(temp.resolve("stranger"));
    try (TestHost second = TestHost.start(other, SCRIPT)) {
      Glass.Ran older = glass.run("mirror", second.at(), target.toString());
      assertEquals(1, older.code(), older.err());
      assertEquals(0, stranger.run("repl", second.at(), "-e", "client.echo('3')").code());
      Path file = temp.resolve("evidence.json");
      Glass.Ran caught =
          glass.run("mirror", second.at(), target.toString(), "--evidence", file.toString());
      assertEquals(4, caught.code(), caught.err());
      assertTrue(caught.err().contains("has forked its log"), caught.err());
      Evidence evidence = Evidence.parse(Files.readAllBytes(file));
      assertTrue(EvidenceJudge.judge(evidence, second.module().log().id()).proved());
      assertEquals(1, glass.run("mirror", host.at(), target.toString()).code(), "another log");
    }
  }
}
