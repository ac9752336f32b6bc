package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.witness.WitnessHttp;
import dev.glasshouse.rpc.witness.WitnessHttp.Response;
import dev.glasshouse.rpc.witness.WitnessSettings;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * The witnesses of a host, the network in between, and what is known of what they have cosigned
 * without asking the host.
 */
final class SimulatedWitnesses {
  private static final int COUNT = 3;
  private static final int MAX_PAUSE_NANOS = 100_000_000;

  private static final WitnessSettings.Patience PATIENCE =
      new WitnessSettings.Patience(100, 150, 80, 40, 5, 80, 300);

  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Submission(int witness, URI address, byte[] body) {}

  private final Schedule schedule;
  private final Random dice;
  private final Variant variant;
  private final SimulatedNetwork network;
  private final int needed;
  private final boolean required;
  private final List<SimulatedWitness> witnesses = new ArrayList<>();
  private final List<Submission> recorded = new ArrayList<>();
  private final Map<TreeHead, Set<SimulatedWitness>> cosigned = new LinkedHashMap<>();
  private long covered;
  private HostedModule shownBy;
  private SignedCheckpoint shown;
  private long firstShown;
  private SignedCheckpoint met;
  private boolean calm;

  /**
   * Witnesses that have not heard of a log yet.
   *
   * @param required whether callers are answered only when the quorum has cosigned
   */
  SimulatedWitnesses(
      Schedule schedule, Variant variant, SimulatedNetwork network, boolean required) {
    this.schedule = schedule;
    this.dice = schedule.dice();
    this.variant = variant;
    this.network = network;
    this.required = required;
    this.needed = variant == Variant.AS_IT_IS ? 1 + dice.nextInt(COUNT) : COUNT;
  }

  /** Whom callers and auditors believe. */
  Policy policy() {
    return policy(needed);
  }

