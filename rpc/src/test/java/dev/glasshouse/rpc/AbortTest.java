package dev.glasshouse.rpc;

import static dev.glasshouse.rpc.Calls.awaitSize;
import static dev.glasshouse.rpc.Calls.call;
import static dev.glasshouse.rpc.Calls.kinds;
import static dev.glasshouse.rpc.Calls.submit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.TreeHead;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Turns that the watchdog ends: loops inside the interpreter, which use no fuel. */
@Timeout(60)
class AbortTest {
  private static final String SCRIPT =
      "let n = 0;"
          // Digits of a huge number, a thousand times: natively, and so without using any fuel.
          + "const hang = () => { n = -1; Array(1000).fill(2n ** 1000000n).join() };"
          + "exports.n = () => n;"
          + "exports.add = k => n += k;"
          + "exports.hang = async () => { await System.files.writeFile('/f', 'x'); hang() };"
          + "exports.hangLater = ms => { setTimeout(hang, ms) };";

  @TempDir Path dir;
  private final Signer signer = new Signer(1);

  private HostSetup setup() {
    return HostSetup.of(dir, SCRIPT).watchdog(200);
  }

  @Test
  void abortedRequestIsLoggedAndChangesNothing() throws Exception {
    byte[] receipt;
    String request;
    try (RunningHost host = setup().start()) {
      call(host, signer, 1, "add", "[7]");
      request =
          signer.request(
              host.module().log().id(),
              2,
              TreeHead.EMPTY,
              new MethodCall("add", "[1]"),
              new MethodCall("hang", "[]"));
      // The second waits behind the first, and may be in its batch or after it.
      CompletableFuture<Answer> aborted = submit(host, signer, request);
      CompletableFuture<Answer> again = submit(host, signer, request);
      assertTrue(aborted.join().isAborted());
      receipt = aborted.join().receipt().format();
      assertArrayEquals(receipt, again.join().receipt().format());
      assertTrue(again.join().isAborted());
      String json = aborted.join().toJson();
      assertEquals(2, aborted.join().receipt().index());
      assertEquals(3, host.size());
      assertEquals("watchdog", Json.at(json, "results", 1, "abort"), json);

      AbortEntry entry = (AbortEntry) host.module().log().entry(2);
      assertFalse(entry.ofTimer());
      assertEquals(request, entry.request().read(host.module().log().store()));
      assertEquals(host.module().log().entry(1).root(), entry.root(), "its file is not there");
      assertEquals("7", call(host, signer, 3, "n", "[]"));
      Calls.assertRefused(Reason.USED_NUMBER, submit(host, signer, 2, "n", "[]"));
    }
    try (RunningHost host = setup().start()) {
      assertArrayEquals(receipt, submit(host, signer, request).join().receipt().format());
      assertEquals("7", call(host, signer, 4, "n", "[]"));
      assertEquals(5, host.size());
    }
  }

  @Test
  void abortedTimerIsForgotten() throws Exception {
    try (RunningHost host = setup().start()) {
      call(host, signer, 1, "hangLater", "[1]");
      awaitSize(host, 3);
      assertTrue(((AbortEntry) host.module().log().entry(2)).ofTimer());
      assertEquals("0", call(host, signer, 2, "n", "[]"));
    }
    try (RunningHost host = setup().start()) {
      assertEquals("0", call(host, signer, 3, "n", "[]"));
      assertEquals(List.of("Genesis", "Call", "Abort", "Call", "Call"), kinds(host));
    }
  }

  @Test
  void plainCallerIsToldByName() throws Exception {
    try (RunningHost host = setup().in(dir.resolve("debug")).debug().start();
        Talk talk = Talk.to(host)) {
      String answer = talk.call("hang", "[]");
      assertEquals("AbortedError", Json.at(answer, "error", "data", "name"), answer);
      assertTrue(answer.contains("nothing was changed"), answer);
      assertEquals(0L, Json.at(talk.call("n", "[]"), "result"));
    }
  }

  @Test
  void scriptThatHangsWhenItLoadsIsAnError() {
    HostSetup hanging = HostSetup.of(dir, SCRIPT + "hang()").watchdog(200);
    String message =
        assertThrows(dev.glasshouse.vm.ScriptException.class, hanging::start).getMessage();
    assertTrue(message.contains("ran out of time"), message);
  }
}
