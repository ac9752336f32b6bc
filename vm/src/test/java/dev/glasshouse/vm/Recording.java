package dev.glasshouse.vm;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.vm.sandbox.AbortedException;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A small host under test: executes live, keeps the entries and blobs in memory, and replays them.
 * Time is counted, and the outside is a seeded generator.
 */
final class Recording implements SandboxEngine, Outside, AutoCloseable {
  static final long START = 1_700_000_000_000L;

  /** Little fuel, so that endless loops end soon; all else as hosts have it. */
  static final Limits LIMITS = Limits.DEFAULT.withFuel(200);

  final List<byte[]> entries = new ArrayList<>();
  final Map<Hash, byte[]> blobs = new HashMap<>();
  final Map<Hash, byte[]> pages = new HashMap<>();
  final List<String> lines = new ArrayList<>();
  final Executor executor;
  private final BlobReader reader = blobs::get;
  private final Random random = new Random(5);
  private final Limits limits;
  private Sandbox sandbox;
  private Hash prev;
  private long time = START;

  private Recording(Script script, Limits limits, Watch watch) throws ScriptException {
    this.limits = limits;
    executor =
        new Executor(
            this,
            limits,
            reader,
            new World(this, (level, line) -> lines.add(level + " " + line), watch));
    try {
      Execution loaded = executor.load(script, time, InputTape.recording());
      append(loaded.genesis(header(script)));
    } catch (ScriptException | RuntimeException e) {
      executor.close();
      throw e;
    }
  }

  static Recording of(Script script, Limits limits) throws ScriptException {
    return new Recording(script, limits, Watch.NONE);
  }

  static Recording watched(String source, Watch watch) throws ScriptException {
    return new Recording(
        new Script("test.js", Script.Kind.COMMONJS, source), Limits.DEFAULT, watch);
  }

  static Recording commonjs(String source) throws ScriptException {
    return of(new Script("test.js", Script.Kind.COMMONJS, source), LIMITS);
  }

  static MethodCall methodCall(String method, String params) {
    return new MethodCall(method, "[" + params + "]");
  }

  /** Executes one request and appends its entry; no outcomes when the watchdog ended it. */
  List<Outcome> request(String caller, List<MethodCall> calls) {
    time += 1000;
    long start = time;
    Caller user = new Caller.User(caller);
    String request = Request.format(calls);
    try {
      Execution execution = executor.execute(caller, calls, start, InputTape.recording());
      append(execution.call(entries.size(), prev, start, user, request));
      return execution.outcomes();
    } catch (AbortedException e) {
      append(executor.nothing(start).abort(entries.size(), prev, start, user, request));
      return List.of();
    }
  }

  /** Lets the clock come to the earliest timer, and appends the entry of its turn. */
  Outcome timer() {
    time = Math.max(time, executor.due());
    long start = time;
    try {
      Execution execution = executor.timer(start, InputTape.recording());
      append(execution.timer(entries.size(), prev, start));
      return execution.outcomes().get(0);
    } catch (AbortedException e) {
      append(executor.drop(start).abort(entries.size(), prev, start, null, null));
      return null;
    }
  }

  /** Appends an image entry, and keeps its pages. */
  TakenImage image() {
    TakenImage image = executor.image(time);
    pages.putAll(image.pages().fresh());
    append(image.entry(entries.size(), prev, time));
    return image;
  }

  Outcome outcome(String method, String params) {
    return request("ann", List.of(methodCall(method, params))).get(0);
  }

  /** What one call by "ann" came to: JSON, or {@code Name: message}, or {@code trap: limit}. */
  String call(String method, String params) {
    return show(outcome(method, params));
  }

