package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ends of turns from outside. */
@ExtendWith(OnSandboxThread.class)
class SandboxInterruptTest {
  // For the engines' classes after each other; its thread is a daemon.
  private static final Timer TIMER = new Timer(true);

  /** Native loops: they burn no fuel. */
  private static final String SOURCE =
      "let n = 0; exports.up = () => ++n; exports.search = () => { n = 100; return"
          + " Array(1000).fill(2n ** 1000000n).join() };exports.big = () => { n = 100; let x ="
          + " 3n ** 400000n; for (;;) x = x * x % (x - 1n) };exports.inside = () =>"
          + " System.oracle(() => Array(1000).fill(2n ** 1000000n).join());exports.ask = () =>"
          + " { console.log('x'); return Array(1000).fill(2n ** 1000000n).join() }";

  private static void interruptSoon(Sandbox sandbox) {
    TIMER.schedule(
        new TimerTask() {
          @Override
          public void run() {
            sandbox.interrupt();
          }
        },
        100);
  }

  @Test
  void nativeLoopsEnd() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      guest.call("up");
      guest.sandbox.mark(0);
      Hash before = guest.memoryHash();
      for (String method : new String[] {"search", "big", "inside"}) {
        interruptSoon(guest.sandbox);
        assertThrows(AbortedException.class, () -> guest.call(method), method);
        assertFalse(Thread.currentThread().isInterrupted(), method);
        assertThrows(SandboxFailure.class, () -> guest.call("up"), "it must be rewound first");
        guest.sandbox.rewind(0);
        assertEquals(before, guest.memoryHash(), method);
      }
      assertEquals("v2", guest.call("up"));
    }
  }

  @Test
  void interruptBetweenTurnsHasNoEffect() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      guest.sandbox.interrupt();
      assertEquals("v1", guest.call("up"));
      guest.sandbox.interrupt();
      guest.sandbox.interrupt();
      assertEquals("v2", guest.call("up"));
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  // What the host does meanwhile may be input or output, which an interrupted thread breaks.
  @Test
  void hostIsNotInterruptedButTheGuestAfterIt() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      guest.sandbox.mark(1);
      AtomicBoolean reached = new AtomicBoolean();
      HostCalls host =
          (op, text, body, fork) -> {
            guest.sandbox.interrupt();
            assertFalse(Thread.currentThread().isInterrupted());
            reached.set(true);
            return HostReply.NONE;
          };
      assertThrows(
          AbortedException.class,
          () -> guest.sandbox.run(Turn.call("ask", "ann", "[]"), Guest.TIME, Guest.FUEL, host));
      assertTrue(reached.get());
      assertFalse(Thread.currentThread().isInterrupted());
      guest.sandbox.rewind(1);
      assertEquals("v1", guest.call("up"));
    }
  }

  @Test
  void progressIsWhatAllTurnsUsed() {
    try (Guest guest = Guest.commonjs("exports.f = () => { for (let i = 0; i < 3e4; i++); }")) {
      int before = guest.sandbox.progress();
      long used = guest.reply("f", "").fuel();
      assertTrue(used > 1, "" + used);
      assertEquals(used, guest.sandbox.progress() - before);
    }
  }
}
