package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.vm.sandbox.Script;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The module that is simulated: its script, calls of it, and what they must come to, one after
 * another as the log has them. It counts in memory and in files; some calls loop without an end,
 * wait, or run out of what they are given.
 */
final class CountsModule {
  /** What the guest says on its console when it goes on to loop, before the milliseconds. */
  static final String LOOPS = "loops for ";

  /** Milliseconds after which a loop is ended. */
  static final int WATCHDOG_MILLIS = 100;

  // The watchdog looks four times within its limit, and this thread is not the only one.
  private static final int SURELY_SHORT = WATCHDOG_MILLIS / 2;
  private static final int SURELY_LONG = 2 * WATCHDOG_MILLIS;

  private static final int[] LOOP_MILLIS = {10, 30, 250, 1_000};
  private static final long FUEL = 6;
  private static final long HEAP_BYTES = 4 << 20;

  private static final String SOURCE =
      """
      const counts = {}
      let rung = 0
      const count = (who, k) => counts[who] = (counts[who] || 0) + k
      const keep = async who => {
        const n = ((await System.files.readFile('/' + who, 'json')) || 0) + 1
        await System.files.writeFile('/' + who, n)
        return n
      }
      const loop = ms => console.log('loops for ' + ms)
      exports.add = (who, k) => count(who, k)
      exports.keep = keep
      exports.later = (who, ms) => { setTimeout(() => { rung++ }, ms); return 0 }
      exports.loopLater = (who, ms, k) => { setTimeout(() => { rung++; loop(k) }, ms); return 0 }
      exports.rung = () => rung
      exports.fail = who => { throw new Error('no') }
      exports.loop = async (who, k, ms) => {
        await keep(who)
        const n = count(who, k)
        loop(ms)
        return n
      }
      exports.wait = async (who, k, ms) => {
        const n = count(who, k)
        await new Promise(resolve => setTimeout(resolve, ms))
        return n
      }
      exports.burn = async (who, k) => { await keep(who); count(who, k); for (;;) {} }
      exports.fill = async (who, k) => {
        await keep(who)
        count(who, k)
        const all = []
        for (;;) all.push(new ArrayBuffer(65536))
      }
      """;

  /** The script. */
  static final Script SCRIPT = new Script("counts.js", Script.Kind.COMMONJS, SOURCE);

  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, Long> files = new HashMap<>();
  private long rings;
  private boolean loopsLater;

  /** The limits of its log: small ones, for what runs out soon. */
  static Limits limits(Limits given) {
    return new Limits(
        FUEL,
        HEAP_BYTES,
        given.stack(),
        given.request(),
        given.result(),
        given.file(),
        given.written(),
        given.waiting(),
        WATCHDOG_MILLIS);
  }

  /**
   * Any call.
   *
   * @param who whose numbers it counts
   * @param hard whether it may be one that loops, waits or runs out of something
   */
  static MethodCall anyCall(Random dice, String who, boolean hard) {
    if (hard && dice.nextInt(5) == 0) {
      return hardCall(dice, "[\"" + who + "\",");
    }
    String by = "[\"" + who + "\"," + (1 + dice.nextInt(9)) + "]";
    return switch (dice.nextInt(8)) {
      case 0 -> new MethodCall("later", "[\"" + who + "\"," + dice.nextInt(50) + "]");
      case 1 -> new MethodCall(dice.nextBoolean() ? "fail" : "rung", "[\"" + who + "\"]");
      case 2, 3 -> new MethodCall("keep", "[\"" + who + "\"]");
      default -> new MethodCall("add", by);
    };
  }

  private static MethodCall hardCall(Random dice, String begun) {
    int loop = LOOP_MILLIS[dice.nextInt(LOOP_MILLIS.length)];
    int by = 1 + dice.nextInt(9);
    return switch (dice.nextInt(8)) {
      case 0 -> new MethodCall("burn", begun + by + "]");
      case 1 -> new MethodCall("fill", begun + by + "]");
      case 2 -> new MethodCall("wait", begun + by + "," + dice.nextInt(150) + "]");
      case 3 -> new MethodCall("loopLater", begun + dice.nextInt(50) + "," + loop + "]");
      default -> new MethodCall("loop", begun + by + "," + loop + "]");
    };
  }

  /** What a caller is told of an outcome, in a word or two. */
  static String told(Outcome outcome, BlobReader blobs) {
    if (outcome instanceof Outcome.Ok ok) {
      return ok.value().read(blobs);
    }
    return outcome instanceof Outcome.Thrown thrown
        ? "throws " + thrown.name()
        : "runs out of " + ((Outcome.Trapped) outcome).limit();
  }

  /** Takes the next call of the log: throws {@link BrokenPromise} if it should be another. */
  void take(MethodCall call, Outcome outcome, BlobReader blobs) {
    String told = told(outcome, blobs);
    String expected = expected(call, told);
    if (!told.equals(expected)) {
      throw new BrokenPromise(call + " should come to " + expected + ", not " + told);
    }
  }

  private String expected(MethodCall call, String told) {
    String[] words = words(call);
    String who = words[0];
    return switch (call.method()) {
      case "add", "wait" -> count(who, words[1]);
      case "keep" -> keep(who);
      case "later", "loopLater" -> {
        loopsLater |= call.method().equals("loopLater");
        rings++;
        yield "0";
      }
      case "rung" -> Long.parseLong(told) <= rings ? told : "at most " + rings;
      case "fail" -> "throws Error";
      case "loop" -> {
        if (Integer.parseInt(words[2]) >= SURELY_LONG) {
          yield "nothing, for it has no end";
        }
        String unused = keep(who);
        yield count(who, words[1]);
      }
      case "burn" -> "runs out of fuel";
      case "fill" -> {
        // What throws keeps what it did to the heap, but no file.
        String unused = count(who, words[1]);
        yield "throws InternalError";
      }
      default -> "throws MethodNotFoundError";
    };
  }

  /** Takes the next request that the watchdog has ended: it leaves nothing behind. */
  void takeAborted(List<MethodCall> calls) {
    boolean rings = loopsLater;
    for (MethodCall call : calls) {
      boolean loops =
          call.method().equals("loop") && Integer.parseInt(words(call)[2]) > SURELY_SHORT;
      if (loops || (call.method().equals("wait") && rings)) {
        return;
      }
      rings |= call.method().equals("loopLater");
    }
    throw new BrokenPromise("the watchdog has ended what does not loop: " + calls);
  }

  /** Takes a timer whose turn the watchdog has ended. */
  void takeAbortedTimer() {
    if (!loopsLater) {
      throw new BrokenPromise("the watchdog has ended a timer that does not loop");
    }
  }

  private String count(String who, String by) {
    return String.valueOf(counts.merge(who, Long.parseLong(by), Long::sum));
  }

  private String keep(String who) {
    return String.valueOf(files.merge(who, 1L, Long::sum));
  }

  private static String[] words(MethodCall call) {
    return call.params().replaceAll("[\\[\\]\"]", "").split(",", -1);
  }
}
