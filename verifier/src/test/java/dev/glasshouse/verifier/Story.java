package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;

import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.HonestLog.Settings;
import java.util.Collections;
import java.util.function.Consumer;

/** The logs that the tests lie about. */
final class Story {
  static final String SOURCE =
      """
      const salt = Math.random()
      let counter = 0
      const fs = System.files
      exports.add = (by) => counter += by
      exports.fail = (why) => { counter++; throw new RangeError(why) }
      exports.spin = () => { counter++; for (;;) {} }
      exports.work = (turns) => { let x = 0; for (let i = 0; i < turns; i++) x += i; return x }
      exports.write = (path, text) => fs.writeFile(path, text)
      exports.move = (from, to) => fs.rename(from, to)
      exports.remove = (path) => fs.unlink(path)
      exports.drop = (path) => fs.rmdir(path)
      exports.writeAndFail = async (path) => {
        await fs.writeFile(path, 'never')
        throw new Error('no')
      }
      exports.random = () => [salt, Math.random()]
      exports.two = () => [System.oracle(() => Math.random()), System.oracle(() => 'b')]
      const dice = () => Math.random()
      exports.same = () => [System.oracle(dice), System.oracle(dice)]
      exports.fetched = () => System.oracle(
        async () => (await fetch('https://example.com/')).text())
      exports.lost = () => System.oracle(() => fetch('https://nowhere/'))
      exports.answer = () => System.oracle(() => 'o'.repeat(3000))
      exports.long = (length) => 'x'.repeat(length)
      exports.length = (text) => text.length
      exports.who = () => System.caller.id
      exports.now = () => Date.now()
      """;

  static final Limits LIMITS =
      new Limits(5, 8L << 20, 900_000, 4096, 4096, 600, 1200, 10_000, 10_000);
  static final Settings SIGNED = new Settings(SOURCE, LIMITS, false, 1);
  static final Settings DEBUG = new Settings(SOURCE, LIMITS, true, 2);

  // The entries of the long log.
  static final int ADD = 1;
  static final int WRITE = 2;
  static final int BATCH = 3;
  static final int RANDOM = 4;
  static final int TWO = 5;
  static final int SPIN = 6;
  static final int LENGTH = 7;
  static final int LONG = 8;
  static final int MOVE = 9;
  static final int UNDONE = 10;
  static final int NOW = 11;
  static final int WORK = 12;
  static final int SAME = 13;
  static final int FETCHED = 14;
  static final int MANY = 15;
  static final int ANSWER = 16;
  static final int LAST = 17;

  // Apart from Story, whose methods the hosts' threads call: they would wait for it forever.
  private static final class Told {
    static final PublishedLog LONG_LOG = HonestLog.run(SIGNED, Story::tell);
    static final PublishedLog SHORT_LOG = HonestLog.run(SIGNED, Story::count);
    static final PublishedLog DEBUG_LOG = HonestLog.run(DEBUG, Story::debug);
    static final PublishedLog BUSY_LOG = HonestLog.run(DEBUG, Story::hurry);
    static final PublishedLog MANY_LOG = HonestLog.run(DEBUG, Story::countUnsigned);
  }

  private Story() {}

  /** Eighteen entries of every kind: signed by two callers who follow the log. */
  static PublishedLog signed() {
    return Told.LONG_LOG.copy();
  }

  /** Genesis and {@code add(1)} four times and {@code who()} twice, by one who never looks. */
  static PublishedLog counting() {
    return Told.SHORT_LOG.copy();
  }

  /** Genesis and five unsigned calls: {@code work}, {@code add}, {@code long}, {@code write}. */
  static PublishedLog unsigned() {
    return Told.DEBUG_LOG.copy();
  }

  /** Genesis and 599 unsigned calls: more than two tiles of entries. */
  static PublishedLog manyEntries() {
    return Told.MANY_LOG.copy();
  }

  /** Genesis and 24 calls that each change the files. */
  static PublishedLog busy() {
    return Told.BUSY_LOG.copy();
  }

  /** The counting log, and then other calls. */
  static PublishedLog countingAnd(Consumer<HonestLog> more) {
    return HonestLog.run(SIGNED, ((Consumer<HonestLog>) Story::count).andThen(more));
  }

  private static void tell(HonestLog log) {
    Peer alice = new Peer("alice", 1);
    Peer bob = new Peer("bob", 2);
    log.call(alice, method("add", "1"));
    log.call(bob, method("write", "\"/notes/a.txt\"", "\"hello\""));
    log.show(alice);
    log.call(alice, method("add", "2"), method("fail", "\"why\""), method("add", "3"));
    log.show(bob);
    log.call(bob, method("random"));
    Peer phone = new Peer("alice", 3);
    log.show(phone);
    log.call(phone, method("two"));
    log.call(bob, method("spin"));
    log.show(alice);
    log.call(alice, method("length", "\"" + "l".repeat(3000) + "\""));
    log.call(bob, method("long", "3000"));
    log.show(bob);
    log.call(
        alice,
        method("write", "\"/notes/b.txt\"", "\"there\""),
        method("write", "\"/top.txt\"", "\"top\""),
        method("move", "\"/notes/a.txt\"", "\"/old/a.txt\""));
    log.call(
        bob,
        method("write", "\"/gone\"", "\"g\""),
        method("remove", "\"/gone\""),
        method("writeAndFail", "\"/never\""));
    log.show(alice);
    log.call(alice, method("now"));
    log.call(bob, method("work", "10000"));
    log.call(phone, method("same"));
    log.show(bob);
    log.call(bob, method("fetched"), method("lost"), method("random"));
    log.call(phone, Collections.nCopies(20, method("long", "1000")).toArray(MethodCall[]::new));
    log.call(alice, method("answer"));
    log.show(phone);
    log.call(phone, method("add", "1"));
  }

  private static void count(HonestLog log) {
    Peer carol = new Peer("carol", 4);
    for (int i = 0; i < 4; i++) {
      log.call(carol, method("add", "1"));
    }
    log.call(carol, method("who"));
    log.call(carol, method("who"));
  }

  private static void countUnsigned(HonestLog log) {
    while (log.size() < 600) {
      log.user(null, method("add", "1"));
    }
  }

  private static void hurry(HonestLog log) {
    while (log.size() < 25) {
      String file = "\"/f" + log.size() + "\"";
      log.user(null, method("write", file, "\"1\""));
      log.user(null, method("move", file, "\"/d/f\""), method("write", "\"/x\"", "\"x\""));
      log.user(null, method("remove", "\"/d/f\""), method("drop", "\"/d\""));
    }
  }

  private static void debug(HonestLog log) {
    log.user("dora", method("work", "10000"));
    log.user(null, method("add", "1"));
    log.user("dora", method("long", "3000"));
    log.user("dora", method("write", "\"/a\"", "\"1\""), method("who"));
    log.call(new Peer("alice", 5), method("who"));
  }
}
