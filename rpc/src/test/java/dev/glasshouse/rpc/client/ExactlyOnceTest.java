package dev.glasshouse.rpc.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.rpc.HostSetup;
import dev.glasshouse.rpc.RunningHost;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call whose connection is cut, wherever that is, is executed once and has one receipt. */
@Timeout(120)
class ExactlyOnceTest {
  private static final String SCRIPT = "let n = 0; exports.add = k => n += k;";
  private static final List<MethodCall> ADD = List.of(new MethodCall("add", "[1]"));

  // A call has some 520 bytes on its way there, and some 1,600 on its way back.
  private static final int STEP_THERE = 40;
  private static final int STEP_BACK = 120;

  @TempDir Path dir;
  private ProxiedHost proxied;
  private RunningHost host;
  private Proxy proxy;
  private Client client;
  private long made;

  @BeforeEach
  void start() throws Exception {
    proxied = ProxiedHost.start(HostSetup.of(dir.resolve("host"), SCRIPT), dir.resolve("home"));
    host = proxied.host();
    proxy = proxied.proxy();
    client = proxied.client();
  }

  @AfterEach
  void stop() {
    proxied.close();
  }

  @Test
  void cutOnTheWayThere() {
    assertTrue(cutEverywhere(network -> network.leftToHost, STEP_THERE) > 10);
  }

  @Test
  void cutOnTheWayBack() {
    assertTrue(cutEverywhere(network -> network.leftToClient, STEP_BACK) > 10);
  }

  // Cuts later each time, until a call gets through; gives how often that was.
  private int cutEverywhere(Function<Proxy, AtomicLong> direction, int step) {
    call();
    for (int cuts = 0; ; cuts++) {
      int connections = proxy.connections.get();
      direction.apply(proxy).set((long) cuts * step + cuts % step);
      call();
      direction.apply(proxy).set(Long.MAX_VALUE);
      if (proxy.connections.get() == connections) {
        return cuts;
      }
    }
  }

  private void call() {
    Receipt receipt = client.callForReceipt(ADD);
    made++;
    assertEquals(made + 1, host.size(), "once in the log");
    assertArrayEquals(host.module().log().store().entry(made), receipt.entry());
    CallEntry entry = (CallEntry) host.module().log().entry(receipt.index());
    Outcome.Ok outcome = (Outcome.Ok) entry.outcomes().get(0);
    assertEquals(String.valueOf(made), outcome.value().read(host.module().log().store()));
  }
}
