package dev.glasshouse.vm.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Timers: in their order, in calls that wait for them, in turns of their own, in forks. */
@ExtendWith(OnSandboxThread.class)
class GuestTimersTest {
  private static final long TIME = Guest.TIME;

  @Test
  void callWaitsForItsTimer() {
    try (Guest guest =
        Guest.commonjs(
            "exports.sleep = ms => new Promise(r => setTimeout(r, ms, 'slept'));"
                + "exports.now = async ms => { await exports.sleep(ms);"
                + " return [Date.now(), System.caller.id] }")) {
      assertEquals("w" + (TIME + 50), guest.call("sleep", "50"));
      guest.time = TIME + 49;
      assertEquals("w" + (TIME + 50), guest.turn(Turn.FIRE), "not yet due");
      guest.time = TIME + 60;
      assertEquals("v\"slept\"", guest.turn(Turn.FIRE));
      assertEquals("v[" + (TIME + 65) + ",\"ann\"]", guest.wait("now", "5"));
    }
  }

  @Test
  void loadWaitsForItsTimer() {
    try (Guest guest =
        Guest.module("await new Promise(r => setTimeout(r, 3)); export const f = () => 1")) {
      assertEquals("w" + (TIME + 3), guest.loaded.text());
      guest.time = TIME + 3;
      assertEquals("v[[\"f\",0]]", guest.turn(Turn.FIRE));
      assertEquals("v1", guest.call("f"));
    }
  }

  @Test
  void firstDueThenFirstMade() {
    try (Guest guest =
        Guest.commonjs(
            "const seen = []; const say = x => seen.push(x);"
                + "exports.f = () => { setTimeout(say, 3, 'd'); setTimeout(say, 1, 'b');"
                + " setTimeout(say, 2, 'c'); setImmediate(say, 'a'); setTimeout(say, 3, 'e');"
                + " clearTimeout(setTimeout(say, 1, 'x')); clearImmediate(setImmediate(say, 'x'));"
                + " queueMicrotask(() => say('0'));"
                + " return new Promise(r => setTimeout(() => r(seen), 3)) }")) {
      assertEquals("v[\"0\",\"a\",\"b\",\"c\",\"d\",\"e\"]", guest.wait("f", ""));
    }
  }

  @Test
  void manyTimersInOrder() {
    long seed = 11;
    Random random = new Random(seed);
    StringBuilder source = new StringBuilder("const seen = []; const ids = [];");
    List<Integer> alive = new ArrayList<>();
    int[] due = new int[200];
    for (int i = 0; i < due.length; i++) {
      due[i] = 1 + random.nextInt(20);
      source.append("ids.push(setTimeout(() => seen.push(" + i + "), " + due[i] + "));");
      alive.add(i);
    }
    for (int i = 0; i < 60; i++) {
      int victim = alive.remove(random.nextInt(alive.size()));
      source.append("clearTimeout(ids[" + victim + "]);");
    }
    alive.sort((a, b) -> due[a] == due[b] ? a - b : due[a] - due[b]);
    source.append("exports.f = () => new Promise(r => setTimeout(() => r(seen), 20))");
    try (Guest guest = Guest.commonjs(source.toString())) {
      String expected = "v" + alive.toString().replace(" ", "");
      assertEquals(expected, guest.wait("f", ""), "seed " + seed);
    }
  }