  String show(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      return ok.value().read(reader);
    }
    if (outcome instanceof Outcome.Thrown thrown) {

      return thrown.name() + ": " + thrown.message();
    }
    return "trap: " + ((Outcome.Trapped) outcome).limit();
  }

  CallEntry entry(int index) {
    return (CallEntry) Entry.parse(entries.get(index), reader);
  }

  CallEntry last() {
    return entry(entries.size() - 1);
  }

  GenesisEntry genesis() {
    return (GenesisEntry) Entry.parse(entries.get(0), reader);
  }

  /** The heap as it is: SHA-256 of memory and pointers. */
  Hash heapHash() {
    return heapHash(sandbox);
  }

  static Hash heapHash(Sandbox sandbox) {
    HeapImage image = sandbox.image();
    return Hash.of(image.memory(), image.pointers().getBytes(StandardCharsets.UTF_8));
  }

  /** What a replay of everything comes to. */
  record Replayed(List<byte[]> entries, Hash heap, Hash root) {}

  Replayed replay() throws ScriptException {
    Keeper keeper = new Keeper();
    try (Executor replayer = Replay.executor(keeper, genesis(), reader)) {
      List<byte[]> derived = new ArrayList<>();
      derived.add(Replay.genesis(replayer, genesis(), reader).bytes());
      replay(replayer, 1, derived);
      return new Replayed(derived, heapHash(keeper.opened), replayer.root());
    }
  }

  /** What a replay comes to that starts from the image at {@code index}. */
  Replayed replayFrom(int index) {
    Keeper keeper = new Keeper();
    ImageEntry image = (ImageEntry) Entry.parse(entries.get(index), reader);
    try (Executor replayer =
        Executor.restore(keeper, genesis(), image, reader, pages::get, World.NONE)) {
      List<byte[]> derived = new ArrayList<>(entries.subList(0, index + 1));
      replay(replayer, index + 1, derived);
      return new Replayed(derived, heapHash(keeper.opened), replayer.root());
    }
  }

  private void replay(Executor replayer, int from, List<byte[]> derived) {
    for (int i = from; i < entries.size(); i++) {
      derived.add(Replay.entry(replayer, Entry.parse(entries.get(i), reader), reader).bytes());
    }
  }

  /** V8, which lets its last guest be looked at. */
  private static final class Keeper implements SandboxEngine {
    private Sandbox opened;

    @Override
    public String name() {
      return "kept";
    }

    @Override
    public long pollMillis() {
      return 0;
    }

    @Override
    public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
      opened = V8Engine.instance().open(image, heapLimit, stackLimit);
      return opened;
    }
  }

  BlobReader reader() {
    return reader;
  }

  private void append(Execution.Derived derived) {
    derived
        .blobs()
        .forEach(
            (hash, bytes) -> {
              if (!Hash.of(bytes).equals(hash)) {
                throw new AssertionError("a blob does not have its hash " + hash);
              }
              blobs.put(hash, bytes);
            });
    entries.add(derived.bytes());
    prev = Merkle.leafHash(derived.bytes());
  }

  private GenesisEntry header(Script script) {
    GuestImage image = GuestImage.bundled();
    String nonce = "0123456789abcdef0123456789abcdef";
    // Its outcome, writes and root are replaced by those of the execution.
    return new GenesisEntry(
        time,
        GenesisEntry.origin("test", nonce),
        Identity.ofSeed(new byte[Identity.SEED_BYTES]).publicKey(),
        true,
        "test",
        nonce,
        Replay.reference(script, blobs),
        new BlobReference(image.interpreterHash(), image.interpreter().length),
        new BlobReference(image.bootstrapHash(), image.bootstrap().length),
        limits,
        List.of(),
        new Outcome.Ok(Text.of("[]", new HashMap<>()), 0),
        Hash.ZERO,
        Hash.ZERO);
  }

  @Override
  public String name() {
    return "recorded";
  }

  @Override
  public long pollMillis() {
    return 0;
  }

  @Override
  public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
    sandbox = V8Engine.instance().open(image, heapLimit, stackLimit);
    return sandbox;
  }

  @Override
  public byte[] entropy(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  // A fork's clock is the machine's; the module's is counted here.
  @Override
  public long waitUntil(long due) {
    if (due == 0 || due > START + 1_000_000_000L) {
      return awaitReal(due);
    }
    time = Math.max(time, due);
    return time;
  }

  private static long awaitReal(long due) {
    long now = System.currentTimeMillis();
    while (now < due) {
      LockSupport.parkNanos((due - now) * 1_000_000);
      now = System.currentTimeMillis();
    }
    return now;
  }

  @Override
  public byte[] fetch(String request, byte[] body) {
    throw new OutsideException("there is no network here");
  }

  @Override
  public void close() {
    executor.close();
  }
}
