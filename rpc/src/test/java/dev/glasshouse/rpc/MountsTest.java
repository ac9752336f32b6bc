package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.rpc.client.Client;
import dev.glasshouse.rpc.client.ClientException;
import dev.glasshouse.rpc.client.HostAddress;
import dev.glasshouse.rpc.client.HttpLogReader;
import dev.glasshouse.rpc.client.KnownLogs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two modules on one port: each is found at its path, and neither waits for the other. */
@Timeout(60)
final class MountsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int CALLS = 50;
  private static final String COUNTER =
      """
      let n = 0
      exports.add = () => ++n
      exports.draw = () => crypto.getRandomValues(new Uint8Array(1))[0]
      exports.write = (text) => System.files.writeFile('/f', text)
      """;

  @TempDir private Path dir;

  private final Meters meters = new Meters();
  private final List<Mount> mounts = new ArrayList<>();
  private final List<ExecutorService> verifiers = new ArrayList<>();
  private Service service;

  @AfterEach
  void close() {
    if (service != null) {
      service.close();
    }
    mounts.forEach(mount -> mount.module().close());
    verifiers.forEach(ExecutorService::shutdownNow);
  }

  private HostSetup setup(String name) {
    return HostSetup.of(dir.resolve(name), COUNTER);
  }

  private HostedModule mount(String name, HostSetup setup) throws Exception {
    ExecutorService own = Executors.newFixedThreadPool(2);
    verifiers.add(own);
    HostedModule module = setup.load(name, meters, own);
    mounts.add(new Mount(name, module));
    return module;
  }

  private void start() {
    service = Service.start(List.copyOf(mounts), new ServiceSettings("127.0.0.1", 0, 1 << 20));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private HostAddress at(String path) {
    return HostAddress.parse("127.0.0.1:" + service.port() + path);
  }

  private Client client(String path) {
    return Client.signed(
        at(path), new Signer(1).identity, null, new KnownLogs(dir.resolve("home")));
  }

  private static List<MethodCall> calling(String method) {
    return List.of(new MethodCall(method, "[]"));
  }

  private void assertCounts(Client client, int from) {
    for (int i = 1; i <= CALLS; i++) {
      assertEquals(String.valueOf(from + i), client.call("add", "[]").value());
    }
  }

  @Test
  void eachIsFoundAtItsPath() throws Exception {
    HostedModule album = mount("album", setup("album"));
    HostedModule counter = mount("counter", setup("counter").debug());
    start();
    try (Client toAlbum = client("/album");
        Client toCounter = Client.debug(at("/counter"), "bob", null, new KnownLogs(dir))) {
      assertEquals("1", toAlbum.call("add", "[]").value());
      toAlbum.call("write", "[\"hello\"]");
      assertEquals("1", toCounter.call("add", "[]").value(), "another module, another state");
    }
    assertNotEquals(album.log().id(), counter.log().id());
    for (Mount mount : mounts) {
      String note = get(mount.prefix() + "/checkpoint").body();
      assertTrue(note.startsWith(mount.module().log().genesis().origin() + "\n"), note);
      assertArrayEquals(
          mount.module().log().store().entry(1),
          new HttpLogReader(at(mount.prefix())).entries(1, 2).get(0));
      HttpResponse<String> moved = get(mount.prefix());
      assertEquals(301, moved.statusCode());
      assertEquals(
          "." + mount.prefix() + "/", moved.headers().firstValue("location").orElseThrow());
      assertTrue(get(mount.prefix() + "/").body().contains(mount.module().log().id().hex()));
      String health = get(mount.prefix() + "/health").body();
      assertEquals(mount.module().log().id().hex(), Json.at(health, "log"));
    }
    assertEquals("hello", get("/album/files/f").body());
    assertEquals("./files/", get("/album/files").headers().firstValue("location").orElseThrow());
    assertEquals(404, get("/counter/files/f").statusCode());
    assertEquals(200, get("/album/files/f?proof").statusCode());
    assertEquals("hello", get("/%61lbum/files/f").body());
    String handshake;
    try (Talk talk = Talk.to(URI.create("ws://127.0.0.1:" + service.port() + "/counter"))) {
      handshake = talk.call("handshake", "[]");
    }
    assertEquals(
        "http://127.0.0.1:" + service.port() + "/counter/files/",
        Json.at(handshake, "result", "filesArchiveUrl"));
  }

  @Test
  void theRootListsThem() throws Exception {
    HostedModule album = mount("album", setup("album"));
    mount("counter", setup("counter"));
    start();
    HttpResponse<String> text = get("/");
    assertEquals(
        "text/plain; charset=utf-8", text.headers().firstValue("content-type").orElseThrow());
    String key = album.log().genesis().origin() + "+";
    for (String shown : List.of("\n/album/\n", "\n/counter/\n", album.log().id().hex(), key)) {
      assertTrue(text.body().contains(shown), text.body());
    }
    String json = get("/", "accept", "application/json").body();
    assertEquals(2, ((List<?>) Json.at(json, "modules")).size());
    assertEquals("album", Json.at(json, "modules", 0, "name"));
    assertEquals("/album/", Json.at(json, "modules", 0, "path"));
    assertEquals(album.log().id().hex(), Json.at(json, "modules", 0, "log"));
    assertTrue(((String) Json.at(json, "modules", 0, "key")).startsWith(key), json);
    assertEquals("test.js", Json.at(json, "modules", 0, "script", "main"));
    assertEquals(
        album.log().genesis().script().files().get(0).source().sha256().hex(),
        Json.at(json, "modules", 0, "script", "files", 0, "sha256"));
  }

  @Test
  void whoIsLostIsToldWhereTheyAre() throws Exception {
    mount("album", setup("album"));
    mount("counter", setup("counter"));
    start();
    String where = "; this host serves /album/, /counter/";
    HttpResponse<String> unknown = get("/albun/checkpoint");
    assertEquals(404, unknown.statusCode());
    assertEquals("no module is at /albun/checkpoint" + where + "\n", unknown.body());
    assertEquals(404, get("/files/").statusCode());
    assertEquals(404, get("/album/metrics").statusCode());
    String caller = assertThrows(ClientException.class, () -> client("").close()).getMessage();
    assertTrue(caller.endsWith("status 404: no module is at /" + where), caller);
    UnreachableException reader =
        assertThrows(UnreachableException.class, () -> new HttpLogReader(at("")).checkpoint());
    assertEquals(
        at("") + " does not have /checkpoint: no module is at /checkpoint" + where,
        reader.getMessage());
  }

  @Test
  void oneIsNotSlowedByAnotherThatIsStuck() throws Exception {
    FakeOutside.Blocking stuck = new FakeOutside.Blocking();
    HostedModule album = mount("album", setup("album").outside(stuck).queue(1));
    mount("counter", setup("counter"));
    start();
    try (Client toAlbum = client("/album");
        Client another = client("/album");
        Client third = client("/album");
        Client toCounter = client("/counter")) {
      CompletableFuture<?> held = toAlbum.callAsync(calling("draw"));
      stuck.entered.await();
      assertCounts(toCounter, 0);
      // Its queue is full, and it refuses.
      CompletableFuture<?> waiting = another.callAsync(calling("add"));
      while (album.waiting() < 1) {
        Thread.onSpinWait();
      }
      assertThrows(ClientException.class, () -> third.call("add", "[]"));
      assertCounts(toCounter, CALLS);
      assertEquals(200, get("/counter/files/").statusCode());
      assertEquals(200, get("/ready").statusCode(), "it takes calls, if it has room");
      String metrics = get("/metrics").body();
      for (String line :
          List.of(
              "glasshouse_calls_total{module=\"counter\",outcome=\"ok\"} " + 2.0 * CALLS,
              "glasshouse_calls_total{module=\"album\",outcome=\"ok\"} 0.0",
              // The client asked again.
              "glasshouse_refusals_total{module=\"album\",reason=\"overloaded\"} 4.0",
              "glasshouse_requests_waiting{module=\"album\"} 1.0",
              "glasshouse_requests_waiting{module=\"counter\"} 0.0")) {
        assertTrue(metrics.contains("\n" + line + "\n"), line + " is not in\n" + metrics);
      }
      assertFalse(held.isDone() || waiting.isDone(), "held all the while");
      stuck.letGo.countDown();
      held.join();
      waiting.join();
    } finally {
      stuck.letGo.countDown();
    }
  }

  @Test
  void oneIsReadWhileNobodyCanReadTheOther() throws Exception {
    mount("album", setup("album"));
    mount("counter", setup("counter"));
    Vertx vertx = Vertx.vertx();
    CountDownLatch letGo = new CountDownLatch(1);
    try {
      Mounts both = new Mounts(mounts, ServiceSettings.Access.DEFAULT, vertx);
      WorkerExecutor readers = vertx.createSharedWorkerExecutor("readers of /album");
      for (int i = 0; i < 100; i++) {
        Future<Boolean> unused =
            readers.executeBlocking(() -> letGo.await(1, TimeUnit.MINUTES), false);
      }
      Asked asked = new Asked("/album/checkpoint", null, false, false, false, false);
      CompletableFuture<HttpAnswer> held =
          both.get(asked).toCompletionStage().toCompletableFuture();
      HttpAnswer answer =
          both.get(asked.at("/counter/checkpoint"))
              .toCompletionStage()
              .toCompletableFuture()
              .join();
      assertEquals(200, answer.status());
      assertFalse(held.isDone(), "its readers are all taken");
      letGo.countDown();
      assertEquals(200, held.join().status());
    } finally {
      letGo.countDown();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void oneServesOnWhenAnotherHasFailed() throws Exception {
    FakeOutside.Failing outside = new FakeOutside.Failing();
    HostedModule album = mount("album", setup("album").outside(outside));
    mount("counter", setup("counter"));
    start();
    try (Client toAlbum = client("/album");
        Client toCounter = client("/counter")) {
      // Loading again will not be able to write the checkpoint that it signs.
      Files.createDirectories(dir.resolve("album").resolve("checkpoint.next").resolve("full"));
      outside.failures.set(1);
      assertThrows(ClientException.class, () -> toAlbum.call("draw", "[]"));
      while (album.stopped() == null) {
        Thread.onSpinWait();
      }
      assertCounts(toCounter, 0);
      for (String path : List.of("/health", "/ready")) {
        HttpResponse<String> all = get(path);
        assertEquals(503, all.statusCode());
        String status = (String) Json.at(all.body(), "status");
        assertTrue(status.startsWith("album: the module has stopped"), status);
        assertEquals("ok", Json.at(all.body(), "modules", "counter", "status"));
        assertEquals(503, get("/album" + path).statusCode());
        assertEquals(200, get("/counter" + path).statusCode());
      }
    }
  }

  @Test
  void twoPlacesAreTwo() throws Exception {
    HostedModule module = mount("album", setup("album"));
    List<Mount> twice = List.of(new Mount("a", module), new Mount("a", module));
    List<Mount> rootAndMore = List.of(Mount.atRoot(module), new Mount("a", module));
    Vertx vertx = Vertx.vertx();
    for (List<Mount> wrong : List.of(twice, rootAndMore, List.<Mount>of())) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Mounts(wrong, ServiceSettings.Access.DEFAULT, vertx));
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
    assertNull(module.stopped());
  }
}
