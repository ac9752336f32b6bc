package dev.glasshouse.vm.crosscheck;

import dev.glasshouse.vm.sandbox.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random module and the calls to make to it; its methods leave traces in the module's variables
 * that later calls meet.
 *
 * @param seed what all of it was made from
 * @param source a CommonJS module
 * @param heap bytes that its guest may allocate
 * @param time milliseconds since 1970 while it loads
 * @param calls at most {@link #CALLS}, in order
 */
record Program(long seed, String source, long heap, long time, List<Call> calls) {
  /** Calls of each program. */
  static final int CALLS = 25;

  /** Heap limits; in the second, what is left once a program has loaded is its ballast's choice. */
  static final List<Long> HEAPS = List.of(8L << 20, 3L << 20);

  private static final int DEPTH = 8;
  private static final int PARAMETER_DEPTH = 3;
  private static final int METHODS = 5;
  private static final int FUNCTIONS = 3;

  /** One call: its time in milliseconds, its fuel in polls, and its parameters as JSON. */
  record Call(String method, String params, long time, long fuel) {
    Turn turn() {
      return Turn.call(method, "ann", "[" + params + "]");
    }
  }

  static Program of(long seed) {
    // The first numbers of neighbouring seeds are alike.
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    Grammar.Text text = Grammar.bundled().text(random);
    StringBuilder source = new StringBuilder(random.nextInt(4) == 0 ? "'use strict';" : "");
    source.append(text.write("prelude", 3)).append('\n');
    source.append(text.write("prelude-class", 3)).append('\n');
    for (int i = 0; i < FUNCTIONS; i++) {
      String function = text.write("function", 4);
      source.append("const f").append(i).append(" = ").append(function).append(";\n");
      text.declareFunction("f" + i);
    }
    for (int i = 0; i < METHODS; i++) {
      String method = text.write("method", DEPTH);
      source.append("exports.m").append(i).append(" = ").append(method).append(";\n");
    }
    long heap = HEAPS.get(random.nextInt(8) == 0 ? 1 : 0);
    if (heap == HEAPS.get(1)) {
      source.append(text.write("ballast", 2)).append('\n');
    }
    long start = 1_700_000_000_000L + random.nextInt(1_000_000_000) * 100L;
    long time = start;
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      time += random.nextInt(4) == 0 ? random.nextInt(2_000_000_000) : random.nextInt(3);
      // Few have much: calls that burn all of it would take most of the time.
      int allowance = random.nextInt(8);
      long fuel = allowance == 0 ? 12 : allowance == 1 ? random.nextInt(3) : 4;
      String params =
          text.write("json", PARAMETER_DEPTH) + "," + text.write("json", PARAMETER_DEPTH);
      calls.add(new Call("m" + random.nextInt(METHODS), params, time, fuel));
    }
    return new Program(seed, source.toString(), heap, start, calls);
  }

  /** The program and its calls, to read. */
  String show() {
    StringBuilder out = new StringBuilder();
    out.append("// seed ").append(seed).append(", heap ").append(heap).append('\n').append(source);
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      out.append("// call ").append(i + 1).append(": ").append(call.method()).append('(');
      out.append(call.params()).append(") at ").append(call.time()).append(", fuel ");
      out.append(call.fuel()).append('\n');
    }
    return out.toString();
  }
}
