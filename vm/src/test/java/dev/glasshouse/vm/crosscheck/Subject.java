package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One engine, made to run programs. Confined to a thread that may own a sandbox. */
final class Subject implements AutoCloseable {
  /** What is done to a program's turns, to see whether it is noticed. */
  enum Change {
    /** Nothing. */
    NONE,
    /** Rehearsals that are rewound, and restarts from an image: neither may leave a trace. */
    DISTURBED,
    /** The clock is 1 ms fast. */
    CLOCK,
    /** Each call has one poll less. */
    FUEL,
    /** Entropy from another seed. */
    ENTROPY
  }

  private static final long STACK = 900_000;
  private static final long LOAD_FUEL = 50;
  private static final long WAIT_MILLIS = 5_000;

  /** Turns of timers that are run after one call at most. */
  private static final int TURNS = 4;

  private final Map<Long, Sandbox> guests = new HashMap<>();
  private final Map<Long, HeapImage> fresh = new HashMap<>();
  private final HeapHash heapHash = new HeapHash();
  private final Change change;

  // Of the program that runs.
  private Sandbox guest;
  private ProgramHost host;
  private Random disturbance;
  private long clock;
  private List<Observation> seen;

  Subject(SandboxEngine engine, Change change) {
    this.change = change;
    for (long heap : Program.HEAPS) {
      Sandbox guest = engine.open(GuestImage.bundled(), heap, STACK);
      guests.put(heap, guest);
      fresh.put(heap, guest.image());
    }
  }

  /** Runs the program from a fresh guest; what a turn that traps has done is undone. */
  List<Observation> run(Program program) {
    guest = guests.get(program.heap());
    guest.restore(fresh.get(program.heap()));
    host = new ProgramHost(program.seed() + (change == Change.ENTROPY ? 1 : 0));
    disturbance = new Random(program.seed());
    clock = program.time();
    seen = new ArrayList<>();
    host.begin(0);
    Script script = new Script("program.js", Script.Kind.COMMONJS, program.source());
    Reply loaded = see(0, "load", guest.load(script, time(clock), LOAD_FUEL, host));
    if (loaded.trap() == null && !loaded.text().startsWith("e")) {
      for (int i = 1; i <= program.calls().size(); i++) {
        call(i, program.calls().get(i - 1));
      }
    }
    return seen;
  }

  // The call, what it waits for, and the timers that it leaves: each turn is seen.
  private void call(int number, Program.Call call) {
    if (change == Change.DISTURBED && disturbance.nextInt(4) == 0) {
      guest.restore(guest.image());
    }
    clock = Math.max(clock, call.time());
    guest.mark(0);
    long began = clock;
    host.begin(number);
    if (change == Change.DISTURBED && disturbance.nextInt(4) == 0) {
      run(call.turn(), call.fuel());
      guest.rewind(0);
      host.undo();
      host.begin(number);
    }
    Reply reply = turn(number, call.turn(), call.fuel());
    for (int i = 0; i < TURNS && reply.trap() == null; i++) {
      if (reply.due() == Reply.NO_TIMER || reply.due() > began + WAIT_MILLIS) {
        return;
      }
      clock = Math.max(clock, reply.due());
      boolean waits = reply.isWaiting();
      if (!waits) {
        guest.mark(0);
        host.begin(number * TURNS + i);
      }
      reply = turn(number, waits ? Turn.FIRE : Turn.TIMER, call.fuel());
      if (reply.trap() != null && !waits) {
        guest.rewind(0);
        host.undo();
        // What follows is undone if there is no room even to forget the timer.
        reply = turn(number, Turn.DROP, call.fuel());
        break;
      }
    }
    if (reply.trap() != null) {
      guest.rewind(0);
      host.undo();
    }
  }

  private Reply turn(int number, Turn turn, long fuel) {
    return see(number, turn.toString(), run(turn, fuel));
  }

  private Reply run(Turn turn, long fuel) {
    long allowed = Math.max(0, fuel - (change == Change.FUEL ? 1 : 0));
    return guest.run(turn, time(clock), allowed, host);
  }

  private Reply see(int number, String turn, Reply reply) {
    String text = reply.trap() == null ? reply.text() : "trap " + reply.trap().text();
    Hash heap = heapHash.of(guest.image());
    seen.add(new Observation(number, turn, text, reply.fuel(), host.asked(), heap));
    return reply;
  }

  private long time(long time) {
    return change == Change.CLOCK ? time + 1 : time;
  }

  @Override
  public void close() {
    guests.values().forEach(Sandbox::close);
  }
}
