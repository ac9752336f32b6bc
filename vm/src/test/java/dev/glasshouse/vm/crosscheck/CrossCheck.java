package dev.glasshouse.vm.crosscheck;

import com.caoccao.javet.interop.options.V8RuntimeOptions;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs programs on one engine and prints what can be seen of them: two runs are alike when their
 * lines are.
 *
 * <pre>
 * seeds  ENGINE CHANGE FROM TO   a line for each program: seed, turns, hash of all that was seen
 * turns  ENGINE CHANGE FROM TO   a line for each turn, with its reply
 * show   SEED                    the program and its calls
 * </pre>
 *
 * <p>CHANGE is one of {@link Subject.Change}. The system property {@code crosscheck.v8flags} holds
 * flags of V8, which decide how it compiles WebAssembly.
 */
public final class CrossCheck {
  private final Subject.Change change;
  private final long from;
  private final long to;
  private final PrintStream out;

  private CrossCheck(Subject.Change change, long from, long to, PrintStream out) {
    this.change = change;
    this.from = from;
    this.to = to;
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (args[0].equals("show")) {
      out.print(Program.of(Long.parseLong(args[1])).show());
      return;
    }
    SandboxEngine engine = engine(args[1]);
    CrossCheck check =
        new CrossCheck(
            Subject.Change.valueOf(args[2]), Long.parseLong(args[3]), Long.parseLong(args[4]), out);
    Throwable[] failed = new Throwable[1];
    Thread thread =
        SandboxThread.create(
            "crosscheck",
            args[0].equals("turns") ? () -> check.turns(engine) : () -> check.seeds(engine));
    thread.setUncaughtExceptionHandler((ended, e) -> failed[0] = e);
    thread.start();
    thread.join();
    if (failed[0] != null) {
      failed[0].printStackTrace();
      System.exit(1);
    }
  }

  private void seeds(SandboxEngine engine) {
    try (Subject subject = new Subject(engine, change)) {
      for (long seed = from; seed < to; seed++) {
        StringBuilder lines = new StringBuilder();
        List<Observation> seen = subject.run(Program.of(seed));
        seen.forEach(turn -> lines.append(turn.line()).append('\n'));
        out.println(seed + " " + seen.size() + " " + Hash.of(lines.toString()).hex());
      }
    }
  }

  private void turns(SandboxEngine engine) {
    try (Subject subject = new Subject(engine, change)) {
      for (long seed = from; seed < to; seed++) {
        for (Observation turn : subject.run(Program.of(seed))) {
          out.println(seed + " " + turn.line());
        }
      }
    }
  }

  // V8 takes its flags when its library is loaded: these come after the engine's own.
  private static SandboxEngine engine(String name) {
    String flags = System.getProperty("crosscheck.v8flags", "");
    if (name.equals(V8Engine.instance().name()) && !flags.isEmpty()) {
      V8RuntimeOptions.V8_FLAGS.setCustomFlags(
          V8RuntimeOptions.V8_FLAGS.getCustomFlags() + " " + flags);
    }
    return Engines.named(name);
  }
}
