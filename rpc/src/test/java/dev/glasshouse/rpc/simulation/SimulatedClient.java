package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TreeHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A caller with a session, some requests of which are under way at a time. It sends the same bytes
 * again until it knows what came of them, and believes only what it has verified.
 */
final class SimulatedClient implements SimulatedNetwork.Receiver {
  private static final int MAX_CALLS = 4;
  private static final int MAX_PAUSE_NANOS = 8_000_000;
  private static final int PATIENCE_NANOS = 60_000_000;

  private final Schedule schedule;
  private final Random dice;
  private final Function<SimulatedClient, SimulatedNetwork.Link> connecting;
  private final GenesisEntry genesis;
  private final Hash log;
  private final Identity identity;
  private final String session;
  private final String name;
  private final int window;
  private final int quota;
  private final boolean hard;
  private final List<Asked> asked = new ArrayList<>();

  // The roots that this client has verified, by size.
  private final TreeMap<Long, Hash> seen = new TreeMap<>();
  private SimulatedNetwork.Link link;
  private long heard;

  /**
   * Begins to call.
   *
   * @param quota requests that it will have made at the end
   * @param hard whether it calls what loops, waits or runs out of something
   * @param connecting connects to the host that is there, or gives null
   */
  SimulatedClient(
      int number,
      int quota,
      boolean hard,
      Schedule schedule,
      GenesisEntry genesis,
      Hash log,
      Function<SimulatedClient, SimulatedNetwork.Link> connecting) {
    this.schedule = schedule;
    this.dice = schedule.dice();
    this.genesis = genesis;
    this.log = log;
    this.connecting = connecting;
    this.quota = quota;
    this.hard = hard;
    this.window = 1 + dice.nextInt(4);
    this.name = "c" + number;
    this.identity = Identity.ofSeed(Hash.of(new byte[] {(byte) (number / 2)}).bytes());
    // Two sessions to a key.
    this.session = String.format("%032x", number);
    seen.put(0L, Merkle.EMPTY_ROOT);
    act();
  }

  /** What it has asked. */
  List<Asked> asked() {
    return asked;
  }

  /** The checkpoints that it has verified. */
  Map<Long, Hash> seen() {
    return seen;
  }

  /** What it heard, all of it, as a number. */
  long heard() {
    return heard;
  }

  /** Whether it knows of all its requests what came of them. */
  boolean isDone() {
    return asked.size() == quota && asked.stream().allMatch(SimulatedClient::isDone);
  }

  private static boolean isDone(Asked each) {
    return each.isRefused || each.answers > 0;
  }

  /** Sends once more what was answered: it wants to hear the same. */
  void askAgain() {
    asked.forEach(each -> each.answers = 0);
  }

  private void act() {
    schedule.after(dice.nextInt(MAX_PAUSE_NANOS), this::act);
    if (link != null && dice.nextInt(50) == 0) {
      link.cut();
    }
    if (link == null || !link.isOpen()) {
      link = connecting.apply(this);
    }
    if (link == null) {
      return;
    }
    long open = asked.stream().filter(each -> !isDone(each)).count();
    if (open < window && asked.size() < quota) {
      send(make());
    }
    for (Asked each : asked) {
      if (!isDone(each) && schedule.now() - each.sentAt > PATIENCE_NANOS) {
        send(each);
      }
    }
  }

  private void send(Asked each) {
    each.sentAt = schedule.now();
    link.send(each.frame);
  }

  private Asked make() {
    List<MethodCall> calls = new ArrayList<>();
    for (int i = dice.nextInt(MAX_CALLS); i >= 0; i--) {
      calls.add(CountsModule.anyCall(dice, name, hard));
    }
    Map.Entry<Long, Hash> last = seen.lastEntry();
    TreeHead head = new TreeHead(last.getKey(), last.getValue());
    long number = asked.size() + 1L;
    String request = new SignedCall(log, session, number, head, calls).format();
    byte[] signature = identity.sign(SignedCall.message(request));
    Asked made = new Asked(number, calls, request, new Caller.Key(identity.publicKey(), signature));
    asked.add(made);
    return made;
  }

