package dev.glasshouse.rpc;

import static dev.glasshouse.rpc.Calls.awaitSize;
import static dev.glasshouse.rpc.Calls.call;
import static dev.glasshouse.rpc.Calls.kinds;
import static dev.glasshouse.rpc.Calls.submit;
import static dev.glasshouse.rpc.Calls.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallRefused.Reason;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.vm.sandbox.AbortedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Timers of a module: in calls that wait for them, and in entries of their own. */
@Timeout(60)
class TimersTest {
  private static final String SCRIPT =
      "let n = 0; let timer;"
          + "const sleep = ms => new Promise(go => setTimeout(go, ms));"
          + "exports.n = () => n;"
          + "exports.add = k => n += k;"
          + "exports.sleep = async ms => { await sleep(ms); return Date.now() };"
          + "exports.later = ms => { setTimeout(() => { n++ }, ms) };"
          + "exports.throwLater = ms => { setTimeout(() => { throw new TypeError('late') }, ms) };"
          + "exports.spinLater = ms => { setTimeout(() => { n = -1; for (;;) {} }, ms) };"
          + "exports.randomLater = ms => { setTimeout(() => { n++; Math.random() }, ms) };"
          + "exports.every = ms => { timer = setInterval(() => { n++ }, ms) };"
          + "exports.stop = () => clearInterval(timer);"
          + "exports.random = () => Math.random();";

  @TempDir Path dir;
  private final AtomicLong clock = new AtomicLong(HostSetup.FIRST_TIME);
  private final Signer signer = new Signer(1);

  private HostSetup setup() {
    return HostSetup.of(dir, SCRIPT).clock(clock::get);
  }

  @Test
  void callThatWaitsForATimerAnswersWhenItWasDue() throws Exception {
    byte[] entry;
    try (RunningHost host = setup().start()) {
      assertEquals(
          String.valueOf(HostSetup.FIRST_TIME + 5000), call(host, signer, 1, "sleep", "[5000]"));
      CallEntry logged = (CallEntry) host.module().log().entry(1);
      assertEquals(HostSetup.FIRST_TIME, logged.time());
      assertEquals(List.of(Input.TIMER), logged.inputs().stream().map(Input::kind).toList());
      // The host's clock is still behind what the guest has seen; no time goes back.
      call(host, signer, 2, "n", "[]");
      assertEquals(HostSetup.FIRST_TIME + 5000, host.module().log().entry(2).time());
      entry = host.module().log().store().entry(1);
    }
    try (RunningHost host = setup().start()) {
      assertEquals(3, host.size(), "it replays to the same bytes");
      assertEquals(entry.length, host.module().log().store().entry(1).length);
      call(host, signer, 3, "n", "[]");
      assertEquals(HostSetup.FIRST_TIME + 5000, host.module().log().entry(3).time());
    }
  }

  @Test
  void callThatWaitsForTooLongIsTold() throws Exception {
    try (RunningHost host = setup().start()) {
      Answer answer = submit(host, signer, 1, "sleep", "[10001]").join();
      assertEquals("TimeoutError", ((Outcome.Thrown) answer.outcomes().get(0)).name());
    }
  }

  @Test
  void timerRunsInAnEntryOfItsOwn() throws Exception {
    try (RunningHost host = setup().start()) {
      call(host, signer, 1, "later", "[30]");
      call(host, signer, 2, "throwLater", "[1]");
      clock.addAndGet(1);
      awaitSize(host, 4);
      clock.addAndGet(29);
      awaitSize(host, 5);
      assertEquals(List.of("Genesis", "Call", "Call", "Timer", "Timer"), kinds(host));
      TimerEntry thrown = (TimerEntry) host.module().log().entry(3);
      assertEquals("TypeError", ((Outcome.Thrown) thrown.outcome()).name());
      TimerEntry timer = (TimerEntry) host.module().log().entry(4);
      assertTrue(timer.outcome() instanceof Outcome.Ok, timer.toString());
      assertEquals(HostSetup.FIRST_TIME + 30, timer.time());
      assertEquals("1", call(host, signer, 3, "n", "[]"));
    }
    try (RunningHost host = setup().start()) {
      assertEquals("1", call(host, signer, 4, "n", "[]"));
      assertEquals(7, host.size());
    }
  }

  @Test
  void timerThatRunsOutOfFuelIsUndoneAndForgotten() throws Exception {
    HostSetup setup = setup().limits(dev.glasshouse.calllog.Limits.DEFAULT.withFuel(3));
    try (RunningHost host = setup.start()) {
      call(host, signer, 1, "spinLater", "[10]");
      clock.addAndGet(10);
      awaitSize(host, 3);
      TimerEntry timer = (TimerEntry) host.module().log().entry(2);
      assertEquals("fuel", ((Outcome.Trapped) timer.outcome()).limit());
      assertEquals("0", call(host, signer, 2, "n", "[]"));
      assertEquals(4, host.size());
    }
  }

