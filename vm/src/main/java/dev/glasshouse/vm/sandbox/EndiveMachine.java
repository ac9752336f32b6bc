package dev.glasshouse.vm.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

/**
 * One instance of the guest's interpreter, the module's own or a fork of it: {@code machine.js} in
 * Java, step by step. Both must make the same allocations in the same order, for they decide the
 * guest's heap.
 */
final class EndiveMachine {
  private static final int TAGS = 9;
  private static final int COMMONJS = 0;
  private static final int MODULE = 1;
  private static final int TAKE = 3;
  private static final int DESCRIBE = 4;
  private static final int FORK = 5;
  private static final int EVAL_MODULE = 1;

  /** Bytes: four words for lengths, then the arguments of a call. */
  private static final int SCRATCH = 32;

  private static final int ARGV = 16;
  private static final int ARGS = 4;
  private static final byte[] NOTHING = {};

  private final EndiveLink link;
  private final boolean fork;
  private final Memory memory;
  private final EndiveExports js;
  private final EndiveValues values;
  private final EndiveFuel fuel;
  private final EndiveHostCalls hostCalls;

  private int dispatch;
  private int scratch;
  private int tags;
  private int runtime;
  private int context;

  private long clock;
  private boolean stopped;

  private EndiveMachine(EndiveLink link, boolean fork) {
    this.link = link;
    this.fork = fork;
    Instance instance = EndiveEngine.instantiate(EndiveImports.of(this));
    this.memory = instance.memory();
    this.js = new EndiveExports(instance);
    this.values = new EndiveValues(memory, js);
    this.fuel = new EndiveFuel(link);
    this.hostCalls = new EndiveHostCalls(link, fork, memory, js, values, fuel, this::runFork);
  }

  /** Starts the interpreter; the value of the bootstrap script is the dispatch function. */
  static EndiveMachine boot(EndiveLink link, byte[] bootstrap, long heapLimit, long stackLimit) {
    EndiveMachine machine = new EndiveMachine(link, false);
    machine.boot(bootstrap, heapLimit, stackLimit);
    return machine;
  }

  /** A machine that goes on where another was. */
  static EndiveMachine adopt(EndiveLink link, HeapImage image) {
    return adopt(link, false, image);
  }

  private static EndiveMachine adopt(EndiveLink link, boolean fork, HeapImage image) {
    EndiveMachine machine = new EndiveMachine(link, fork);
    machine.adopt(image.memory(), image.pointers());
    return machine;
  }