  @Test
  void intervalsFireInTurnsOfTheirOwn() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; const id = setInterval(step => { n += step; console.log(System.caller.id);"
                + " if (n === 6) clearInterval(id) }, 10, 2); exports.n = () => n")) {
      assertEquals("t" + (TIME + 10) + ";v[[\"n\",0]]", guest.loaded.text());
      guest.time = TIME + 12;
      assertEquals("t" + (TIME + 22) + ";vnull", guest.turn(Turn.TIMER));
      assertEquals("t" + (TIME + 22) + ";v2", guest.call("n"));
      guest.time = TIME + 22;
      assertEquals("t" + (TIME + 32) + ";vnull", guest.turn(Turn.TIMER));
      guest.time = TIME + 32;
      assertEquals("vnull", guest.turn(Turn.TIMER));
      assertEquals("v6", guest.call("n"));
      assertEquals("vnull", guest.turn(Turn.TIMER), "nothing is due");
      assertEquals(
          List.of("info module:self", "info module:self", "info module:self"), guest.lines());
    }
  }

  @Test
  void droppedTimersNeverRun() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; exports.start = () => { setInterval(() => n++, 10);"
                + " setTimeout(() => n++, 20) }; exports.n = () => n")) {
      guest.call("start");
      guest.time = TIME + 10;
      assertEquals("t" + (TIME + 20) + ";vnull", guest.turn(Turn.DROP));
      assertEquals("vnull", guest.turn(Turn.DROP));
      assertEquals("vnull", guest.turn(Turn.DROP));
      assertEquals("v0", guest.call("n"));
    }
  }

  @Test
  void failureOfATimerIsItsTurnsOutcome() {
    try (Guest guest =
        Guest.commonjs(
            "exports.sync = () => { setTimeout(() => { throw new RangeError('late') }, 1) };"
                + "exports.async = () => { setTimeout(async () => { await 0; null.x }, 1) };"
                + "exports.pending = () => { setTimeout(() => new Promise(() => {}), 1) }")) {
      guest.call("sync");
      guest.time++;
      assertEquals("e[\"RangeError\",\"late\"]", guest.turn(Turn.TIMER));
      guest.call("async");
      guest.time++;
      assertTrue(guest.turn(Turn.TIMER).startsWith("e[\"TypeError\","));
      guest.call("pending");
      guest.time++;
      assertEquals("vnull", guest.turn(Turn.TIMER));
    }
  }

  @Test
  void failureOfATimerDoesNotFailTheCallThatWaits() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { setTimeout(() => { throw new RangeError('one') }, 1);"
                + " setTimeout(async () => { throw new RangeError('two') }, 2);"
                + " return new Promise(r => setTimeout(r, 3, 'ok')) }")) {
      assertEquals("v\"ok\"", guest.wait("f", ""));
      assertEquals(2, guest.lines().size());
      assertTrue(guest.lines().get(0).startsWith("error a timer failed: RangeError: one\n"));
      assertTrue(guest.lines().get(1).startsWith("error a timer failed: RangeError: two\n"));
    }
  }

  @Test
  void delaysAsInNode() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = d => { const id = setTimeout(() => {}, d); return typeof id };"
                + "exports.odd = () => { setTimeout(() => {}, NaN) };"
                + "exports.none = () => { setTimeout(() => {}) };"
                + "exports.clear = () => { for (const x of [undefined, null, {}, 'x', -1, 1e9,"
                + " '__proto__']) { clearTimeout(x); clearInterval(x); clearImmediate(x) } };"
                + "exports.text = () => clearTimeout(String(setTimeout(() => {}, 1)));"
                + "exports.bad = () => setTimeout('code', 1)")) {
      long[][] delays = {{0, 1}, {-5, 1}, {7, 7}, {2147483647L, 2147483647L}, {2147483648L, 1}};
      for (long[] delay : delays) {
        String answer = guest.call("f", "" + delay[0]);
        assertEquals("t" + (TIME + delay[1]) + ";v\"number\"", answer);
        guest.turn(Turn.DROP);
      }
      assertEquals("t" + (TIME + 2) + ";v\"number\"", guest.call("f", "2.9"));
      guest.turn(Turn.DROP);
      assertEquals("t" + (TIME + 1) + ";vnull", guest.call("odd"));
      guest.turn(Turn.DROP);
      assertEquals("t" + (TIME + 1) + ";vnull", guest.call("none"));
      guest.turn(Turn.DROP);
      assertEquals("vnull", guest.call("clear"));
      assertEquals("vnull", guest.call("text"));
      assertEquals("e[\"TypeError\",\"a timer takes a function, not string\"]", guest.call("bad"));
    }
  }

  @Test
  void outstandingTimersAreBounded() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = n => { for (let i = 0; i < n; i++) setTimeout(() => {}, 5) };"
                + "exports.again = () => setInterval(() => { setTimeout(() => {}, 5) }, 1)")) {
      assertEquals("vnull", Guest.outcome(guest.call("f", "10000")));
      assertEquals(
          "e[\"RangeError\",\"more than 10000 timers are outstanding\"]",
          Guest.outcome(guest.call("f", "1")));
      guest.turn(Turn.DROP);
      assertTrue(Guest.outcome(guest.call("again")).startsWith("v"));
      guest.time++;
      String full = "e[\"RangeError\",\"more than 10000 timers are outstanding\"]";
      assertEquals(full, Guest.outcome(guest.turn(Turn.TIMER)), "the interval keeps its place");
    }
  }

  @Test
  void promiseThatNoTimerCanSettleEndsWithTheLastTimer() {
    try (Guest guest =
        Guest.commonjs(
            "exports.f = () => { setTimeout(() => {}, 1); return new Promise(() => {}) }")) {
      assertTrue(guest.wait("f", "").contains("the promise never settles"));
    }
  }

  @Test
  void timersOfAnEarlierCallFireWhileAnotherWaits() {
    try (Guest guest =
        Guest.commonjs(
            "const seen = []; exports.a = () => { setTimeout(() => seen.push(System.caller.id), 2)"
                + " }; exports.b = async () => { await new Promise(r => setTimeout(r, 5));"
                + " return seen }")) {
      assertEquals("t" + (TIME + 2) + ";vnull", guest.call("a"));
      assertEquals("v[\"module:self\"]", guest.wait("b", ""));
    }
  }

  @Test
  void oracleWaitsByTimersOfItsOwn() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; setTimeout(() => n++, 0); exports.n = () => n; exports.f = () =>"
                + " System.oracle(() => new Promise(r => { setTimeout(() => r([n, 'forked']), 3);"
                + " setInterval(() => n++, 1) }));exports.never = () => System.oracle(() => new"
                + " Promise(r => setTimeout(r, 1e7)))")) {
      assertTrue(guest.loaded.text().startsWith("t" + (TIME + 1) + ";v"), guest.loaded.text());
      String answer = Guest.outcome(guest.call("f"));
      assertTrue(answer.matches("v\\[\\d+,\"forked\"\\]"), answer);
      long waits = guest.asked.stream().filter(a -> a.op() == HostOp.WAIT).count();
      assertTrue(waits > 0, "it asked to wait");
      assertEquals("t" + (TIME + 1) + ";v0", guest.call("n"), "the module's own timer did not run");
      guest.waitReply = HostReply.error("TimeoutError", "long enough");
      assertTrue(Guest.outcome(guest.call("never")).startsWith("e["));
    }
  }

  @Test
  void timersAreInTheImage() {
    try (Guest guest =
        Guest.commonjs(
            "let n = 0; exports.start = () => { setTimeout(() => n++, 10) }; exports.n = () =>"
                + " n")) {
      guest.call("start");
      HeapImage image = guest.sandbox.image();
      guest.turn(Turn.DROP);
      assertEquals("v0", guest.call("n"));
      guest.sandbox.restore(image);
      guest.time = TIME + 10;
      assertEquals("vnull", guest.turn(Turn.TIMER));
      assertEquals("v1", guest.call("n"));
    }
  }
}
