package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.glasshouse.calllog.Hash;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The guest's memory, taken out and put back. */
@ExtendWith(OnSandboxThread.class)
class SandboxImageTest {
  private static final String SOURCE =
      "let n = 0, big = []; const wait = [];exports.inc = by => { n += by; return n }; exports.n ="
          + " () => n;exports.grow = k => { for (let i = 0; i < k; i++) big.push({ i, s: 'x' + i"
          + " }); return big.length };exports.shrink = () => { big = big.slice(0, 3); return"
          + " big.length };exports.random = () => Math.random(); exports.now = () =>"
          + " Date.now();exports.oracle = () => System.oracle(() => { n = -1; return 5"
          + " });exports.wait = () => new Promise(f => wait.push(f));exports.wake = () => { const k"
          + " = wait.length; for (const f of wait) f(n++); wait.length = 0; return k };exports.fail"
          + " = () => { throw new Error('n is ' + n) };exports.sort = () => big.map(o =>"
          + " o.s).sort().slice(0, 2);exports.deep = () => { const f = () => f(); try { f() } catch"
          + " (e) { return e.name } };";

  private static String step(Guest guest, Random random) {
    String[] methods = {
      "inc", "n", "grow", "shrink", "random", "now", "oracle", "wait", "wake", "fail", "sort",
      "deep",
    };
    return guest.call(methods[random.nextInt(methods.length)], "" + random.nextInt(300));
  }

  @Test
  void sameCallsGiveTheSameMemory() {
    long seed = 11;
    try (Guest one = Guest.commonjs(SOURCE);
        Guest two = Guest.commonjs(SOURCE)) {
      assertEquals(one.memoryHash(), two.memoryHash());
      Random first = new Random(seed);
      Random second = new Random(seed);
      for (int i = 0; i < 100; i++) {
        assertEquals(step(one, first), step(two, second), "seed " + seed + ", step " + i);
      }
      assertEquals(one.memoryHash(), two.memoryHash(), "seed " + seed);
      one.call("inc", "1");
      assertNotEquals(one.memoryHash(), two.memoryHash());
    }
  }

  @Test
  void restoredGuestGoesOnAsTheOriginal() {
    long seed = 12;
    try (Guest one = Guest.commonjs(SOURCE);
        Guest two = Guest.commonjs("exports.other = () => 1")) {
      Random random = new Random(seed);
      for (int i = 0; i < 40; i++) {
        step(one, random);
      }
      two.sandbox.restore(one.sandbox.image());
      assertEquals(one.memoryHash(), two.memoryHash());
      Random first = new Random(seed + 1);
      Random second = new Random(seed + 1);
      one.asked.clear();
      two.asked.clear();
      for (int i = 0; i < 60; i++) {
        String expected = step(one, first);
        String actual = step(two, second);
        // Each test host counts its own entropy.
        if (!expected.contains("0.")) {
          assertEquals(expected, actual, "seed " + seed + ", step " + i);
        }
      }
      assertEquals(one.call("n"), two.call("n"));
    }
  }

  @Test
  void rewoundGuestIsAsItWasMarked() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      guest.call("inc", "5");
      guest.call("grow", "100");
      assertEquals(guest.sandbox.image().memory().length, guest.sandbox.mark(0));
      Hash marked = guest.memoryHash();
      for (int repeat = 0; repeat < 3; repeat++) {
        guest.call("grow", "20000");
        guest.call("wait");
        assertNotEquals(marked, guest.memoryHash());
        guest.sandbox.rewind(0);
        assertEquals(marked, guest.memoryHash());
      }
      assertEquals("v5", guest.call("n"));
      assertEquals("v101", guest.call("grow", "1"));
    }
  }

  @Test
  void markIsNotMovedByCallsOrRewinds() {
    try (Guest guest = Guest.commonjs(SOURCE)) {
      guest.sandbox.mark(0);
      guest.call("inc", "1");
      guest.sandbox.rewind(0);
      guest.call("inc", "10");
      guest.sandbox.rewind(0);
      assertEquals("v0", guest.call("n"));
      guest.call("inc", "2");
      guest.sandbox.mark(0);
      guest.call("inc", "2");
      guest.sandbox.rewind(0);
      assertEquals("v2", guest.call("n"));
    }
  }
}
