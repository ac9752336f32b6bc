package dev.glasshouse.bench.jmh;

import dev.glasshouse.calllog.SignedCall;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What is done with a request before it has the lock. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Requests {

  @Benchmark
  public SignedCall parse(Calls made) {
    return SignedCall.parse(made.request);
  }

  @Benchmark
  public boolean verify(Calls made) {
    return made.caller.key().verify(made.message, made.caller.signature());
  }
}
