package dev.glasshouse.bench.jmh;

import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.Limits;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.vm.Execution;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.InputTape;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.ScriptException;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.GuestImage;
import dev.glasshouse.vm.sandbox.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/**
 * What is done once a request was executed: so many entries of 200 bytes become durable under one
 * signed checkpoint, and each gets its receipt.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Appends {
  private static final int ENTRY_BYTES = 200;

  @Param({"1", "64", "256"})
  public int entries;

  private final Random random = new Random(1);
  private Path dir;
  private CallLog log;
  private byte[] last;

  @Setup(Level.Trial)
  public void open() throws IOException, ScriptException {
    dir = Files.createTempDirectory("glasshouse-jmh");
    log = CallLog.open(dir, Identity.ofSeed(new byte[Identity.SEED_BYTES]));
    log.append(List.of(genesis()));
    append();
  }

  @TearDown(Level.Trial)
  public void remove() throws IOException {
    log.close();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  public final SignedCheckpoint append() {
    List<CallLog.Pending> pending = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      last = new byte[ENTRY_BYTES];
      random.nextBytes(last);
      pending.add(new CallLog.Pending(last, Map.of(), null, null));
    }
    return log.append(pending);
  }

  @Benchmark
  public byte[] receipt() {
    long size = log.head().size();
    return log.receipt(size - 1, last, size).format();
  }

  private static CallLog.Pending genesis() throws ScriptException {
    Script script = new Script("counter.js", Script.Kind.COMMONJS, "exports.increment = () => 1");
    GuestImage image = GuestImage.bundled();
    String nonce = "00".repeat(16);
    Map<Hash, byte[]> blobs = new HashMap<>();
    try (Executor executor =
        new Executor(Engines.named("v8"), Limits.DEFAULT, hash -> null, World.NONE)) {
      Execution execution = executor.load(script, 0, InputTape.recording());
      GenesisEntry entry =
          new GenesisEntry(
              0,
              GenesisEntry.origin("jmh", nonce),
              Identity.ofSeed(new byte[Identity.SEED_BYTES]).publicKey(),
              false,
              "jmh",
              nonce,
              Replay.reference(script, blobs),
              new BlobReference(image.interpreterHash(), image.interpreter().length),
              new BlobReference(image.bootstrapHash(), image.bootstrap().length),
              Limits.DEFAULT,
              execution.inputs(),
              (Outcome.Ok) execution.outcomes().get(0),
              execution.writes(),
              execution.root());
      Execution.Derived derived = execution.genesis(entry);
      blobs.putAll(derived.blobs());
      return new CallLog.Pending(derived.bytes(), blobs, null, null);
    }
  }
}
