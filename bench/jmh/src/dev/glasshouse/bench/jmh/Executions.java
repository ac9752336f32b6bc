package dev.glasshouse.bench.jmh;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.Script;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What is done under the lock: the calls of a request, and the entry that says what they came to. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Executions {
  private static final Map<String, String> SCRIPTS =
      Map.of(
          "in-memory",
          "let n = 0; exports.increment = () => ++n",
          "persistent",
          "const fs = System.files; exports.increment = async () => {"
              + " const i = await fs.readFile('/counter', 'json') + 1;"
              + " await fs.writeFile('/counter', i); return i }");

  @Param({"in-memory", "persistent"})
  public String counter;

  private final Map<Hash, byte[]> blobs = new HashMap<>();
  private Executor executor;
  private Execution done;
  private byte[] entry;

  /** The executor belongs to the thread that runs the benchmark. */
  @Setup(Level.Trial)
  public void load(Calls made) throws ScriptException {
    executor = new Executor(Engines.named("v8"), Limits.DEFAULT, blobs::get, World.NONE);
    executor.load(
        new Script("counter.js", Script.Kind.COMMONJS, SCRIPTS.get(counter)), 0, InputTape.recording());
    done = execute(made);
    entry = derive(made);
  }

  @TearDown(Level.Trial)
  public void close() {
    executor.close();
  }

  @Benchmark
  public Execution execute(Calls made) {
    Execution execution =
        executor.execute(made.caller.id(), made.call.calls(), 0, InputTape.recording());
    blobs.putAll(execution.blobs());
    return execution;
  }

  @Benchmark
  public byte[] derive(Calls made) {
    return done.call(1, Hash.ZERO, 0, made.caller, made.request).bytes();
  }

  @Benchmark
  public Entry parse() {
    return Entry.parse(entry, hash -> null);
  }
}
