package dev.glasshouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.archive.DirHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code glass files} against an honest host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class FilesCommandTest {
  private static final String SCRIPT =
      """
      exports.put = (path, text) => System.files.writeFile(path, text)
      exports.mkdir = (path) => System.files.mkdir(path)
      exports.unlink = (path) => System.files.unlink(path)
      """;

  /** The entry that last wrote before the file gone was taken away. */
  private static final int BEFORE_GONE = 8;

  private Path temp;
  private TestHost host;
  private Glass glass;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    temp = dir;
    glass = Glass.of(dir.resolve("home"));
    host = TestHost.start(dir.resolve("host"), SCRIPT);
    glass.call(
        host,
        "client.mkdir('/photos')",
        "client.put('/photos/a b.txt', 'hello')",
        "client.put('/evil', 'a\\u001b[2Jb\\n')",
        "client.put('/turned\\u202e', '')",
        "client.mkdir('/photos/raw')",
        "client.put('/photos/raw/\\u00e9', 'deep')",
        "client.put('/photos-old', 'sorts between')",
        "client.put('/gone', 'once')",
        "client.unlink('/gone')",
        "client.mkdir('/empty')",
        "client.put('/back\\\\slash', 'escaped by sha256sum')");
  }

  @AfterAll
  void stop() {
    host.close();
  }

  private Glass.Ran files(String... arguments) {
    return glass.run(
        Stream.concat(Stream.of("files", host.at()), Stream.of(arguments)).toArray(String[]::new));
  }

  private static Glass.Ran out(String text) {
    return new Glass.Ran(0, text, "");
  }

  @Test
  void listsNames() {
    String all = "back\\slash\nempty/\nevil\nphotos-old\nphotos/\nturned\ufffd\n";
    assertEquals(out(all), files("ls"));
    assertEquals(out(all), files("ls", "/"));
    for (String path : new String[] {"/photos", "photos", "/photos/", "//photos//"}) {
      assertEquals(out("a b.txt\nraw/\n"), files("ls", path));
    }
    assertEquals(out("photos/a b.txt\n"), files("ls", "photos/a b.txt"));
    assertEquals(out(""), files("ls", "/empty"));
  }

  @Test
  void listsSizesAndHashes() {
    assertEquals(out("           5  a b.txt\n           -  raw/\n"), files("ls", "-l", "/photos"));
    String hello = Hash.of("hello").hex();
    assertEquals(
        out("           5  " + hello + "  a b.txt\n           -  -" + " ".repeat(65) + "raw/\n"),
        files("ls", "-l", "--sha256", "/photos"));
  }

  @Test
  void listsAsJson() {
    String json =
        "{\"entries\":[{\"name\":\"a b.txt\",\"sha256\":\""
            + Hash.of("hello").hex()
            + "\",\"size\":5},{\"name\":\"raw/\"}],\"index\":11,\"log\":\""
            + host.log()
            + "\",\"path\":\"/photos\",\"root\":\""
            + host.module().files().rootHash()
            + "\",\"size\":12}\n";
    assertEquals(out(json), files("ls", "/photos", "--json"));
    assertTrue(files("ls", "--json").out().contains("\u202e"), "exact for a program");
    String shown = new Glass(glass.home(), true).run("files", host.at(), "ls", "--json").out();
    assertFalse(shown.contains("\u202e"), shown);
  }

  @Test
  void catGivesTheBytes() {
    assertEquals(out("a\u001b[2Jb\n"), files("cat", "/evil"));
    assertEquals(out("hello"), files("cat", "photos/a b.txt"));
    assertEquals(out(""), files("cat", "/turned\u202e"));
    Glass.Ran shown = new Glass(glass.home(), true).run("files", host.at(), "cat", "evil");
    assertEquals("a\ufffd[2Jb\n", shown.out());
    assertTrue(shown.err().contains("control characters are not shown"), shown.err());
  }

  @ParameterizedTest
  @CsvSource({
    "ls, /none, there is nothing at /none: proved absent at size 12",
    "cat, none, there is nothing at /none: proved absent at size 12",
    "get, /photos/none, there is nothing at /photos/none: proved absent at size 12",
    "get, /evil/below, there is nothing at /evil/below: proved absent at size 12",
    "cat, /gone, there is nothing at /gone: proved absent at size 12",
    "cat, /photos, '/photos is a directory: ls lists it, and get fetches it; proved at size 12'",
    "cat, /, '/ is a directory: ls lists it, and get fetches it; proved at size 12'",
    "cat, /evil/, '/evil is a file, not a directory: proved at size 12'",
    "ls, /evil/, '/evil is a file, not a directory: proved at size 12'",
    "get, /evil/, '/evil is a file, not a directory: proved at size 12'",
  })
  void whatIsNotThereIsProved(String action, String path, String sentence) {
    assertEquals(new Glass.Ran(5, "", sentence + "\n"), files(action, path));
  }

  @Test
  void readsAnyEntrysFiles() {
    assertEquals(out("once"), files("cat", "/gone", "--at", String.valueOf(BEFORE_GONE)));
    assertEquals(out(""), files("ls", "--at", "0"));
    assertEquals(out("photos/\n"), files("ls", "--at", "1"));
    assertEquals(
        new Glass.Ran(
            5, "", "there is nothing at /gone: proved absent as of entry 7, at size 12\n"),
        files("cat", "/gone", "--at", "7"));
    assertEquals(
        new Glass.Ran(3, "", "the log has no entry 12: its last is 11\n"),
        files("ls", "--at", "12"));
  }

  @Test
  void whatIsKeptNoLongerIsNoLie() throws Exception {
    String once = Hash.of("once").hex();
    String node = host.module().log().entry(1).root().hex();
    try (FrontServer front =
        FrontServer.before(
            host, (path, body) -> path.contains(once) || path.contains(node) ? null : body)) {
      String at = String.valueOf(BEFORE_GONE);
      assertEquals(
          new Glass.Ran(
              3,
              "",
              "The files as of entry 8 are not all to be had: blob " + once + " is missing\n"),
          glass.run("files", front.at(), "cat", "/gone", "--at", at));
      assertEquals(
          new Glass.Ran(
              3,
              "",
              "The files as of entry 1 are not all to be had: blob " + node + " is missing\n"),
          glass.run("files", front.at(), "ls", "--at", "1"));
      assertEquals(0, glass.run("files", front.at(), "ls").code());
    }
  }

  @Test
  void getWritesAFile() throws IOException {
    Path target = temp.resolve("got");
    Glass.Ran wrote = new Glass.Ran(0, "", "Wrote 5 bytes to " + target + "\n");
    assertEquals(wrote, files("get", "/photos/a b.txt", target.toString()));
    assertEquals("hello", Files.readString(target));

    Files.writeString(target, "mine");
    Glass.Ran inTheWay = files("get", "/photos/a b.txt", "-o", target.toString());
    assertEquals(3, inTheWay.code());
    assertTrue(inTheWay.err().contains("exists already"), inTheWay.err());
    assertEquals("mine", Files.readString(target));
    assertEquals(wrote, files("get", "/photos/a b.txt", "-o", target.toString(), "--force"));
    assertEquals("hello", Files.readString(target));

    Glass.Ran nowhere = files("get", "evil", target.resolve("x").toString());
    assertEquals(3, nowhere.code());
    assertTrue(nowhere.err().contains("Not a directory"), nowhere.err());
    Glass.Ran directory = files("get", "evil", temp.toString(), "--force");
    assertEquals(
        new Glass.Ran(3, "", temp + " is a directory, and a file is to be there\n"), directory);
    assertNoParts(temp);
  }

  @Test
  void getWritesADirectory() throws IOException {
    Path target = temp.resolve("tree");
    assertEquals(
        new Glass.Ran(0, "", "Wrote 2 files of 9 bytes and 1 directory to " + target + "\n"),
        files("get", "/photos", target.toString()));
    assertEquals("hello", Files.readString(target.resolve("a b.txt")));
    assertEquals("deep", Files.readString(target.resolve("raw/\u00e9")));

    Files.writeString(target.resolve("a b.txt"), "changed");
    Files.writeString(target.resolve("mine"), "mine");
    assertEquals(3, files("get", "/photos", target.toString()).code());
    assertEquals("changed", Files.readString(target.resolve("a b.txt")));
    assertEquals(0, files("get", "/photos", target.toString(), "--force").code());
    assertEquals("hello", Files.readString(target.resolve("a b.txt")));
    assertEquals("mine", Files.readString(target.resolve("mine")));
    assertNoParts(temp);
  }

  /** A link in a directory of the user's could lead out of it. */
  @Test
  void getFollowsNoLinks() throws IOException {
    Path target = Files.createDirectory(temp.resolve("linked"));
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.createSymbolicLink(target.resolve("raw"), elsewhere);
    Glass.Ran ran = files("get", "/photos", target.toString(), "--force");
    assertEquals(
        new Glass.Ran(3, "", target.resolve("raw") + " is no directory, and one is to be there\n"),
        ran);
    try (Stream<Path> list = Files.list(elsewhere)) {
      assertEquals(List.of(), list.toList());
    }
    assertFalse(Files.exists(target.resolve("a b.txt")), "nothing was moved");
    assertNoParts(temp);
  }

  /** docs/files.md has this very line. */
  @Test
  void coreutilsComeToTheSameDigest() throws Exception {
    String digest = files("digest").out().strip();
    assertEquals(DirHash.h1(host.module().files()), digest);
    Path target = temp.resolve("whole");
    assertEquals(0, files("get", "/", target.toString()).code());
    assertEquals(digest, shell(target, command()));
    Files.writeString(target.resolve("evil"), "changed");
    assertFalse(digest.equals(shell(target, command())), "another file");

    String earlier = files("digest", "--at", String.valueOf(BEFORE_GONE)).out().strip();
    Path before = Files.createDirectory(temp.resolve("before"));
    String at = String.valueOf(BEFORE_GONE);
    assertEquals(0, files("get", "/", before.toString(), "--at", at).code());
    assertEquals(earlier, shell(before, command()));
    assertFalse(digest.equals(earlier));
    String json = files("digest", "--json").out();
    assertTrue(json.startsWith("{\"h1\":\"" + digest + "\",\"index\":11,"), json);
  }

  private static String command() throws IOException {
    String docs = Files.readString(Path.of("../docs/files.md"));
    int start = docs.indexOf("echo h1:$(");
    assertTrue(start >= 0, "docs/files.md shows how");
    return docs.substring(start, docs.indexOf("\n```", start));
  }

  private static String shell(Path dir, String command) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-ec", command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return said.strip();
  }

  @Test
  void aFileLargerThanTheMemoryIsStreamed() throws Exception {
    byte[] large = new byte[80 << 20];
    for (int i = 0; i < large.length; i += 4096) {
      large[i] = (byte) (i >> 12);
    }
    Hash hash = Hash.of(large);
    Path target = temp.resolve("file");
    try (SignedRoot signed = SignedRoot.ofFile(hash, large.length, large)) {
      Path wrote = inSmallMemory("files", signed.at(), "get", "/file");
      assertEquals(0, Files.size(wrote), "it says what it wrote, on the other stream");
      assertEquals(large.length, Files.size(target));
      Path shown =
          inSmallMemory("files", signed.at(), "cat", "/file", "--proof", target + ".proof");
      assertEquals(-1, Files.mismatch(target, shown));
    }
    Path checked =
        inSmallMemory("files", "--check", target + ".proof", "--content", target.toString());
    assertTrue(Files.readString(checked).contains(hash.hex()));
    Files.delete(target);
  }

  /** The file it wrote to standard output, which this process has no memory for, either. */
  private Path inSmallMemory(String... arguments) throws Exception {
    Path out = Files.createTempFile(temp, "small", ".out");
    Path err = Files.createTempFile(temp, "small", ".err");
    String[] java = {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-Xmx64m",
      "-cp",
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
      Main.class.getName()
    };
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(java), Stream.of(arguments)).toArray(String[]::new))
            .directory(temp.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("GLASSHOUSE_HOME", glass.home().toString());
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(err));
    return out;
  }

  @Test
  void readsAnExport() throws IOException {
    String export = temp.resolve("export").toString();
    assertEquals(0, glass.run("export", host.at(), export).code());
    assertEquals(out("a b.txt\nraw/\n"), glass.run("files", export, "ls", "/photos"));
    assertEquals(out("hello"), glass.run("files", export, "cat", "/photos/a b.txt"));
    assertEquals(files("digest"), glass.run("files", export, "digest"));
    assertEquals(5, glass.run("files", export, "cat", "/none").code());
    Path blob = temp.resolve("export/blob/" + Hash.of("hello").hex());
    Files.writeString(blob, "jello");
    Glass.Ran ran = glass.run("files", export, "cat", "/photos/a b.txt");
    assertEquals(1, ran.code(), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void anotherLogIsRefused() {
    Glass.Ran ran = files("ls", "--log", "ab".repeat(32));
    assertEquals(1, ran.code());
    String served =
        " serves log " + host.log() + ", not " + "ab".repeat(32) + " as you asked for\n";
    assertTrue(ran.err().startsWith("NOT PROVED: "), ran.err());
    assertTrue(ran.err().endsWith(served), ran.err());
    assertEquals(0, files("ls", "--log", host.log()).code());
  }

  /** What was seen of a log is kept, and what is served later must extend it. */
  @Test
  void theCheckpointIsKept() throws IOException {
    Glass fresh = Glass.of(temp.resolve("fresh"));
    assertEquals(0, fresh.run("files", host.at(), "cat", "/evil").code());
    Path kept = fresh.home().resolve("logs/" + host.log() + "/checkpoint");
    assertArrayEquals(host.module().log().checkpoint().format(), Files.readAllBytes(kept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat",
        "get",
        "steal /evil",
        "digest /evil",
        "cat /photos/../evil",
        "cat /a//b",
        "ls / out",
        "cat /evil -o out",
        "get /evil a -o b",
        "cat -l /evil",
        "cat --json /evil",
        "ls --at -1",
        "ls --content x",
        "ls --check x",
        "digest --proof x",
        "get / --proof out",
        "get /",
      })
  void wrongUsage(String line) {
    Glass.Ran ran = files(line.split(" ", -1));
    assertEquals(2, ran.code(), ran.err());
    assertEquals("", ran.out());
  }

  private static void assertNoParts(Path dir) throws IOException {
    try (Stream<Path> list = Files.list(dir)) {
      assertEquals(
          List.of(), list.filter(path -> path.toString().endsWith(".part")).toList(), "left over");
    }
  }
}