  private static Policy policy(int quorum) {
    StringBuilder text = new StringBuilder();
    StringBuilder group = new StringBuilder("group all " + quorum);
    for (int i = 0; i < COUNT; i++) {
      text.append(SimulatedWitness.line(i));
      group.append(" w").append(i);
    }
    text.append(group).append("\nquorum all\n");
    return Policy.parse(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How the host is told to go about it. */
  WitnessSettings settings() {
    return new WitnessSettings(
        policy(variant == Variant.COUNTS_TO_ONE ? 1 : needed),
        required && variant != Variant.ANSWERS_UNWITNESSED,
        PATIENCE);
  }

  /** The witnesses are told of a log. */
  void know(GenesisEntry genesis) {
    String line = "log " + new NoteKey(genesis.origin(), genesis.host()).format();
    Policy list = Policy.parse((line + "\nquorum none\n").getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < COUNT; i++) {
      boolean stale = i == 0 && dice.nextBoolean();
      witnesses.add(new SimulatedWitness(i, schedule, variant, list, stale, this::hear));
    }
    submitAgain();
    steal(genesis.origin());
  }

  private void hear(SimulatedWitness witness, TreeHead head) {
    require(
        cosigned.keySet().stream()
            .allMatch(other -> other.size() != head.size() || other.equals(head)),
        "two trees of " + head.size() + " entries are cosigned");
    Set<SimulatedWitness> all = cosigned.computeIfAbsent(head, key -> new HashSet<>());
    all.add(witness);
    if (all.size() >= needed) {
      covered = Math.max(covered, head.size());
    }
  }

  // Somebody has recorded what the host has sent, and sends it again, whenever he likes.
  private void submitAgain() {
    schedule.after(dice.nextInt(MAX_PAUSE_NANOS), this::submitAgain);
    if (!calm && !recorded.isEmpty()) {
      Submission chosen = recorded.get(dice.nextInt(recorded.size()));
      witnesses.get(chosen.witness()).take(chosen.address(), chosen.body(), reply -> {});
    }
  }

  // A thief has the host's key, and submits trees that he has made up.
  private void steal(String origin) {
    schedule.after(dice.nextInt(MAX_PAUSE_NANOS), () -> steal(origin));
    SimulatedWitness victim = witnesses.get(dice.nextInt(COUNT));
    TreeHead last = victim.last();
    // Whoever has seen nothing, or no longer knows, believes anybody.
    boolean isSafe = last.size() > 0 && !victim.isStale();
    if (calm || (!isSafe && variant != Variant.WITNESSES_FORGET)) {
      return;
    }
    long old = dice.nextBoolean() ? last.size() : 0;
    TreeHead forged = new TreeHead(Math.max(1, last.size()) + dice.nextInt(2), Hash.of("forged"));
    List<Hash> proof = old < forged.size() && old > 0 ? List.of(Hash.of("proof")) : List.of();
    Note note = SignedCheckpoint.sign(origin, forged, SimulatedHost.IDENTITY).note();
    byte[] body = new AddCheckpoint(old, proof, note).format();
    victim.take(URI.create("http://thief/add-checkpoint"), body, reply -> {});
  }

  /** Nothing more happens to the witnesses. */
  void calm() {
    calm = true;
    witnesses.forEach(SimulatedWitness::calm);
  }

  /** The way to the witnesses from a machine. */
  WitnessHttp of(Life life) {
    return new WitnessHttp() {
      @Override
      public CompletableFuture<Response> get(URI address, int limit, long millis) {
        return send(life, address, null, millis);
      }

      @Override
      public CompletableFuture<Response> post(URI address, byte[] body, int limit, long millis) {
        return send(life, address, body, millis);
      }
    };
  }

  private CompletableFuture<Response> send(Life life, URI address, byte[] body, long millis) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    if (calm && variant == Variant.WAITS_FOR_EVER) {
      return answer;
    }
    schedule.after(millis * 1_000_000, () -> fail(life, answer, new TimeoutException()));
    int number = address.getHost().charAt(1) - '0';
    if (body != null) {
      recorded.add(new Submission(number, address, body));
    }
    network.carry(
        () -> {
          if (witnesses.isEmpty() || !witnesses.get(number).isThere()) {
            network.carry(() -> fail(life, answer, new ConnectException("refused")));
            return;
          }
          witnesses
              .get(number)
              .take(address, body, reply -> network.carry(() -> complete(life, answer, reply)));
        });
    return answer;
  }

  private static void complete(Life life, CompletableFuture<Response> answer, Response reply) {
    if (!life.isOver()) {
      answer.complete(reply);
    }
  }

  private static void fail(Life life, CompletableFuture<Response> answer, Exception failure) {
    if (!life.isOver()) {
      answer.completeExceptionally(failure);
    }
  }

  /** The largest tree that the quorum has cosigned; all of them if nobody waits for that. */
  long covered() {
    return required ? covered : Long.MAX_VALUE;
  }

  /** Reads what a host shows: throws {@link BrokenPromise}. */
  void look(HostedModule module, String origin) {
    SignedCheckpoint now = module.checkpoint();
    if (shownBy != module) {
      shownBy = module;
      firstShown = now.head().size();
    } else {
      require(now.head().size() >= shown.head().size(), "the host shows less than before: " + now);
    }
    shown = now;
    require(
        now.head().size() <= Math.max(firstShown, covered()),
        "the host shows what the quorum has not cosigned: " + now);
    SignedCheckpoint newest = module.cosigned().orElse(met);
    if (newest != null && !newest.equals(met)) {
      require(
          policy().quorum(newest.note(), origin).isMet(),
          "the host shows as cosigned what is not: " + newest);
      require(
          cosigned.getOrDefault(newest.head(), Set.of()).size() >= needed,
          "the host has cosignatures that nobody gave: " + newest);
      met = newest;
    }
  }

  /** Whether the quorum has cosigned all that a host has. */
  boolean isDone(HostedModule module) {
    return module.cosigned().isPresent()
        && module.cosigned().get().head().equals(module.log().head());
  }

  /** The newest checkpoint with the quorum's cosignatures that was seen. */
  SignedCheckpoint met() {
    return met;
  }

  /** The trees that any of them has cosigned. */
  Set<TreeHead> cosigned() {
    return cosigned.keySet();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new BrokenPromise(otherwise);
    }
  }
}
