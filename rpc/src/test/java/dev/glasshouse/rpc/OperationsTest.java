package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host says of itself over HTTP, while it serves and while it stops. */
@Timeout(60)
final class OperationsTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-z_0-9]+(\\{([a-z_]+=\"[^\"]*\",?)+})? (-?[0-9.]+(E-?[0-9]+)?|NaN|\\+Inf)");
  private static final String SCRIPT =
      """
      exports.add = (a, b) => a + b
      exports.fail = () => { throw new Error('no') }
      exports.draw = () => crypto.getRandomValues(new Uint8Array(1))[0]
      """;

  @TempDir private Path dir;

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String metrics(RunningHost host) throws Exception {
    HttpResponse<byte[]> response = host.get("/metrics");
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("content-type").orElseThrow());
    return text(response);
  }

  private static double value(String metrics, String name) {
    String line =
        metrics
            .lines()
            .filter(each -> each.startsWith(name + " "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(name + " is not in\n" + metrics));
    return Double.parseDouble(line.substring(name.length() + 1));
  }

  private static String call(Talk talk, Signer signer, Hash log, long n, String method) {
    return talk.call("rpc.call", signer.params(signer.request(log, n, method, "[1, 2]")));
  }

  @Test
  void metersSayWhatHappened() throws Exception {
    try (RunningHost host = HostSetup.of(dir, SCRIPT).images(3, 0).start();
        Talk talk = Talk.to(host)) {
      Hash log = host.module().log().id();
      Signer signer = new Signer(1);
      call(talk, signer, log, 1, "add");
      call(talk, signer, log, 2, "fail");
      call(talk, signer, log, 3, "add");
      call(talk, signer, log, 2, "add");
      talk.call("rpc.call", signer.params(signer.request(log, 4, "add", "[]"), "short"));
      String metrics = metrics(host);
      for (String line : metrics.lines().filter(each -> !each.startsWith("#")).toList()) {
        assertTrue(SAMPLE.matcher(line).matches(), line);
      }
      assertEquals(2, value(metrics, "glasshouse_calls_total{module=\"Test\",outcome=\"ok\"}"));
      assertEquals(1, value(metrics, "glasshouse_calls_total{module=\"Test\",outcome=\"thrown\"}"));
      String refusals = "glasshouse_refusals_total{module=\"Test\",reason=";
      assertEquals(1, value(metrics, refusals + "\"used_number\"}"));
      assertEquals(1, value(metrics, refusals + "\"bad_signature\"}"));
      assertEquals(3, value(metrics, "glasshouse_execute_seconds_count{module=\"Test\"}"));
      assertEquals(3, value(metrics, "glasshouse_lock_wait_seconds_count{module=\"Test\"}"));
      assertEquals(1, value(metrics, "glasshouse_ready{module=\"Test\"}"));
      // The image is taken after the third call, and need not be durable yet.
      assertTrue(value(metrics, "glasshouse_log_entries{module=\"Test\"}") >= 4);
      assertTrue(value(metrics, "glasshouse_checkpoint_entries{module=\"Test\"}") >= 4);
      assertTrue(value(metrics, "glasshouse_connections") >= 2);
      assertTrue(metrics.contains("jvm_memory_used_bytes{area=\"heap\""), metrics);
    }
    try (RunningHost host = HostSetup.of(dir, SCRIPT).images(3, 0).start()) {
      String again = metrics(host);
      double heap = value(again, "glasshouse_guest_heap_bytes{module=\"Test\"}");
      assertTrue(heap > 65_536 && heap % 65_536 == 0, "the heap of the image: " + heap);
      double at = HostSetup.FIRST_TIME / 1000.0;
      assertEquals(
          at, value(again, "glasshouse_image_timestamp_seconds{module=\"Test\"}"), 1, "its time");
    }
  }

  @Test
  void whileItStopsItIsWellAndNotReady() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    try (RunningHost host = HostSetup.of(dir, SCRIPT).outside(outside).start();
        Talk first = Talk.to(host);
        Talk second = Talk.to(host)) {
      Hash log = host.module().log().id();
      assertEquals(200, host.get("/ready").statusCode());
      Signer signer = new Signer(1);
      first.send(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.call\",\"params\":"
              + signer.params(signer.request(log, 1, "draw", "[]"))
              + "}");
      outside.entered.await();
      host.module().end();
      HttpResponse<byte[]> ready = host.get("/ready");
      assertEquals(503, ready.statusCode());
      assertEquals("the host is shutting down", Json.at(text(ready), "status"));
      assertEquals(200, host.get("/health").statusCode(), "it does what it should");
      assertEquals(
          0, value(metrics(host), "glasshouse_ready{module=\"Test\"}"), "and its meter says so");
      String refused = call(second, new Signer(2), log, 1, "add");
      assertEquals(-32010L, Json.at(refused, "error", "code"), refused);
      outside.letGo.countDown();
      host.module().finish();
      String answer = first.next();
      assertNull(Json.at(answer, "error"), "what was let in is answered: " + answer);
      assertEquals(2, host.size());
      assertEquals(200, host.get("/checkpoint").statusCode(), "the log can be read yet");
    }
  }
}
