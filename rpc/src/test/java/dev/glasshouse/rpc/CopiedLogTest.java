package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.ClientException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import dev.glasshouse.rpc.mirror.DirectoryLogReader;
import dev.glasshouse.rpc.mirror.LogCopy;
import dev.glasshouse.rpc.mirror.StoreLogReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a service offers of a log that nobody adds to, held against what its host offered. */
@Timeout(60)
class CopiedLogTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SCRIPT =
      "const fs = System.files;"
          + "exports.write = (p, s) => fs.writeFile(p, s);"
          + "exports.mkdir = p => fs.mkdir(p);";

  @TempDir static Path dir;
  private static final Path EARLIER = Path.of("earlier");
  private static final Map<String, HttpResponse<byte[]>> LIVE = new LinkedHashMap<>();
  private static final String FILE = Hash.of("[2]").hex();
  private static byte[] earlier;
  private static String earlierRoot;

  @TempDir Path temp;

  @BeforeAll
  static void hostALog() throws Exception {
    try (RunningHost host = HostSetup.of(dir, SCRIPT).debug().images(10_000, 0).start();
        Talk talk = Talk.to(host)) {
      talk.call("mkdir", "[\"/d\"]");
      talk.call("write", "[\"/d/a.json\",\"[1]\"]");
      earlierRoot = (String) Json.at(talk.call("rpc.info", "[]"), "result", "files");
      String write =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"write\",\"params\":[\"/b\",\"B\"]}";
      talk.ask("[" + (write + ",").repeat(254) + write + "]");
      earlier = host.get("/checkpoint").body();
      copy(new HttpLogReader(host.address()), dir.resolve(EARLIER));
      talk.call("write", "[\"/d/a.json\",\"[2]\"]");
    }
    // Its stop has left an image behind; this one leaves nothing.
    try (RunningHost host = HostSetup.of(dir, SCRIPT).debug().start()) {
      long rest = host.size() - 256;
      String images = new String(host.get("/images").body(), StandardCharsets.UTF_8);
      assertEquals(host.size() - 1, Json.at(images, 0, "index"));
      for (String path :
          List.of(
              "/checkpoint",
              "/cosigned",
              "/tile/0/000",
              "/tile/0/001.p/" + rest,
              "/tile/0/001.p/1",
              "/tile/0/001.p/" + (rest + 1),
              "/tile/1/000.p/1",
              "/tile/2/000.p/1",
              "/tile/entries/000",
              "/tile/entries/000.p/7",
              "/tile/entries/001.p/" + rest,
              "/tile/entries/001.p/" + (rest + 1),
              "/tile/x/000",
              "/blob/" + FILE,
              "/blob/" + Hash.of("none").hex(),
              "/blob/x",
              "/page/" + Hash.of("none").hex(),
              "/images",
              "/files",
              "/files/",
              "/files/?format=json",
              "/files/d/?root=" + earlierRoot,
              "/files/d/a.json",
              "/files/d/a.json?root=" + earlierRoot,
              "/files/d/a.json?proof",
              "/files/d/?proof",
              "/files/d/a.json?proof&root=" + earlierRoot,
              "/files/none?proof",
              "/files/none",
              "/health",
              "/nothing")) {
        LIVE.put(path, host.get(path));
      }
    }
  }

  private static void copy(LogReader reader, Path to) {
    try (LogCopy copy = new LogCopy(reader, to, new LogCopy.Options(null, true), (at, of) -> {})) {
      assertTrue(copy.round() > 0);
    }
  }

  private static Service serve(LogReader reader) {
    return Service.start(CopiedLog.open(reader), new ServiceSettings("127.0.0.1", 0, 1_000));
  }

  private static HttpResponse<byte[]> get(Service service, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static void assertAnswersAsItsHost(LogReader reader)
      throws IOException, InterruptedException {
    try (Service service = serve(reader)) {
      for (Map.Entry<String, HttpResponse<byte[]>> live : LIVE.entrySet()) {
        HttpResponse<byte[]> answer = get(service, live.getKey());
        HttpResponse<byte[]> before = live.getValue();
        assertEquals(before.statusCode(), answer.statusCode(), live.getKey());
        assertArrayEquals(before.body(), answer.body(), live.getKey());
        for (String header : List.of("content-type", "cache-control", "etag", "location")) {
          assertEquals(
              before.headers().allValues(header),
              answer.headers().allValues(header),
              header + " of " + live.getKey());
        }
      }
    }
  }

  @Test
  void theDirectoryOfAHostIsPublishedAsItsHostDidIt() throws Exception {
    try (LogReader reader = StoreLogReader.open(dir)) {
      assertAnswersAsItsHost(reader);
    }
  }

  @Test
  void anExportIsPublishedAsItsHostDidIt() throws Exception {
    try (LogReader reader = StoreLogReader.open(dir)) {
      copy(reader, temp.resolve("out"));
    }
    assertAnswersAsItsHost(new DirectoryLogReader(temp.resolve("out")));
  }

  @Test
  void nobodyIsServedACall() throws Exception {
    try (LogReader reader = StoreLogReader.open(dir);
        Service service = serve(reader)) {
      HostAddress address = new HostAddress("127.0.0.1", service.port());
      Identity caller = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
      KnownLogs known = new KnownLogs(temp);
      ClientException refused =
          assertThrows(
              ClientException.class, () -> Client.signed(address, caller, null, known).close());
      assertTrue(
          refused.getMessage().contains("it answers with status 403: " + CopiedLog.NO_CALLS),
          refused.getMessage());
      HttpResponse<byte[]> ready = get(service, "/ready");
      assertEquals(503, ready.statusCode());
      assertEquals(CopiedLog.NO_CALLS, Json.at(text(ready), "status"));
      assertTrue(text(get(service, "/")).contains("A copy of the log"));
      assertTrue(text(get(service, "/metrics")).contains("glasshouse_connections 1"));
    }
  }

  @Test
  void atAUrlItShowsThatItIsACopy() throws Exception {
    try (LogReader reader = StoreLogReader.open(dir);
        Service service = serve(reader);
        LogReader read = new HttpLogReader(URI.create("http://127.0.0.1:" + service.port()))) {
      assertTrue(read.isCopy());
      assertEquals(List.of("b", "d/"), read.directory("/", Optional.empty()));
      assertArrayEquals(
          "[2]".getBytes(StandardCharsets.UTF_8), read.file("/d/a.json", Optional.empty()));
      // What is served can be copied on.
      copy(read, temp.resolve("again"));
    }
  }

  @Test
  void whatWasNotSignedYetIsNotShown() throws Exception {
    Path crashed = temp.resolve("crashed");
    copyFiles(dir.resolve("log"), crashed.resolve("log"));
    Files.write(crashed.resolve("checkpoint"), earlier);
    long size = Checkpoint.parse(Note.parse(earlier, Note.MAX_BYTES).text()).head().size();
    try (StoreLogReader reader = StoreLogReader.open(crashed);
        Service service = serve(reader)) {
      assertTrue(size < reader.size());
      long rest = size - 256;
      assertEquals(200, get(service, "/tile/entries/001.p/" + rest).statusCode());
      assertEquals(404, get(service, "/tile/entries/001.p/" + (rest + 1)).statusCode());
      assertEquals(404, get(service, "/tile/0/001.p/" + (rest + 1)).statusCode());
      assertEquals("[1]", text(get(service, "/files/d/a.json")));
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, to.resolve(each.getFileName()));
      }
    }
  }

  @Test
  void aCopyThatGrowsIsServedAsItGrows() throws Exception {
    Path mirror = temp.resolve("mirror");
    try (LogReader older = new DirectoryLogReader(dir.resolve(EARLIER))) {
      copy(older, mirror);
    }
    try (LogReader newer = StoreLogReader.open(dir);
        Service service = serve(new DirectoryLogReader(mirror))) {
      assertArrayEquals(earlier, get(service, "/checkpoint").body());
      assertEquals("[1]", text(get(service, "/files/d/a.json")));
      copy(newer, mirror);
      assertArrayEquals(LIVE.get("/checkpoint").body(), get(service, "/checkpoint").body());
      assertEquals("[2]", text(get(service, "/files/d/a.json")));
    }
  }

  @Test
  void whatIsMissingIsWithheldAndWhatIsDamagedIsNotServed() throws Exception {
    Path mirror = temp.resolve("mirror");
    try (LogReader reader = StoreLogReader.open(dir)) {
      copy(reader, mirror);
    }
    Files.delete(mirror.resolve("tile/0/000"));
    Files.delete(mirror.resolve("images"));
    Files.writeString(mirror.resolve("blob/" + FILE), "[3]");
    Files.write(mirror.resolve("tile/1/000.p/1"), new byte[31]);
    try (Service service = serve(new DirectoryLogReader(mirror))) {
      HttpResponse<byte[]> tile = get(service, "/tile/0/000");
      assertEquals(404, tile.statusCode());
      assertEquals("this copy does not have /tile/0/000\n", text(tile));
      assertEquals(404, get(service, "/images").statusCode());
      assertEquals(500, get(service, "/blob/" + FILE).statusCode());
      assertEquals(500, get(service, "/files/d/a.json").statusCode());
      assertEquals(500, get(service, "/tile/1/000.p/1").statusCode());
      assertEquals(200, get(service, "/files/b").statusCode());
    }
  }

  @Test
  void onlyACheckpointOfTheLogsKeyIsShown() throws Exception {
    Path mirror = temp.resolve("mirror");
    try (LogReader reader = StoreLogReader.open(dir)) {
      copy(reader, mirror);
    }
    DirectoryLogReader reader = new DirectoryLogReader(mirror);
    Checkpoint checkpoint =
        Checkpoint.parse(Note.parse(reader.checkpoint(), Note.MAX_BYTES).text());
    Identity other = Identity.ofSeed(new byte[Identity.SEED_BYTES]);
    SignedCheckpoint eves = SignedCheckpoint.sign(checkpoint.origin(), checkpoint.head(), other);
    Files.write(mirror.resolve("checkpoint"), eves.format());
    assertThrows(UnverifiedException.class, () -> CopiedLog.open(reader));
    Files.delete(mirror.resolve("checkpoint"));
    assertThrows(UnreachableException.class, () -> CopiedLog.open(reader));
  }
}
