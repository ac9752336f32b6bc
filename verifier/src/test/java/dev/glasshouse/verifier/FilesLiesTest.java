package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lies about the archive as it is published: the log is honest, the files are not its own. */
final class FilesLiesTest {
  private static final long SIZE = Story.LAST + 1;

  static Stream<Lie> published() {
    return Stream.of(
        lie(
            "row 9: other bytes in a file",
            files -> files.put("/top.txt", "tip".getBytes(UTF_8)),
            "/top.txt of 3 bytes with SHA-256 " + Hash.of("top"),
            "/top.txt of 3 bytes with SHA-256 " + Hash.of("tip")),
        lie(
            "row 9: a file cut short",
            files -> files.put("/notes/b.txt", "the".getBytes(UTF_8)),
            "/notes/b.txt of 5 bytes",
            "/notes/b.txt of 3 bytes"),
        lie(
            "row 9: a file emptied",
            files -> files.put("/old/a.txt", new byte[0]),
            "/old/a.txt of 5 bytes",
            "/old/a.txt of 0 bytes"),
        lie(
            "row 9: leaves a file out",
            files -> files.remove("/top.txt"),
            "/ with [notes/, old/, top.txt]",
            "/ with [notes/, old/]"),
        lie(
            "row 9: leaves a file of a directory out",
            files -> files.remove("/notes/b.txt"),
            "/notes/ with [b.txt]",
            "/notes/ with []"),
        lie(
            "row 9: leaves a directory out",
            files -> {
              files.remove("/old/");
              files.remove("/old/a.txt");
            },
            "/ with [notes/, old/, top.txt]",
            "/ with [notes/, top.txt]"),
        lie(
            "row 9: adds a file",
            files -> files.put("/notes/c.txt", new byte[0]),
            "/notes/ with [b.txt]",
            "/notes/ with [b.txt, c.txt]"),
        lie(
            "row 9: adds a directory",
            files -> files.put("/new/", new byte[0]),
            "/ with [notes/, old/, top.txt]",
            "/ with [new/, notes/, old/, top.txt]"),
        lie(
            "row 9: a file for a directory",
            files -> {
              files.remove("/old/a.txt");
              files.remove("/old/");
              files.put("/old", new byte[0]);
            },
            "old/",
            "old,"),
        lie(
            "row 9: swaps the bytes of two files",
            FilesLiesTest::swap,
            "/notes/b.txt of 5 bytes with SHA-256 " + Hash.of("there"),
            "/notes/b.txt of 5 bytes with SHA-256 " + Hash.of("hello")),
        Lie.of(
            "row 10: serves the files of an older checkpoint",
            older(),
            Kind.PUBLISHED_FILES,
            SIZE,
            null,
            "/ with [notes/, old/, top.txt]",
            "/ with [notes/]"),
        Lie.of(
            "row 10: serves one archive to all but the auditor",
            Story.signed(),
            Audits.filesRoot(Hash.of("what others were given")),
            Kind.PUBLISHED_FILES,
            SIZE,
            null,
            "archive root " + Hash.of("what others were given"),
            "archive root " + Story.signed().entry(Story.LAST).get("root")));
  }

  @ParameterizedTest
  @MethodSource("published")
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void theOrderOfAListingIsNoLie() {
    LogReader reversed =
        new ChangedSource(Story.signed()) {
          @Override
          public List<String> directory(String path, Optional<Hash> root) {
            List<String> names = new ArrayList<>(super.directory(path, root));
            Collections.reverse(names);
            return names;
          }
        };
    Audits.requireVerified(reversed, "listings in another order");
  }

  @Test
  void namesOfAnyScriptAreInOrder() {
    // By bytes of UTF-8 the first is the lesser, by UTF-16 the second.
    PublishedLog log =
        Story.countingAnd(
            host ->
                host.call(
                    new Peer("dave", 9),
                    method("write", "\"/\uFF5E\"", "\"1\""),
                    method("write", "\"/\uD83D\uDE00\"", "\"2\"")));

    assertEquals(2, Audits.requireVerified(log, "names").counts().files());
  }

  private static Lie lie(
      String name, Consumer<SortedMap<String, byte[]>> change, String expected, String actual) {
    PublishedLog log = Story.signed();
    change.accept(log.files);
    return Lie.of(name, log, Kind.PUBLISHED_FILES, SIZE, null, expected, actual);
  }

  private static PublishedLog older() {
    PublishedLog log = Story.signed();
    log.publishFiles(Hash.parseHex((String) log.entry(Story.LONG).get("root")));
    return log;
  }

  private static void swap(Map<String, byte[]> files) {
    byte[] one = files.get("/notes/b.txt");
    files.put("/notes/b.txt", files.get("/old/a.txt"));
    files.put("/old/a.txt", one);
  }
}
