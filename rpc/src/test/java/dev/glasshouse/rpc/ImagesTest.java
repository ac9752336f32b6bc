package dev.glasshouse.rpc;

import static dev.glasshouse.rpc.Calls.awaitSize;
import static dev.glasshouse.rpc.Calls.call;
import static dev.glasshouse.rpc.Calls.kinds;
import static dev.glasshouse.rpc.Calls.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.rpc.client.HttpLogReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When images are taken, and what starts from them. */
@Timeout(60)
class ImagesTest {
  private static final String SCRIPT =
      "console.log('loaded'); let n = 0; let held = [];"
          + "exports.n = () => n;"
          + "exports.add = k => { console.log('add'); return n += k };"
          + "exports.grow = k => { held.push('x'.repeat(k)); return held.length };"
          + "exports.later = ms => { setTimeout(() => { n += 1000 }, ms) };"
          + "exports.random = () => Math.random();"
          + "exports.write = (p, s) => System.files.writeFile(p, s);"
          + "exports.read = p => System.files.readFile(p);";

  @TempDir Path dir;
  private final AtomicLong clock = new AtomicLong(HostSetup.FIRST_TIME);
  private final AtomicInteger lines = new AtomicInteger();
  private final Signer signer = new Signer(1);

  private HostSetup setup(long entries, long seconds) {
    return HostSetup.of(dir, SCRIPT)
        .clock(clock::get)
        .console((level, line) -> lines.incrementAndGet())
        .images(entries, seconds);
  }

  private int linesOfStart(HostSetup setup) throws Exception {
    lines.set(0);
    setup.start().close();
    return lines.get();
  }

  private void add(RunningHost host, int from, int count) {
    for (int n = from; n < from + count; n++) {
      call(host, signer, n, "add", "[1]");
    }
  }

  private static List<Hash> pages(RunningHost host, long index) {
    CallLog log = host.module().log();
    return ((ImageEntry) log.entry(index)).heap().readPages(log.store());
  }

  @Test
  void imageComesAfterSoManyEntriesAndAtAStop() throws Exception {
    try (RunningHost host = setup(3, 0).start()) {
      add(host, 1, 7);
      assertEquals(
          List.of(
              "Genesis", "Call", "Call", "Call", "Image", "Call", "Call", "Call", "Image", "Call"),
          kinds(host));
      assertEquals(List.of(8L, 4L), host.module().log().images());
    }
    assertEquals(0, linesOfStart(setup(3, 0)), "nothing is left to replay");
    assertEquals(0, linesOfStart(setup(3, 0)), "and nothing came since");
    lines.set(0);
    try (RunningHost host = setup(3, 0).start()) {
      assertEquals(11, host.size());
      assertEquals("7", call(host, signer, 8, "n", "[]"));
      assertEquals(List.of(10L, 8L, 4L), host.module().log().images());
    }
  }

  @Test
  void startExecutesOnlyWhatCameAfterTheImage() throws Exception {
    FakeOutside.Failing outside = new FakeOutside.Failing();
    try (RunningHost host = setup(5, 0).outside(outside).start()) {
      call(host, signer, 1, "write", "[\"/f\",\"kept\"]");
      add(host, 2, 4);
      awaitSize(host, 7);
      add(host, 6, 3);
      assertEquals(10, host.size());
      lines.set(0);
      // A failure of the host: everything is loaded again, from entry 6 on.
      outside.failures.set(1);
      CompletableFuture<Answer> failed = submit(host, signer, 9, "random", "[]");
      Calls.assertRefused(dev.glasshouse.calllog.CallRefused.Reason.STOPPED, failed);
      assertEquals("7", call(host, signer, 10, "n", "[]"));
      assertEquals(3, lines.get(), "the entries after the image");
      assertEquals("\"kept\"", call(host, signer, 11, "read", "[\"/f\"]"));
      awaitSize(host, 13);
      assertEquals(
          "Image", kinds(host).get(12), "entries count from the last image on: 3 + 2 more");
    }
  }

  @Test
  void imageComesAfterSomeTimeIfThereWereEntries() throws Exception {
    try (RunningHost host = setup(0, 60).start()) {
      clock.addAndGet(100_000);
      add(host, 1, 2);
      clock.addAndGet(59_999);
      add(host, 3, 1);
      assertEquals(4, host.size());
      clock.addAndGet(1);
      awaitSize(host, 5);
      clock.addAndGet(1_000_000);
      assertEquals("3", call(host, signer, 4, "n", "[]"));
      assertEquals(List.of("Genesis", "Call", "Call", "Call", "Image", "Call"), kinds(host));
    }
  }

  @Test
  void withoutImagesNoneIsLeftBehind() throws Exception {
    try (RunningHost host = setup(0, 0).start()) {
      add(host, 1, 2);
    }
    assertEquals(3, linesOfStart(setup(0, 0)));
    try (RunningHost host = setup(0, 0).start()) {
      assertEquals(List.of("Genesis", "Call", "Call"), kinds(host));
    }
  }