  @Override
  public void receive(String text, long covered) {
    heard = heard * 31 + text.hashCode() + schedule.now();
    for (Asked each : asked) {
      String id = "{\"jsonrpc\":\"2.0\",\"id\":" + each.number;
      String answered = id + ",\"result\":";
      if (text.startsWith(answered)) {
        accept(each, text.substring(answered.length(), text.length() - 1), covered);
        return;
      }
      if (text.startsWith(id + ",\"error\":{\"code\":")) {
        refused(each, text);
        return;
      }
    }
    throw new BrokenPromise("an answer to nothing: " + text);
  }

  private void refused(Asked each, String text) {
    if (is(text, CallRefused.Reason.STOPPED)
        || is(text, CallRefused.Reason.OVERLOADED)
        || is(text, CallRefused.Reason.UNWITNESSED)) {
      return;
    }
    // A later number was there first.
    if (is(text, CallRefused.Reason.USED_NUMBER) && each.receipt == null) {
      each.isRefused = true;
      return;
    }
    throw new BrokenPromise(name + " is refused request " + each.number + ": " + text);
  }

  private static boolean is(String text, CallRefused.Reason reason) {
    return text.contains("\"code\":" + reason.code() + ",");
  }

  private void accept(Asked each, String json, long covered) {
    if (each.isRefused) {
      throw new BrokenPromise(name + " is answered request " + each.number + ", after a refusal");
    }
    Map<?, ?> answer =
        (Map<?, ?>) CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    Receipt receipt = Receipt.fromJson(answer.get("receipt"));
    each.answers++;
    if (receipt.checkpointSize() > covered) {
      throw new BrokenPromise(
          name
              + " has the receipt of a tree of "
              + receipt.checkpointSize()
              + ", and the quorum has cosigned "
              + covered);
    }
    if (each.receipt != null) {
      boolean isSame =
          Arrays.equals(receipt.format(), each.receipt.format())
              && answer.get("results").equals(each.results);
      if (!isSame) {
        throw new BrokenPromise(name + " has another receipt of request " + each.number);
      }
      return;
    }
    SignedCheckpoint signed = receipt.verify(genesis.origin(), genesis.host());
    requireEntry(each, receipt, (List<?>) answer.get("results"));
    requireConsistent(answer, signed.head());
    each.receipt = receipt;
    each.results = answer.get("results");
  }

  private void requireEntry(Asked each, Receipt receipt, List<?> results) {
    Entry parsed = Entry.parse(receipt.entry(), hash -> null);
    boolean aborted = parsed instanceof AbortEntry;
    Caller.Key caller =
        (Caller.Key) (aborted ? ((AbortEntry) parsed).caller() : ((CallEntry) parsed).caller());
    Text request = aborted ? ((AbortEntry) parsed).request() : ((CallEntry) parsed).request();
    boolean isOwn =
        parsed.seq() == receipt.index()
            && caller.id().equals(each.caller.id())
            && Arrays.equals(caller.signature(), each.caller.signature())
            && request.equals(Text.of(each.request, new HashMap<>()))
            && results.size() == each.calls.size();
    if (!isOwn) {
      throw new BrokenPromise(name + " has the receipt of something else than " + each.request);
    }
    if (aborted) {
      if (!results.stream().allMatch(Map.of("abort", "watchdog")::equals)) {
        throw new BrokenPromise(name + " is told " + results + " of what was ended");
      }
      return;
    }
    CallEntry entry = (CallEntry) parsed;
    for (int i = 0; i < results.size(); i++) {
      Object told = ((Map<?, ?>) results.get(i)).get("ok");
      String logged =
          entry.outcomes().get(i) instanceof Outcome.Ok ok ? ok.value().read(hash -> null) : null;
      if (told == null ? logged != null : !told.equals(logged)) {
        throw new BrokenPromise(name + " is told " + told + ", and the log says " + logged);
      }
    }
  }

  // That the other checkpoints belong together is seen at the end, when the whole log is known.
  private void requireConsistent(Map<?, ?> answer, TreeHead head) {
    long from = (Long) answer.get("from");
    List<Hash> proof = new ArrayList<>();
    ((List<?>) answer.get("consistency"))
        .forEach(hash -> proof.add(Hash.parseBase64(String.valueOf(hash))));
    Hash before = seen.get(from);
    boolean isProved =
        before == null
            || from == 0
            || from > head.size()
            || Proofs.verifyConsistency(new TreeHead(from, before), head, proof);
    Hash known = seen.put(head.size(), head.root());
    if (!isProved || (known != null && !known.equals(head.root()))) {
      throw new BrokenPromise(name + " has seen two histories, of " + from + " and " + head.size());
    }
  }
}
