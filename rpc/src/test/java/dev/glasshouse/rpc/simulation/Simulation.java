package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.StoredLog;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.rpc.HostedModule;
import dev.glasshouse.rpc.SimulatedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A host, its clients and witnesses, the network between them and the disks under them, all from
 * one seed: who runs when, what is delayed, lost or comes twice, which change of a disk fails or is
 * the last before a crash, and what such a crash leaves of what was not synced.
 *
 * <p>In about half of the runs the host has witnesses ({@link SimulatedWitnesses}), for which its
 * callers wait or do not; in half it takes unsigned callers, too ({@link PlainCaller}); in half
 * some calls loop until the watchdog ends them, wait, or run out of fuel or memory ({@link
 * CountsModule}).
 *
 * <p>The host is what is served otherwise, from the text of a frame to the bytes on disk: session,
 * verification, queue, admission, sequencer, executor, sandbox, committer, log, tree head record
 * and checkpoint file, recovery and images. Of its own are the threads, which pass a baton ({@link
 * Schedule}), their locks and clocks ({@link Life}), the database, which does what {@link
 * dev.glasshouse.calllog.store.Store} promises and is not RocksDB, and the file system ({@link
 * SimulatedDisk}), and the network, which carries frames and no bytes ({@link SimulatedNetwork}).
 * Witnesses are the real ones behind such a network, without HTTP. Sandboxes are V8's, used again
 * from run to run ({@link SimulatedEngine}); what a guest computes takes no simulated time, unless
 * it says that it loops ({@link LoopingEngine}).
 *
 * <p>A seed comes to the same run each time, as {@link Result#heard} shows. What a thread does
 * between two locks is never interleaved with another's: races there are not found here.
 */
final class Simulation {
  private static final long MAX_NANOS = 600_000_000_000L;
  private static final long MAX_CALM_NANOS = 30_000_000_000L;

  private final Random dice;
  private final Schedule schedule;
  private final SimulatedDisk disk;
  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final Variant variant;
  private final boolean debug;
  private final boolean hard;
  private final SimulatedWitnesses witnesses;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final List<PlainCaller> plainCallers = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final TreeMap<Long, Hash> published = new TreeMap<>();
  private final int crashMillis;
  private final int requests;
  private HostedModule served;
  private GenesisEntry genesis;
  private Hash log;
  private boolean crash;
  private boolean calm;
  private boolean stopping;

  /**
   * What a run came to.
   *
   * @param entries of the log at its end
   * @param requests of all clients; an unsigned frame is one
   * @param aborts turns that the watchdog has ended
   * @param cosigned trees that a witness has cosigned
   * @param starts of the host
   * @param heard a digest of all that was heard, and when
   */
  record Result(
      long entries, int requests, int aborts, int cosigned, int refused, int starts, long heard) {}

  private Simulation(long seed, Variant variant) {
    // Small seeds begin alike.
    dice = new Random(seed * 0x9E3779B97F4A7C15L);
    schedule = new Schedule(dice);
    this.variant = variant;
    disk = new SimulatedDisk(schedule, variant);
    network = new SimulatedNetwork(schedule, this::covered);
    boolean isAsItIs = variant == Variant.AS_IT_IS;
    debug = isAsItIs ? dice.nextBoolean() : variant.isOfCallers();
    hard = isAsItIs ? dice.nextBoolean() : variant.isOfLoops();
    boolean witnessed = isAsItIs ? dice.nextBoolean() : variant.isOfWitnesses();
    boolean required = isAsItIs ? dice.nextBoolean() : variant != Variant.WAITS_FOR_EVER;
    witnesses = witnessed ? new SimulatedWitnesses(schedule, variant, network, required) : null;
    host = new SimulatedHost(schedule, disk, witnesses, variant, debug);
    int more = (debug ? 1 : 0) + (hard ? 1 : 0) + (witnessed ? 1 : 0);
    // What takes longer crashes less often, and is asked less.
    crashMillis = (150 + dice.nextInt(400)) * (1 + more);
    requests = 8 - 2 * more;
    network.behave(dice.nextInt(60), dice.nextInt(60), 1 + dice.nextInt(6_000_000));
    disk.fail(dice.nextInt(12), dice.nextInt(12));
  }

  /**
   * Runs.
   *
   * @throws BrokenPromise if the host did not do what it promises
   */
  static Result run(long seed, Variant variant) {
    return new Simulation(seed, variant).run();
  }

  private Result run() {
    host.start();
    schedule.after(0, this::strike);
    schedule.after(0, this::look);
    live(() -> log != null && areAllDone());
    // The storm is over. Whoever asks again hears the same.
    calm = true;
    disk.fail(0, 0);
    network.behave(0, 0, 1_000_000);
    clients.forEach(SimulatedClient::askAgain);
    plainCallers.forEach(PlainCaller::calm);
    if (witnesses != null) {
      witnesses.calm();
    }
    live(() -> areAllDone() && (witnesses == null || witnesses.isDone(served)));
    look();
    stopping = true;
    host.stop();
    require(schedule.runUntil(host::isEnded, MAX_NANOS), "the host does not stop");
    network.host(null);
    // Nothing is needed of what a clean stop has not synced.
    host.end(true);
    return examine();
  }

  private boolean areAllDone() {
    return clients.stream().allMatch(SimulatedClient::isDone)
        && plainCallers.stream().allMatch(PlainCaller::isDone);
  }

  private long covered() {
    return witnesses == null ? Long.MAX_VALUE : witnesses.covered();
  }

  // Until all is done, the host is started again whenever it has ended.
  private void live(BooleanSupplier done) {
    while (true) {
      boolean isAlive =
          schedule.runUntil(
              () -> crash || host.isEnded() || isNewlyServed() || done.getAsBoolean(),
              calm ? MAX_CALM_NANOS : MAX_NANOS);
      require(isAlive, "nothing goes on, and not all requests are answered and cosigned");
      host.requireOneHistory();
      if (crash || host.isEnded()) {
        restart();
      } else if (isNewlyServed()) {
        begin();
      } else {
        return;
      }
    }
  }

  private boolean isNewlyServed() {
    return host.module() != served;
  }

  private void restart() {
    crash = false;
    served = null;
    network.host(null);
    host.end(dice.nextBoolean());
    schedule.spend(dice.nextInt(20_000_000));
    host.start();
  }

  private void begin() {
    served = host.module();
    network.host(new SimulatedSession(served, null)::answer);
    if (log == null) {
      log = served.log().id();
      genesis = served.log().genesis();
      begin(2 + dice.nextInt(3), debug ? 1 + dice.nextInt(2) : 0);
    }
    require(log.equals(served.log().id()), "the host begins another log");
  }

  private void begin(int signing, int plain) {
    for (int i = 0; i < signing; i++) {
      int quota = 4 + dice.nextInt(requests);
      clients.add(new SimulatedClient(i, quota, hard, schedule, genesis, log, this::connect));
    }
    for (int i = 0; i < plain; i++) {
      int quota = 3 + dice.nextInt(requests);
      plainCallers.add(new PlainCaller(i, quota, hard, schedule, this::connect));
    }
    if (witnesses != null) {
      witnesses.know(genesis);
    }
  }

  private SimulatedNetwork.Link connect(SimulatedClient client) {
    return served == null || isNewlyServed()
        ? null
        : network.connect(new SimulatedSession(served, null)::answer, client, true);
  }

  private SimulatedNetwork.Link connect(PlainCaller caller) {
    if (served == null || isNewlyServed()) {
      return null;
    }
    String user = variant == Variant.CONFUSES_CALLERS ? "p1" : caller.user();
    SimulatedSession session = new SimulatedSession(served, user);
    return network.connect(BrokenSession.of(session, variant), caller, false);
  }

  // Now and then the power fails, the program is killed, or somebody stops it.
  private void strike() {
    if (calm) {
      return;
    }
    schedule.after(1 + dice.nextInt(crashMillis) * 1_000_000L, this::strike);
    if (dice.nextInt(3) > 0) {
      crash = dice.nextInt(4) > 0;
      if (!crash) {
        host.stop();
      }
    }
  }

  // Anybody may read the newest checkpoint at any time.
  private void look() {
    if (stopping) {
      return;
    }
    schedule.after(dice.nextInt(10_000_000), this::look);
    if (served != null && !isNewlyServed() && witnesses != null) {
      witnesses.look(served, genesis.origin());
    }
    CallLog current = host.log();
    if (current != null && current.checkpoint() != null) {
      TreeHead head = current.head();
      Hash before = published.put(head.size(), head.root());
      if ((before != null && !before.equals(head.root())) || published.lastKey() > head.size()) {
        broken.add("the host publishes less than before, or something else: " + head);
      }
    }
  }

  private Result examine() {
    try (CallLog last =
        StoredLog.open(
            disk.files().directory(), disk.openStore(), SimulatedHost.IDENTITY, schedule::now)) {
      FinalLog finalLog = new FinalLog(last);
      broken.forEach(finalLog::isBroken);
      plainCallers.forEach(caller -> finalLog.require(caller, host.isRoomy()));
      clients.forEach(finalLog::require);
      finalLog.requireNoOthers();
      published.forEach(finalLog::require);
      if (witnesses != null) {
        witnesses.cosigned().forEach(head -> finalLog.require(head.size(), head.root()));
      }
      finalLog.requireAll();
      finalLog.verify(witnesses, SimulatedHost.START_MILLIS + schedule.now() / 1_000_000);
      List<Asked> asked = clients.stream().flatMap(client -> client.asked().stream()).toList();
      long heard =
          clients.stream().mapToLong(SimulatedClient::heard).sum()
              + plainCallers.stream().mapToLong(PlainCaller::heard).sum();
      return new Result(
          last.head().size(),
          asked.size() + plainCallers.stream().mapToInt(each -> each.frames().size()).sum(),
          finalLog.aborts(),
          witnesses == null ? 0 : witnesses.cosigned().size(),
          (int) asked.stream().filter(each -> each.isRefused).count(),
          host.starts(),
          heard * 31 + schedule.now());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new BrokenPromise(otherwise);
    }
  }
}
