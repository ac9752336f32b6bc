package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that lie about files: each lie is found, and not a byte of it is printed or kept. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesLiesTest {
  private static final String SCRIPT =
      "exports.put = (path, text) => System.files.writeFile(path, text)";

  private static final byte[] CONTENT = "two".getBytes(StandardCharsets.UTF_8);

  private Path temp;
  private TestHost host;
  private Glass glass;
  private byte[] earlierRoot;
  private String earlier;
  private String newest;
  private Path out;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    Glass caller = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    for (String call :
        new String[] {
          "client.put('/one', 'one')", "client.put('/x', 'x')", "client.put('/two', 'two')"
        }) {
      assertEquals(0, caller.run("repl", host.at(), "-e", call).code());
    }
    Hash before = host.module().log().entry(2).root();
    earlierRoot = host.module().log().store().blob(before);
    earlier = before.hex();
    newest = host.module().files().rootHash().hex();
  }

  @AfterAll
  void stop() {
    host.close();
  }

  // What one test has seen of a log at a port says nothing about that of another at the same.
  @BeforeEach
  void fresh(@TempDir Path home) {
    glass = Glass.of(home);
    out = temp.resolve("out");
  }

  private void assertCaught(String why, FrontServer.Body lie, String... arguments)
      throws IOException {
    try (FrontServer front = FrontServer.before(host, lie)) {
      assertCaught(why, front.at(), arguments);
    }
  }

  private void assertCaught(String why, String at, String... arguments) throws IOException {
    Glass.Ran ran =
        glass.run(
            Stream.concat(Stream.of("files", at), Arrays.stream(arguments)).toArray(String[]::new));
    assertEquals(1, ran.code(), ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().startsWith("NOT PROVED: ") && ran.err().contains(why), ran.err());
    assertFalse(Files.exists(out), "it was kept");
    try (Stream<Path> list = Files.list(temp)) {
      assertEquals(List.of(), list.filter(path -> path.toString().endsWith(".part")).toList());
    }
  }

  private void assertContentCaught(byte[] served) throws IOException {
    FrontServer.Body lie =
        (path, body) -> path.equals("/blob/" + Hash.of("two").hex()) ? served : body;
    String why = "have another hash";
    assertCaught(why, lie, "cat", "/two");
    assertCaught(why, lie, "get", "/two", out.toString());
    assertCaught(why, lie, "get", "/", out.toString());
  }

  @Test
  void wrongBytes() throws IOException {
    assertContentCaught("two\n".getBytes(StandardCharsets.UTF_8));
    assertContentCaught("too".getBytes(StandardCharsets.UTF_8));
    assertContentCaught("tw".getBytes(StandardCharsets.UTF_8));
    assertContentCaught(new byte[1 << 20]);
  }

  /** The archive without the file, in place of the one with it. */
  @Test
  void aFileThatIsLeftOut() throws IOException {
    FrontServer.Body lie = (path, body) -> path.equals("/blob/" + newest) ? earlierRoot : body;
    String why = "have another hash";
    assertCaught(why, lie, "ls");
    assertCaught(why, lie, "ls", "/two");
    assertCaught(why, lie, "cat", "/two");
    assertCaught(why, lie, "get", "/", out.toString());
    assertCaught(why, lie, "digest");
  }

  /** The archive with a file that came later, in place of the one before it. */
  @Test
  void aFileThatIsAdded() throws IOException {
    byte[] later = host.module().log().store().blob(Hash.parseHex(newest));
    FrontServer.Body lie = (path, body) -> path.equals("/blob/" + earlier) ? later : body;
    assertCaught("have another hash", lie, "ls", "--at", "2");
    assertCaught("have another hash", lie, "digest", "--at", "2");
  }

  /** An entry that names another archive. */
  @Test
  void aWrongRoot() throws IOException {
    FrontServer.Body lie =
        (path, body) ->
            path.startsWith("/tile/entries/")
                ? new String(body, StandardCharsets.ISO_8859_1)
                    .replace(newest, earlier)
                    .getBytes(StandardCharsets.ISO_8859_1)
                : body;
    assertCaught("is not in the tree that it signed", lie, "ls");
    assertCaught("is not in the tree that it signed", lie, "cat", "/two");
  }

  /** To withhold is not to lie, and what is withheld is never said to be absent. */
  @Test
  void aFileThatIsWithheld() throws IOException {
    for (String blob : new String[] {newest, Hash.of("two").hex()}) {
      try (FrontServer front =
          FrontServer.before(host, (path, body) -> path.endsWith(blob) ? null : body)) {
        assertEquals(
            new Glass.Ran(3, "", "The files are not all to be had: blob " + blob + " is missing\n"),
            glass.run("files", front.at(), "get", "/two", out.toString()));
      }
    }
    assertFalse(Files.exists(out));
  }

  // ---- what a host's own key has signed --------------------------------------------------------

  @Test
  void aSignedFileOfAnotherLength() throws IOException {
    try (SignedRoot signed = SignedRoot.ofFile(Hash.of("two"), CONTENT.length, CONTENT)) {
      assertEquals(new Glass.Ran(0, "two", ""), glass.run("files", signed.at(), "cat", "/file"));
    }
    try (SignedRoot signed = SignedRoot.ofFile(Hash.of("two"), CONTENT.length + 1, CONTENT)) {
      assertCaught("a file of 4 bytes that has 3", signed.at(), "cat", "/file");
    }
    try (SignedRoot signed = SignedRoot.ofFile(Hash.of("two"), CONTENT.length - 1, CONTENT)) {
      assertCaught("another hash", signed.at(), "get", "/file", out.toString());
    }
    try (SignedRoot signed = SignedRoot.ofFile(Hash.of("two"), (256L << 20) + 1, CONTENT)) {
      assertCaught("by its own limits none has more", signed.at(), "cat", "/file");
    }
  }

  @Test
  void aSignedRootOfNoArchive() throws IOException {
    byte[] noNode = {2, 0};
    try (SignedRoot signed = new SignedRoot(Hash.of(noNode), Map.of(Hash.of(noNode), noNode))) {
      for (String action : new String[] {"ls", "digest"}) {
        assertCaught("has logged what is no archive", signed.at(), action);
      }
      assertCaught("has logged what is no archive", signed.at(), "cat", "/file");
      assertCaught("has logged what is no archive", signed.at(), "get", "/", out.toString());
    }
  }

  /** Two histories under one key, of one size: whoever has seen the one does not take the other. */
  @Test
  void aForkedLog() throws Exception {
    Path one = Files.createDirectory(temp.resolve("one"));
    Path other = Files.createDirectory(temp.resolve("other"));
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      assertEquals(0, glass.run("files", first.at(), "ls").code());
    }
    try (Stream<Path> walk = Files.walk(one)) {
      for (Path path : walk.filter(path -> !path.equals(one)).toList()) {
        Files.copy(path, other.resolve(one.relativize(path).toString()));
      }
    }
    Glass stranger = Glass.of(temp.resolve("stranger"));
    try (TestHost first = TestHost.start(one, SCRIPT)) {
      assertEquals(0, stranger.run("repl", first.at(), "-e", "client.put('/a', 'a')").code());
      assertEquals(0, glass.run("files", first.at(), "cat", "/a").code());
    }
    try (TestHost second = TestHost.start(other, SCRIPT)) {
      Glass another = Glass.of(temp.resolve("another"));
      assertEquals(0, another.run("repl", second.at(), "-e", "client.put('/a', 'b')").code());
      Glass.Ran ran = glass.run("files", second.at(), "cat", "/a");
      assertEquals(4, ran.code(), ran.err());
      assertEquals("", ran.out());
      assertTrue(ran.err().startsWith("NOT PROVED: "), ran.err());
      try (Stream<Path> evidence = Files.list(glass.home().resolve("evidence"))) {
        assertEquals(1, evidence.count());
      }
    }
  }
}