  private void adopt(byte[] bytes, String pointers) {
    int missing = bytes.length / Memory.PAGE_SIZE - memory.pages();
    if (missing > 0 && memory.grow(missing) < 0) {
      throw new SandboxFailure("an image of " + bytes.length + " bytes is too large");
    }
    memory.write(0, bytes);
    int[] numbers = Stream.of(pointers.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    dispatch = numbers[0];
    scratch = numbers[1];
    values.scratchAt(scratch);
    tags = numbers[2];
    runtime = numbers[3];
    context = numbers[4];
    js.setRuntimeAndContext(runtime, context);
    js.setStackPointer(numbers[5]);
  }

  /** All of its memory, and its pointers. */
  HeapImage image() {
    byte[] bytes = memory.readBytes(0, memory.pages() * Memory.PAGE_SIZE);
    return new HeapImage(bytes, pointers());
  }

  private String pointers() {
    return IntStream.of(dispatch, scratch, tags, runtime, context, js.stackPointer())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  Memory memory() {
    return memory;
  }

  /** Whether it was left in the middle of something, and is of no more use. */
  boolean isStopped() {
    return stopped;
  }

  /** What this turn has used of what it may. */
  EndiveFuel fuel() {
    return fuel;
  }

  /** What the guest asks of the host. */
  EndiveHostCalls hostCalls() {
    return hostCalls;
  }

  // --- turns ---

  /** The start of a turn. */
  void begin(long timeMillis, long allowed) {
    clock = timeMillis;
    fuel.begin(allowed);
  }

  /**
   * Runs the interpreter. It has places where it recurses and does not look at its own limit; the
   * stack then runs out of the bottom of its memory, which WebAssembly traps at the same
   * instruction everywhere.
   *
   * @throws GuestTrap at a limit
   */
  byte[] untilTrap(Supplier<byte[]> run) {
    // Should it be left in any other way, too, it is in the middle of something.
    stopped = true;
    byte[] answer;
    try {
      answer = run.get();
    } catch (WasmInterruptedException e) {
      throw e;
    } catch (WasmEngineException e) {
      if (e.getCause() instanceof StackOverflowError) {
        throw new SandboxFailure("the thread's stack is too small for the guest", e);
      }
      throw new GuestTrap(Reply.Trap.MEMORY);
    }
    stopped = false;
    return answer;
  }

  /** Evaluates a script and lets the guest adopt what it exports. */
  byte[] load(byte[] source, byte[] name, int flags) {
    int value = values.evaluate(source, name, flags);
    if (!js.isException(value)) {
      return turn(flags == EVAL_MODULE ? MODULE : COMMONJS, value);
    }
    int exception = js.getException();
    int text = send(DESCRIBE, exception);
    js.freeValue(exception);
    return take(text);
  }

  byte[] call(Turn turn) {
    int method = values.newString(turn.method());
    int caller = turn.caller() == null ? js.getUndefined() : values.newString(turn.caller());
    int params = values.newString(turn.params());
    if (method == 0 || caller == 0 || params == 0) {
      throw new GuestTrap(Reply.Trap.MEMORY);
    }
    int started = invoke(dispatch, number(turn.tag()), method, caller, params);
    js.freeValue(method);
    js.freeValue(caller);
    js.freeValue(params);
    return quiet(started);
  }

  /** Sends one message to the guest, runs it to quiescence and takes its answer. */
  byte[] turn(int tag, int value) {
    int started = send(tag, value);
    if (value != 0) {
      js.freeValue(value);
    }
    return quiet(started);
  }

  // See machine.js.
  private byte[] quiet(int started) {
    if (js.isException(started)) {
      throw new GuestTrap(Reply.Trap.MEMORY);
    }
    if (js.isString(started) && !js.isJobPending()) {
      return take(started);
    }
    js.freeValue(started);
    drain();
    return take(send(TAKE, 0));
  }

  private byte[] take(int answer) {
    if (js.isException(answer)) {
      js.freeValue(js.getException());
      throw new GuestTrap(Reply.Trap.MEMORY);
    }
    byte[] text = values.text(answer);
    js.freeValue(answer);
    if (text == null) {
      throw new GuestTrap(Reply.Trap.MEMORY);
    }
    return text;
  }

  // Runs jobs until none is left.
  private void drain() {
    while (js.isJobPending()) {
      if (js.executePendingJob() < 0) {
        js.freeValue(js.getException());
      }
    }
  }

  // --- time ---

  /** Milliseconds since 1970 that the guest sees as now; in a fork, as the host tells it. */
  long now() {
    if (fork) {
      await(0);
    }
    return clock;
  }

  // Whether the host let the fork wait until then. It answers with the time, or with nothing.
  private boolean await(long due) {
    HostReply reply = link.ask(HostOp.WAIT, Long.toString(due), NOTHING, true);
    if (reply.kind() == EndiveHostCalls.ERROR) {
      return false;
    }
    long reached =
        reply.kind() == EndiveHostCalls.TEXT
            ? Long.parseLong(new String(reply.content(), US_ASCII))
            : due;
    clock = Math.max(clock, reached);
    return true;
  }

  // --- values ---

  private void boot(byte[] bootstrap, long heapLimit, long stackLimit) {
    js.initialize();
    if (js.init() != 0) {
      throw new SandboxFailure("the interpreter did not start");
    }
    js.setMemoryLimit((int) heapLimit);
    js.setMaxStackSize((int) stackLimit);
    js.setInterruptHandler(1);
    js.setModuleLoader(1);
    runtime = js.getRuntimePtr();
    context = js.getContextPtr();
    scratch = js.malloc(SCRATCH);
    values.scratchAt(scratch);
    tags = js.malloc(4 * TAGS);
    for (int i = 0; i < TAGS; i++) {
      memory.writeI32(tags + 4 * i, js.newNumber(i));
    }
    int make = values.evaluate(bootstrap, "bootstrap".getBytes(US_ASCII), 0);
    if (js.isException(make)) {
      throw new SandboxFailure("the bootstrap script does not load");
    }
    int name = values.copyIn("host".getBytes(US_ASCII));
    int host = js.newHostFunction(name, 4, 0);
    js.free(name);
    dispatch = invoke(make, host);
    if (js.isException(dispatch)) {
      throw new SandboxFailure("the bootstrap script does not run");
    }
    js.freeValue(make);
    js.freeValue(host);
  }

  private int invoke(int function, int... arguments) {
    for (int i = 0; i < ARGS; i++) {
      memory.writeI32(scratch + ARGV + 4 * i, i < arguments.length ? arguments[i] : 0);
    }
    int that = js.getUndefined();
    int result = js.call(function, that, arguments.length, scratch + ARGV);
    js.freeValue(that);
    return result;
  }

  private int number(int tag) {
    return memory.readInt(tags + 4 * tag);
  }

  private int send(int tag, int value) {
    return value == 0 ? invoke(dispatch, number(tag)) : invoke(dispatch, number(tag), value);
  }

  /** A promise was rejected and nobody listens: the guest's own bookkeeping sees to that. */
  void forgetRejection(int promise, int reason) {
    js.freeValue(promise);
    js.freeValue(reason);
  }

  // --- forks ---

  // Runs an oracle's function in a copy of the whole guest, with its stack as it stands inside the
  // host call, and throws the copy away. Nothing tells the host that the oracle ran out of fuel or
  // memory, or was not allowed to wait any longer.
  private byte[] runFork(int runner) {
    EndiveMachine copy = adopt(link, true, image());
    copy.begin(clock, fuel.leftForFork());
    try {
      return copy.untilTrap(() -> copy.oracle(runner));
    } catch (GuestTrap e) {
      return NOTHING;
    } finally {
      fuel.usedByFork(copy.fuel.polls());
    }
  }

  private byte[] oracle(int runner) {
    byte[] taken = turn(FORK, js.dupValue(runner));
    while (taken.length > 0 && taken[0] == 'w') {
      if (!await(Long.parseLong(new String(taken, 1, taken.length - 1, US_ASCII)))) {
        return NOTHING;
      }
      taken = turn(Turn.FIRE.tag(), 0);
    }
    return taken;
  }
}