  @Test
  void timersOutliveARestartAndRunOnceEachWhenTheyAreLate() throws Exception {
    try (RunningHost host = setup().start()) {
      call(host, signer, 1, "later", "[60000]");
      call(host, signer, 2, "later", "[70000]");
      call(host, signer, 3, "every", "[10000]");
    }
    clock.addAndGet(600_000);
    try (RunningHost host = setup().start()) {
      awaitSize(host, 7);
      assertEquals("3", call(host, signer, 4, "n", "[]"), "the interval has run once");
      assertEquals(
          List.of("Genesis", "Call", "Call", "Call", "Timer", "Timer", "Timer", "Call"),
          kinds(host));
      clock.addAndGet(10_000);
      awaitSize(host, 9);
      call(host, signer, 5, "stop", "[]");
      clock.addAndGet(100_000);
      assertEquals("4", call(host, signer, 6, "n", "[]"));
      assertEquals(11, host.size());
    }
  }

  @Test
  void manyTimersLetCallersInBetween() throws Exception {
    FakeOutside.Blocking outside = new FakeOutside.Blocking();
    int timers = 2 * Sequencer.MAX_TIMERS + 5;
    try (RunningHost host = setup().outside(outside).start()) {
      for (int n = 1; n <= timers; n++) {
        call(host, signer, n, "later", "[100]");
      }
      CompletableFuture<Answer> blocked = submit(host, signer, timers + 1, "random", "[]");
      outside.entered.await();
      CompletableFuture<Answer> waiting = submit(host, signer, timers + 2, "add", "[1000]");
      clock.addAndGet(100);
      outside.letGo.countDown();
      blocked.join();
      assertEquals(String.valueOf(1000 + Sequencer.MAX_TIMERS), value(waiting.join()));
      awaitSize(host, 1 + timers + 2 + timers);
      List<String> expected = new ArrayList<>(List.of("Genesis"));
      expected.addAll(Collections.nCopies(timers + 1, "Call"));
      expected.addAll(Collections.nCopies(Sequencer.MAX_TIMERS, "Timer"));
      expected.add("Call");
      expected.addAll(Collections.nCopies(timers - Sequencer.MAX_TIMERS, "Timer"));
      assertEquals(expected, kinds(host));
    }
  }

  @Test
  void callersDoNotStarveTimers() throws Exception {
    try (RunningHost host = setup().start()) {
      call(host, signer, 1, "every", "[1]");
      for (int n = 2; n <= 20; n++) {
        clock.incrementAndGet();
        call(host, signer, n, "n", "[]");
      }
      assertTrue(Collections.frequency(kinds(host), "Timer") >= 19, kinds(host).toString());
    }
  }

  @Test
  void hostThatFailsWithATimerStillServesCallers() throws Exception {
    FakeOutside.Failing outside = new FakeOutside.Failing();
    try (RunningHost host = setup().outside(outside).start()) {
      outside.failures.set(1);
      call(host, signer, 1, "randomLater", "[1]");
      clock.incrementAndGet();
      while (outside.failures.get() > 0) {
        Thread.onSpinWait();
      }
      // Loaded again; the timer is still there and has to wait.
      assertEquals("0", call(host, signer, 2, "n", "[]"));
      awaitSize(host, 4);
      assertEquals(List.of("Genesis", "Call", "Call", "Timer"), kinds(host));
      assertEquals("1", call(host, signer, 3, "n", "[]"));
    }
  }

  @Test
  void callThatWaitsWhileTheHostStopsIsRefusedAndCanBeMadeAgain() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    FakeOutside outside =
        new FakeOutside() {
          @Override
          public long waitUntil(long due) {
            waits.countDown();
            try {
              stopped.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            throw new AbortedException();
          }
        };
    String request;
    RunningHost host = setup().outside(outside).start();
    call(host, signer, 1, "add", "[5]");
    request = signer.request(host.module().log().id(), 2, "sleep", "[1000]");
    CompletableFuture<Answer> waiting = submit(host, signer, request);
    waits.await();
    CompletableFuture<Answer> behind = submit(host, signer, 3, "n", "[]");
    Thread closing = new Thread(host::close);
    closing.start();
    while (host.module().stopped() == null) {
      Thread.onSpinWait();
    }
    stopped.countDown();
    closing.join();
    Calls.assertRefused(Reason.STOPPED, waiting);
    assertEquals("5", value(behind.join()));
    try (RunningHost again = setup().start()) {
      assertEquals(3, again.size());
      Calls.assertRefused(Reason.USED_NUMBER, submit(again, signer, request));
      assertEquals(
          String.valueOf(HostSetup.FIRST_TIME + 1000), call(again, signer, 4, "sleep", "[1000]"));
    }
  }

  @Test
  void webOutsideWaitsAndLetsGo() throws Exception {
    WebOutside outside = new WebOutside(new java.security.SecureRandom());
    long due = System.currentTimeMillis() + 20;
    assertTrue(outside.waitUntil(due) >= due);
    assertTrue(outside.waitUntil(0) >= due, "what has passed is not waited for");
    CompletableFuture<Long> waiting =
        CompletableFuture.supplyAsync(() -> outside.waitUntil(Long.MAX_VALUE));
    outside.close();
    assertTrue(
        assertThrows(java.util.concurrent.ExecutionException.class, waiting::get).getCause()
            instanceof AbortedException);
  }
}
