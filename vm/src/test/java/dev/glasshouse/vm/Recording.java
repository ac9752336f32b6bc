package dev.glasshouse.vm;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.Text;
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
  final List<String> lines = new ArrayList<>();
  final Executor executor;
  private final BlobReader reader = blobs::get;
  private final Random random = new Random(5);
  private final Limits limits;
  private Sandbox sandbox;
  private Hash prev;
  private long time = START;

  private Recording(Script script, Limits limits) throws ScriptException {
    this.limits = limits;
    executor =
        new Executor(this, limits, reader, this, (level, line) -> lines.add(level + " " + line));
    try {
      Execution loaded = executor.load(script, time, InputTape.recording());
      append(loaded.genesis(header(script)));
    } catch (ScriptException | RuntimeException e) {
      executor.close();
      throw e;
    }
  }

  static Recording of(Script script, Limits limits) throws ScriptException {
    return new Recording(script, limits);
  }

  static Recording commonjs(String source) throws ScriptException {
    return of(new Script("test.js", Script.Kind.COMMONJS, source), LIMITS);
  }

  static MethodCall methodCall(String method, String params) {
    return new MethodCall(method, "[" + params + "]");
  }

  /** Executes one request and appends its entry. */
  List<Outcome> request(String caller, List<MethodCall> calls) {
    time += 1000;
    Execution execution = executor.execute(caller, calls, time, InputTape.recording());
    append(
        execution.entry(
            entries.size(), prev, time, new Caller.User(caller), Request.format(calls)));
    return execution.outcomes();
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
    Sandbox[] opened = new Sandbox[1];
    SandboxEngine engine =
        new SandboxEngine() {
          @Override
          public String name() {
            return "kept";
          }

          @Override
          public Sandbox open(GuestImage image, long heapLimit, long stackLimit) {
            opened[0] = V8Engine.instance().open(image, heapLimit, stackLimit);
            return opened[0];
          }
        };
    try (Executor replayer = Replay.executor(engine, genesis(), reader)) {
      List<byte[]> derived = new ArrayList<>();
      derived.add(Replay.genesis(replayer, genesis(), reader).bytes());
      for (int i = 1; i < entries.size(); i++) {
        derived.add(Replay.call(replayer, entry(i), reader).bytes());
      }
      return new Replayed(derived, heapHash(opened[0]), replayer.root());
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
    byte[] source = script.source().getBytes(StandardCharsets.UTF_8);
    blobs.put(Hash.of(source), source);
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
        new GenesisEntry.ScriptReference(
            script.name(),
            script.kind().text(),
            new GenesisEntry.BlobReference(Hash.of(source), source.length)),
        new GenesisEntry.BlobReference(image.interpreterHash(), image.interpreter().length),
        new GenesisEntry.BlobReference(image.bootstrapHash(), image.bootstrap().length),
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

  @Override
  public byte[] fetch(String request, byte[] body) {
    throw new OutsideException("there is no network here");
  }

  @Override
  public void close() {
    executor.close();
  }
}
