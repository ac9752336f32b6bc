package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;

import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.HonestLog.Settings;
import java.util.function.Consumer;

/** A log of timers, images and aborted turns, that the tests lie about. */
final class TimerStory {
  static final String SOURCE =
      """
      const fs = System.files
      let ticks = 0
      const tick = (what) => { ticks++; return what }
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
      exports.sleep = async (ms) => {
        const from = Date.now()
        await sleep(ms)
        return Date.now() - from
      }
      exports.nap = async (ms) => { await sleep(ms) }
      exports.twice = async (ms) => { await sleep(ms); tick(); await sleep(ms); return Date.now() }
      exports.later = (ms, path) => tick(setTimeout(async () => {
        tick()
        await fs.writeFile(path, 'at ' + Date.now())
      }, ms))
      exports.diceLater = (ms, path) => tick(
        setTimeout(() => fs.writeFile(path, '' + Math.random()), ms))
      exports.failLater = (ms) => tick(setTimeout(() => { tick(); throw new RangeError('late') }, ms))
      exports.spinLater = (ms) => tick(setTimeout(() => { tick(); for (;;) {} }, ms))
      exports.hangLater = (ms) => tick(
        setTimeout(() => { tick(); console.log('hang'); for (;;) {} }, ms))
      exports.hang = async (path) => {
        tick()
        await fs.writeFile(path, 'never')
        console.log('hang')
        for (;;) {}
      }
      exports.work = (turns) => { let x = 0; for (let i = 0; i < turns; i++) x += i; return x }
      exports.keep = (length) => tick('k'.repeat(length)).length
      exports.ticks = () => ticks
      """;

  static final Settings SIGNED = new Settings(SOURCE, Story.LIMITS, false, 11);
  static final Settings DEBUG = new Settings(SOURCE, Story.LIMITS, true, 12);

  // The entries of the log. Each begins a second after the one before has ended.
  static final int LATER = 1;
  static final int IMAGE = 2;
  static final int SLEEP = 3;
  static final int TURN = 4;
  static final int ARMED = 5;
  static final int THROWN = 6;
  static final int SPUN = 7;
  static final int DICED = 8;
  static final int HANG = 9;
  static final int NO_TIMER = 10;
  static final int ARMED_AGAIN = 11;
  static final int HUNG = 12;
  static final int BATCH = 13;
  static final int TIMEOUT = 14;
  static final int WAITING = 15;
  static final int FINAL_IMAGE = 16;
  static final int LAST = 17;

  // Apart from this class, whose methods the hosts' threads call: they would wait for it forever.
  private static final class Told {
    static final PublishedLog SIGNED_LOG = HonestLog.run(SIGNED, TimerStory::tell);
    static final PublishedLog DEBUG_LOG = HonestLog.run(DEBUG, TimerStory::tellUnsigned);
  }

  // The entries of the unsigned log.
  static final int UNSIGNED_HANG = 2;
  static final int UNSIGNED_NAP = 3;
  static final int UNSIGNED_TURN = 4;
  static final int UNSIGNED_IMAGE = 5;

  private TimerStory() {}

  /** Eighteen entries of every kind, signed by one who never looks. */
  static PublishedLog signed() {
    return Told.SIGNED_LOG.copy();
  }

  /** Genesis, {@code later(60000)}, {@code hang}, {@code nap(50)}, the timer, an image. */
  static PublishedLog unsigned() {
    return Told.DEBUG_LOG.copy();
  }

  /** The whole log, and then other entries. */
  static PublishedLog signedAnd(Consumer<HonestLog> more) {
    return HonestLog.run(SIGNED, ((Consumer<HonestLog>) TimerStory::tell).andThen(more));
  }

  static Peer carol() {
    return new Peer("carol", 4);
  }

  private static void tell(HonestLog log) {
    Peer carol = carol();
    log.call(carol, method("later", "60000", "\"/a.txt\""));
    log.image();
    log.call(carol, method("sleep", "500"));
    log.timer();
    log.call(
        carol,
        method("diceLater", "7000", "\"/dice.txt\""),
        method("spinLater", "6000"),
        method("failLater", "5000"));
    log.timer();
    log.timer();
    log.timer();
    log.call(carol, method("keep", "100"), method("hang", "\"/never\""));
    log.image();
    log.call(carol, method("hangLater", "5000"));
    log.timer();
    log.call(carol, method("sleep", "100"), method("twice", "200"), method("sleep", "0"));
    log.call(carol, method("sleep", "10001"));
    log.call(carol, method("later", "3600000", "\"/far\""), method("twice", "40"));
    log.image();
    log.call(carol, method("ticks"));
  }

  private static void tellUnsigned(HonestLog log) {
    log.user("dora", method("later", "60000", "\"/a.txt\""));
    log.user("dora", method("hang", "\"/never\""));
    log.user("dora", method("nap", "50"));
    log.timer();
    log.image();
  }
}
