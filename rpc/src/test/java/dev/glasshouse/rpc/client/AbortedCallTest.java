package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client makes of a request that the host's watchdog ended. */
@Timeout(60)
class AbortedCallTest {
  private static final String SCRIPT =
      "let n = 0; exports.add = k => n += k;"
          + "exports.hang = () => { n = -1; Array(1000).fill(2n ** 1000000n).join() };";

  @TempDir Path dir;
  private ProxiedHost proxied;
  private RunningHost host;
  private Proxy proxy;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    proxied =
        ProxiedHost.start(
            HostSetup.of(dir.resolve("host"), SCRIPT).watchdog(200), dir.resolve("home"));
    host = proxied.host();
    proxy = proxied.proxy();
    client = proxied.client();
  }

  @AfterEach
  void stop() {
    proxied.close();
  }

  @Test
  void hasANameOfItsOwn() {
    assertEquals("1", client.call("add", "[1]").value());
    List<CallResult> results =
        client.call(List.of(new MethodCall("add", "[1]"), new MethodCall("hang", "[]")));
    assertEquals(List.of(CallResult.ABORTED, CallResult.ABORTED), results);
    String line = results.get(1).failureLine();
    assertTrue(line.contains("watchdog") && line.contains("nothing was changed"), line);
    assertEquals("1", client.call("add", "[0]").value());
  }

  @Test
  void endsNoCallThatOnlySharedItsRequest() {
    List<CompletableFuture<List<CallResult>>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      MethodCall call = i == 7 ? new MethodCall("hang", "[]") : new MethodCall("add", "[1]");
      answers.add(client.callAsync(List.of(call)));
    }
    for (int i = 0; i < 12; i++) {
      assertEquals(i == 7, answers.get(i).join().get(0).isAborted(), "call " + i);
    }
    assertEquals("11", client.call("add", "[0]").value(), "each was made once");
  }

  @Test
  void lostAnswerIsAskedForAgain() {
    proxy.toClient = Proxy.cutting("\"receipt\"", 2);
    assertTrue(client.call("hang", "[]").isAborted());
    assertEquals("1", client.call("add", "[1]").value());
    assertEquals(3, host.size());
  }

  @Test
  void isBelievedOnlyWithItsEntry() {
    proxy.toClient = Proxy.replacing("\"abort\":\"watchdog\"", "\"ok\":\"\\\"watchdo\\\"\"");
    assertThrows(CaughtHostException.class, () -> client.call("hang", "[]"));
    assertEquals("1", client.call("add", "[1]").value());
    // And a call that was executed cannot be passed off as one that was ended.
    proxy.toClient = Proxy.replacing("\"ok\":\"2\"", "\"xx\":\"2\"");
    assertThrows(CaughtHostException.class, () -> client.call("add", "[1]"));
  }
}
