package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.witness.AddCheckpoint;
import dev.glasshouse.calllog.witness.LogCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.WitnessKey;
import dev.glasshouse.rpc.witness.Approval;
import dev.glasshouse.rpc.witness.SimulatedWitnessServer;
import dev.glasshouse.rpc.witness.Witness;
import dev.glasshouse.rpc.witness.WitnessHttp.Response;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A witness's program on a machine and a disk of its own: it answers one request after another,
 * crashes, is away for a while, and comes back with what it has on disk. One that is stale may come
 * back with what it had there earlier.
 */
final class SimulatedWitness {
  private static final long START_SECONDS = 1_767_225_600;
  private static final int MAX_CLOCK_OFFSET = 5;
  private static final int MAX_LIFE_NANOS = 600_000_000;
  private static final int MAX_ABSENCE_NANOS = 300_000_000;
  private static final int LOOK_NANOS = 20_000_000;

  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Request(URI address, byte[] body, Consumer<Response> reply) {}

  private final String name;
  private final Identity identity;
  private final Schedule schedule;
  private final Random dice;
  private final Variant variant;
  private final Policy list;
  private final boolean stale;
  private final BiConsumer<SimulatedWitness, TreeHead> heard;
  private final Deque<Request> queue = new ArrayDeque<>();
  private SimulatedDisk disk;
  private Map<String, byte[]> backup;
  private Life life;
  private long crashAt;
  private boolean failed;
  private boolean calm;
  private TreeHead last = TreeHead.EMPTY;

  /**
   * A witness that is away, and will come.
   *
   * @param list whose logs it cosigns
   * @param stale whether it may come back with an older state
   * @param heard hears what it has cosigned, before anybody else does
   */
  SimulatedWitness(
      int number,
      Schedule schedule,
      Variant variant,
      Policy list,
      boolean stale,
      BiConsumer<SimulatedWitness, TreeHead> heard) {
    this.name = "w" + number;
    this.identity = identity(number);
    this.schedule = schedule;
    this.dice = schedule.dice();
    this.variant = variant;
    this.list = list;
    this.stale = stale;
    this.heard = heard;
    this.disk = new SimulatedDisk(schedule, Variant.AS_IT_IS);
    disk.fail(dice.nextInt(12), dice.nextInt(6));
    schedule.after(dice.nextInt(MAX_ABSENCE_NANOS), this::come);
  }

  private static Identity identity(int number) {
    return Identity.ofSeed(Hash.of("witness " + number).bytes());
  }

  /** The line of a policy for a witness. */
  static String line(int number) {
    WitnessKey key = new WitnessKey("example/w" + number, identity(number).publicKey());
    return "witness w" + number + " " + key.format() + " http://w" + number + "\n";
  }

  private void come() {
    failed = false;
    life = new Life(schedule, disk, null);
    disk.begin(life);
    if (backup == null || dice.nextInt(3) == 0) {
      backup = disk.files().contents();
    }
    crashAt = schedule.now() + dice.nextInt(MAX_LIFE_NANOS);
    long offset = START_SECONDS + dice.nextInt(MAX_CLOCK_OFFSET);
    Life begun = life;
    begun.startMain(() -> serve(offset));
    look();
  }

  private void look() {
    if (failed || disk.isCrashed() || (!calm && schedule.now() > crashAt)) {
      crash();
    } else {
      schedule.after(LOOK_NANOS, this::look);
    }
  }

  private void crash() {
    life.end();
    queue.clear();
    disk.crashed(dice.nextBoolean());
    if (variant == Variant.WITNESSES_FORGET) {
      disk.files().restore(Map.of());
      last = TreeHead.EMPTY;
    } else if (stale && dice.nextBoolean()) {
      disk.files().restore(backup);
      last = TreeHead.EMPTY;
    }
    life = null;
    schedule.after(dice.nextInt(MAX_ABSENCE_NANOS), this::come);
  }

  /** What it has cosigned last in this life, or remembers from earlier ones. */
  TreeHead last() {
    return last;
  }

  /** Whether it may come back with an older state. */
  boolean isStale() {
    return stale;
  }

  /** Nothing more happens to it. */
  void calm() {
    calm = true;
    disk.fail(0, 0);
  }

  /** Whether somebody listens at its address. */
  boolean isThere() {
    return life != null;
  }

  /**
   * Takes a request.
   *
   * @param body of a submission, or null for what is read
   */
  void take(URI address, byte[] body, Consumer<Response> reply) {
    if (isThere()) {
      queue.add(new Request(address, body, reply));
    }
  }

  private void serve(long offset) {
    try {
      Witness witness =
          Witness.open(
              disk.files().directory(),
              "example/" + name,
              identity,
              list,
              approval(),
              () -> offset + schedule.now() / 1_000_000_000);
      while (true) {
        schedule.block(() -> !queue.isEmpty(), Long.MAX_VALUE);
        answer(witness, queue.remove());
      }
    } catch (IOException e) {
      if (!e.getMessage().contains("Input/output error")) {
        throw new BrokenPromise("the witness " + name + " does not start", e);
      }
      failed = true;
    }
  }

  private void answer(Witness witness, Request request) {
    Response response = SimulatedWitnessServer.answer(witness, request.address(), request.body());
    if (request.body() != null && response.status() == 200) {
      cosigned(LogCheckpoint.parse(AddCheckpoint.parse(request.body()).checkpoint()).head());
    }
    request.reply().accept(response);
  }

  private void cosigned(TreeHead head) {
    boolean isSame = head.size() == last.size() && !head.root().equals(last.root());
    if (head.size() < last.size() || isSame) {
      throw new BrokenPromise(name + " has cosigned " + head + " after " + last);
    }
    last = head;
    heard.accept(this, head);
  }

  // Some logs take long to be checked, and now and then that comes to nothing.
  private Approval approval() {
    return (oldSize, newer) -> {
      int chance = calm ? 100 : dice.nextInt(100);
      return chance < 3
          ? Approval.Verdict.refused("it is found wrong")
          : chance < 9 ? Approval.Verdict.undecided("not now") : Approval.Verdict.approved();
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
