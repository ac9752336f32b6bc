package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import dev.glasshouse.vm.archive.ArchiveValue.Directory;
import dev.glasshouse.vm.archive.ArchiveValue.FileRef;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proofs over HTTP, verified from a root alone. */
class FileProofsTest {
  private static final String SCRIPT =
      "const fs = System.files; exports.write = (p, s) => fs.writeFile(p, s)";

  @TempDir static Path dir;
  private static RunningHost host;
  private static Hash earlier;
  private static Hash newest;

  @BeforeAll
  static void start() throws Exception {
    host = HostSetup.of(dir, SCRIPT).debug().start();
    try (Talk talk = Talk.to(host)) {
      talk.call("write", "[\"/d/a b\u00fc\",\"one\"]");
      earlier = host.module().files().rootHash();
      talk.call("write", "[\"/d/second\",\"two\"]");
      newest = host.module().files().rootHash();
    }
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  private static ArchiveProof proof(String path) throws Exception {
    HttpResponse<byte[]> response = host.get(path);
    assertEquals(200, response.statusCode(), path);
    assertEquals(
        "text/plain; charset=utf-8", response.headers().firstValue("content-type").orElseThrow());
    String cached = response.headers().firstValue("cache-control").orElseThrow();
    assertEquals(path.contains("root=") ? Publication.FOREVER : "no-cache", cached, path);
    return ArchiveProof.parse(response.body(), ArchiveProof.MAX_BYTES);
  }

  @Test
  void whatIsThere() throws Exception {
    ArchiveKey second = ArchiveKey.parse("d/second");
    ArchiveProof proof = proof("/files/d/second?proof");
    FileRef two = new FileRef(Hash.of("two"), 3);
    assertEquals(Optional.of(two), proof.verifyPath(newest, second));
    assertThrows(UnverifiedException.class, () -> proof.verifyPath(earlier, second));
    assertEquals(
        Optional.of(new FileRef(Hash.of("one"), 3)),
        proof("/files/d/a%20b%c3%bc?proof").verifyPath(newest, ArchiveKey.parse("d/a b\u00fc")));
    ArchiveKey d = ArchiveKey.parse("d");
    assertEquals(Optional.of(new Directory()), proof("/files/d?proof").verifyPath(newest, d));
  }

  @Test
  void whatIsNot() throws Exception {
    ArchiveKey second = ArchiveKey.parse("d/second");
    ArchiveProof before = proof("/files/d/second?proof&root=" + earlier);
    assertEquals(Optional.empty(), before.verifyPath(earlier, second));
    ArchiveKey absent = ArchiveKey.parse("no/such");
    assertEquals(Optional.empty(), proof("/files/no/such?proof").verifyPath(newest, absent));
  }

  @Test
  void whatIsInADirectory() throws Exception {
    ArchiveKey d = ArchiveKey.parse("d/");
    assertEquals(List.of("d/a b\u00fc", "d/second"), names("/files/d/?proof", newest, d));
    assertEquals(
        List.of("d/a b\u00fc"), names("/files/d/?root=" + earlier + "&proof=", earlier, d));
    assertEquals(List.of("d/"), names("/files/?proof", newest, ArchiveKey.ROOT));
    ArchiveKey file = ArchiveKey.parse("d/second/");
    assertEquals(Optional.empty(), proof("/files/d/second/?proof").verifyListing(newest, file));
  }

  private static List<String> names(String path, Hash root, ArchiveKey directory) throws Exception {
    return proof(path).verifyListing(root, directory).orElseThrow().stream()
        .map(entry -> entry.key().text())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/files//?proof, 404",
    "/files/d/../d?proof, 404",
    "/files/d%00?proof, 404",
    "/filesystem?proof, 404",
    "/files/d?proof&root=xyz, 400",
    "/files/d?proof&root=, 400",
    "/files/d?proof&root=0000000000000000000000000000000000000000000000000000000000000001, 404",
  })
  void whatHasNoProof(String path, int status) throws Exception {
    HttpResponse<byte[]> response = host.get(path);
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertEquals(status, response.statusCode(), text);
  }

  @Test
  void aBlobThatIsNoRootIsRefused() throws Exception {
    HttpResponse<byte[]> response = host.get("/files/d?proof&root=" + Hash.of("two"));
    assertEquals(400, response.statusCode());
  }

  /** Other paths have no proofs; the parameter means nothing there. */
  @Test
  void otherPathsAreAsBefore() throws Exception {
    assertEquals(200, host.get("/checkpoint?proof").statusCode());
    assertEquals("two", new String(host.get("/files/d/second").body(), StandardCharsets.UTF_8));
  }
}
