package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.OutsideException;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.TakenImage;
import dev.glasshouse.vm.Watch;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.AbortedException;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A log as a host makes it, in memory: every call is executed, live. It admits whatever it is told
 * to, so that a lie about admission can differ from an honest log by the one rule it breaks.
 *
 * <p>Its clock goes on by a second for each entry, and is {@link #LATE} late when it wakes for a
 * timer. Its watchdog ends a turn that says {@code console.log('hang')}.
 */
final class HonestLog {
  static final Identity HOST = identity("host");
  static final long START = 1_767_225_600_000L;

  /** Milliseconds after a timer is due at which a call that waits for it goes on. */
  static final long LATE = 3;

  private final Executor executor;
  private final Leash leash = new Leash();
  private final List<byte[]> entries = new ArrayList<>();
  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();
  private final Map<Hash, byte[]> pages = new LinkedHashMap<>();
  private final RightEdge edge = new RightEdge();
  private String origin;
  private Hash id;
  private Hash last = Hash.ZERO;
  private long time = START;

  /** What a log starts from; two of equal settings have the same id. */
  record Settings(Script script, Limits limits, boolean debug, long seed) {
    Settings(String source, Limits limits, boolean debug, long seed) {
      this(new Script("story.js", Script.Kind.COMMONJS, source), limits, debug, seed);
    }
  }

  /** A caller with a session, who has seen a head of the log and counts its calls. */
  static final class Peer {
    private final Identity identity;
    private final String session;
    private TreeHead seen = TreeHead.EMPTY;
    private long n;

    Peer(String name, int session) {
      this.identity = HonestLog.identity(name);
      this.session = String.format("%032x", session);
    }

    Peer saw(TreeHead head) {
      seen = head;
      return this;
    }

    Peer used(long number) {
      n = number;
      return this;
    }

    Identity identity() {
      return identity;
    }

    SignedCall next(Hash log, MethodCall... calls) {
      return new SignedCall(log, session, ++n, seen, List.of(calls));
    }
  }

  private HonestLog(Settings settings) throws ScriptException {
    Limits limits = settings.limits();
    this.executor =
        new Executor(
            V8Engine.instance(),
            limits,
            blobs::get,
            new World(outside(settings.seed()), (level, line) -> leash.hear(line), leash));
    GuestImage image = GuestImage.bundled();
    Execution loaded = executor.load(settings.script(), time, InputTape.recording());
    String nonce = String.format("%032x", settings.seed());
    origin = GenesisEntry.origin("story", nonce);
    GenesisEntry genesis =
        new GenesisEntry(
            START,
            origin,
            HOST.publicKey(),
            settings.debug(),
            "story",
            nonce,
            Replay.reference(settings.script(), blobs),
            blob(image.interpreter()),
            blob(image.bootstrap()),
            limits,
            loaded.inputs(),
            loaded.outcomes().get(0),
            loaded.writes(),
            loaded.root());
    append(loaded.genesis(genesis));
    id = last;
  }

  /** Runs a host until it has taken the calls, and gives what it then publishes. */
  static PublishedLog run(Settings settings, Consumer<HonestLog> calls) {
    CompletableFuture<PublishedLog> published = new CompletableFuture<>();
    Runnable body =
        () -> {
          try {
            HonestLog log = new HonestLog(settings);
            try (Executor used = log.executor) {
              calls.accept(log);
              PublishedLog host =
                  new PublishedLog(HOST, log.origin, log.entries, log.blobs, used.root());
              host.pages.putAll(log.pages);
              published.complete(host);
            }
          } catch (ScriptException | RuntimeException | Error e) {
            published.completeExceptionally(e);
          }
        };
    SandboxThread.create("honest host", body).start();
    return published.join();
  }

  static Identity identity(String name) {
    return Identity.ofSeed(Hash.of("lying hosts: " + name).bytes());
  }

  static MethodCall method(String name, String... params) {
    return new MethodCall(name, "[" + String.join(",", params) + "]");
  }

  Hash id() {
    return id;
  }

  TreeHead head() {
    return edge.head();
  }

  int size() {
    return entries.size();
  }

  /** The peer verifies the newest head. */
  void show(Peer peer) {
    peer.saw(head());
  }

  void call(Peer peer, MethodCall... calls) {
    signed(peer.identity, peer.next(id, calls));
  }

  void signed(Identity identity, SignedCall call) {
    String request = call.format();
    byte[] signature = identity.sign(SignedCall.message(request));
    execute(new Caller.Key(identity.publicKey(), signature), call.calls(), request);
  }

  /** A call without a signature. */
  void user(String name, MethodCall... calls) {
    execute(new Caller.User(name), List.of(calls), Request.format(List.of(calls)));
  }

  /** Whether a timer is outstanding. */
  boolean hasTimer() {
    return executor.due() >= 0;
  }

  /** Waits for the earliest timer, and runs it. */
  void timer() {
    time = Math.max(time + 1000, executor.due());
    try {
      Execution execution = executor.timer(time, InputTape.recording());
      append(execution.timer(entries.size(), last, time));
    } catch (AbortedException e) {
      append(executor.drop(time).abort(entries.size(), last, time, null, null));
    }
  }

  /** Takes an image, and keeps its pages. */
  void image() {
    time += 1000;
    TakenImage image = executor.image(time);
    pages.putAll(image.pages().fresh());
    append(image.entry(entries.size(), last, time));
  }

  private void execute(Caller caller, List<MethodCall> calls, String request) {
    time += 1000;
    long start = time;
    try {
      Execution execution = executor.execute(caller.id(), calls, start, InputTape.recording());
      append(execution.call(entries.size(), last, start, caller, request));
    } catch (AbortedException e) {
      append(executor.nothing(start).abort(entries.size(), last, start, caller, request));
    }
  }

  private void append(Execution.Derived derived) {
    time = Math.max(time, derived.time());
    entries.add(derived.bytes());
    blobs.putAll(derived.blobs());
    last = Merkle.leafHash(derived.bytes());
    edge.append(last);
  }

  private BlobReference blob(byte[] bytes) {
    blobs.put(Hash.of(bytes), bytes);
    return new BlobReference(Hash.of(bytes), bytes.length);
  }

  private Outside outside(long seed) {
    Random random = new Random(seed);
    return new Outside() {
      @Override
      public byte[] entropy(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
      }

      @Override
      public long waitUntil(long due) {
        time = Math.max(time, due + LATE);
        return time;
      }

      @Override
      public byte[] fetch(String request, byte[] body) {
        if (request.contains("nowhere")) {
          throw new OutsideException("there is nothing at that address");
        }
        byte[] head =
            "{\"headers\":{},\"status\":200,\"statusText\":\"OK\",\"url\":\"u\"}".getBytes(UTF_8);
        byte[] answer = "fetched".getBytes(UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + head.length + answer.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(head.length)
            .put(head)
            .put(answer)
            .array();
      }
    };
  }

  /** A watchdog that ends the turn which says that it hangs, as it says so. */
  private static final class Leash implements Watch {
    private Sandbox running;

    void hear(String line) {
      if (line.equals("hang") && running != null) {
        running.interrupt();
      }
    }

    @Override
    public void begin(Sandbox guest, long millis, long pollMillis) {
      running = guest;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public long end() {
      running = null;
      return 0;
    }
  }
}