  @Test
  void timersComeBackFromAnImage() throws Exception {
    try (RunningHost host = setup(100, 0).start()) {
      call(host, signer, 1, "later", "[5000]");
    }
    lines.set(0);
    try (RunningHost host = setup(100, 0).start()) {
      assertEquals(HostSetup.FIRST_TIME + 5000, ((ImageEntry) host.module().log().entry(2)).due());
      clock.addAndGet(5000);
      awaitSize(host, 4);
      assertEquals("1000", call(host, signer, 2, "n", "[]"));
      assertEquals(0, lines.get());
    }
  }

  @Test
  void damagedImageIsPassedOverAndMended() throws Exception {
    List<Hash> newest;
    List<Hash> older;
    try (RunningHost host = setup(2, 0).start()) {
      add(host, 1, 2);
      call(host, signer, 3, "grow", "[100000]");
      add(host, 4, 1);
      awaitSize(host, 7);
      assertEquals(List.of(6L, 3L), host.module().log().images());
      newest = new ArrayList<>(pages(host, 6));
      older = new ArrayList<>(pages(host, 3));
    }
    List<Hash> onlyNewest = new ArrayList<>(newest);
    onlyNewest.removeAll(older);
    StoredPages.damage(dir, onlyNewest.get(0));
    assertEquals(1, linesOfStart(setup(0, 0)), "the call after the older image");

    List<Hash> both = new ArrayList<>(newest);
    both.retainAll(older);
    StoredPages.damage(dir, both.get(0));
    assertEquals(4, linesOfStart(setup(0, 0)), "genesis and all calls");

    try (RunningHost host = setup(1, 0).start()) {
      assertEquals("3", call(host, signer, 5, "n", "[]"));
      awaitSize(host, 9);
      assertEquals(List.of(8L, 6L, 3L), host.module().log().images());
    }
    assertEquals(0, linesOfStart(setup(0, 0)), "the image after that is whole");
  }

  @Test
  void oldImagesArePrunedAndTheNewestStay() throws Exception {
    int images = 70;
    try (RunningHost host = setup(1, 0).start()) {
      add(host, 1, images);
    }
    lines.set(0);
    try (RunningHost host = setup(0, 0).start()) {
      CallLog log = host.module().log();
      List<Long> kept = log.images();
      assertTrue(kept.size() <= 64, kept.toString());
      assertEquals(List.of(2L * images, 2L * images - 2), kept.subList(0, 2));
      Set<Hash> pages = new HashSet<>();
      kept.forEach(index -> pages.addAll(pages(host, index)));
      for (Hash page : pages) {
        assertEquals(HeapReference.PAGE_BYTES, log.store().page(page).length);
      }
      assertEquals(0, lines.get());
    }
  }

  @Test
  void imagesArePublished() throws Exception {
    try (RunningHost host = setup(2, 0).start()) {
      HttpLogReader reader = new HttpLogReader(host.address());
      assertEquals(List.of(), reader.images());
      add(host, 1, 4);
      awaitSize(host, 7);
      HttpResponse<byte[]> listing = host.get("/images");
      assertEquals("application/json; charset=utf-8", header(listing, "content-type"));
      assertEquals("max-age=1", header(listing, "cache-control"));
      assertEquals(
          "[{\"index\":6},{\"index\":3}]", new String(listing.body(), StandardCharsets.UTF_8));
      assertEquals(List.of(6L, 3L), reader.images());

      for (Hash page : pages(host, 6)) {
        assertEquals(page, Hash.of(reader.page(page)));
      }
      Hash first = pages(host, 6).get(0);
      HttpResponse<byte[]> response = host.get("/page/" + first.hex());
      assertEquals("application/octet-stream", header(response, "content-type"));
      assertTrue(header(response, "cache-control").contains("immutable"));
      String tag = "\"" + first.hex() + "\"";
      assertEquals(304, host.get("/page/" + first.hex(), "if-none-match", tag).statusCode());
      assertNull(reader.page(Hash.ZERO));
      assertEquals(404, host.get("/page/" + Hash.ZERO.hex()).statusCode());
      assertEquals(400, host.get("/page/" + first.hex().substring(1)).statusCode());
    }
  }

  @Test
  void manyWhoCallAtOnceHaveImagesBetweenThem() throws Exception {
    try (RunningHost host = setup(10, 0).start()) {
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int n = 1; n <= 100; n++) {
        answers.add(submit(host, signer, n, "add", "[1]"));
      }
      assertEquals("100", Calls.value(answers.get(99).join()));
      int images = Collections.frequency(kinds(host), "Image");
      assertTrue(images >= 1 && images <= 10, images + " images");
    }
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }
}
