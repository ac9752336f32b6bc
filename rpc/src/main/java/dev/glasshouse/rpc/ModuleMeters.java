package dev.glasshouse.rpc;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.ImagePages;
import dev.glasshouse.calllog.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * What one module reports of how it is doing, each meter with the label {@code module}, its title.
 * All meters exist from the start; to report to one neither allocates nor waits.
 */
final class ModuleMeters {
  /** Upper bounds of what times are sorted into. */
  private static final Duration[] TIMES =
      LongStream.of(
              100,
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              10_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private static final double[] ENTRIES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  private static final double MILLIS_PER_SECOND = 1000;

  private final Meters all;
  private final MeterRegistry registry;
  private final String module;
  private final Counter ok;
  private final Counter thrown;
  private final Counter trapped;
  private final Counter aborted;
  private final Map<CallRefused.Reason, Counter> refused = new EnumMap<>(CallRefused.Reason.class);
  private final Counter fuel;
  private final Counter failures;
  private final Timer lockWait;
  private final Timer execute;
  private final Timer commit;
  private final DistributionSummary commitEntries;

  // Milliseconds since 1970, 0 for never, and bytes.
  private volatile long checkpointTime;
  private volatile long imageTime;
  private volatile long imageBytes;

  /** Meters that say 0. */
  ModuleMeters(Meters meters, String module) {
    this.all = meters;
    this.registry = meters.registry();
    this.module = module;
    this.ok = calls("ok");
    this.thrown = calls("thrown");
    this.trapped = calls("trapped");
    this.aborted = calls("aborted");
    for (CallRefused.Reason reason : CallRefused.Reason.values()) {
      refused.put(
          reason,
          Counter.builder("glasshouse.refusals")
              .description("Requests that were refused, by reason")
              .tag("module", module)
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    this.fuel = counter("glasshouse.fuel", "Polls of the interpreter, the measure of work");
    this.failures = counter("glasshouse.failures", "Failures of the host, each with a reload");
    this.lockWait = timer("glasshouse.lock.wait", "From a request's arrival to its execution");
    this.execute = timer("glasshouse.execute", "Execution of one request or timer");
    this.commit = timer("glasshouse.commit", "Append, sync and signature of what had gathered");
    this.commitEntries =
        DistributionSummary.builder("glasshouse.commit.entries")
            .description("Entries that were made durable together")
            .tag("module", module)
            .serviceLevelObjectives(ENTRIES)
            .register(registry);
  }

  /** Those of the whole host. */
  Meters all() {
    return all;
  }

  private Counter calls(String outcome) {
    return Counter.builder("glasshouse.calls")
        .description("Calls that are durable, by outcome")
        .tag("module", module)
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tag("module", module).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .tag("module", module)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  /** Shows from now on what a module that serves says when it is asked. */
  void watch(HostedModule hosted) {
    gauge(
        hosted, "glasshouse.requests.waiting", "", "Requests in the queue", HostedModule::waiting);
    gauge(
        hosted,
        "glasshouse.ready",
        "",
        "1 while the module takes calls",
        it -> it.unready() == null ? 1 : 0);
    gauge(hosted, "glasshouse.log.entries", "", "Durable entries", it -> it.log().head().size());
    gauge(
        hosted,
        "glasshouse.checkpoint.entries",
        "",
        "Size of the checkpoint for readers",
        it -> it.checkpoint().head().size());
    gauge(
        hosted,
        "glasshouse.cosigned.entries",
        "",
        "Size of the newest checkpoint with the witnesses' quorum",
        it -> it.cosigned().map(cosigned -> cosigned.head().size()).orElse(0L));
    gauge(
        hosted,
        "glasshouse.checkpoint.timestamp",
        "seconds",
        "When the newest entry became durable; after a start, the entry's time",
        it -> seconds(checkpointTime));
    gauge(
        hosted,
        "glasshouse.image.timestamp",
        "seconds",
        "When the newest image became durable; after a start, its entry's time",
        it -> seconds(imageTime));
    gauge(
        hosted,
        "glasshouse.guest.heap",
        "bytes",
        "The module's heap when the newest image was taken",
        it -> imageTime == 0 ? Double.NaN : imageBytes);
  }

  private void gauge(
      HostedModule hosted,
      String name,
      String unit,
      String description,
      ToDoubleFunction<HostedModule> value) {
    Gauge.builder(name, hosted, value)
        .description(description)
        .baseUnit(unit.isEmpty() ? null : unit)
        .tag("module", module)
        .strongReference(true)
        .register(registry);
  }

  private static double seconds(long millis) {
    return millis == 0 ? Double.NaN : millis / MILLIS_PER_SECOND;
  }

  /** A log was loaded, with at least its genesis entry. */
  void begin(CallLog log) {
    checkpointTime = log.entry(log.head().size() - 1).time();
    List<Long> images = log.images();
    if (!images.isEmpty()
        && log.entry(images.get(images.size() - 1)) instanceof ImageEntry newest) {
      imageTime = newest.time();
      imageBytes = newest.heap().pages().length() / Hash.BYTES * HeapReference.PAGE_BYTES;
    }
  }

  /** A request has waited for its turn. */
  void waited(long nanos) {
    lockWait.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request or a timer was executed. */
  void executed(long nanos, List<Outcome> outcomes) {
    execute.record(nanos, TimeUnit.NANOSECONDS);
    long used = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      used += outcomes.get(i).fuel();
    }
    fuel.increment((double) used);
  }

  /** Entries became durable together, in this time. */
  void committed(long nanos, List<Executed> entries) {
    commit.record(nanos, TimeUnit.NANOSECONDS);
    commitEntries.record(entries.size());
    long now = System.currentTimeMillis();
    checkpointTime = now;
    int returned = 0;
    for (int i = 0; i < entries.size(); i++) {
      Executed entry = entries.get(i);
      ImagePages image = entry.pending().image();
      if (image != null) {
        imageBytes = (long) image.pages().size() * HeapReference.PAGE_BYTES;
        imageTime = now;
      }
      returned += count(entry);
    }
    ok.increment(returned);
  }

  // Gives how many calls returned, and counts those that did not.
  private int count(Executed entry) {
    List<Outcome> outcomes = entry.outcomes();
    if (outcomes.isEmpty() && entry.submission() != null) {
      aborted.increment(entry.submission().calls().size());
    }
    int returned = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Ok) {
        returned++;
      } else {
        (outcome instanceof Outcome.Thrown ? thrown : trapped).increment();
      }
    }
    return returned;
  }

  /** A request was refused. */
  void refused(CallRefused.Reason reason) {
    refused.get(reason).increment();
  }

  /** The host failed, and loads the module again. */
  void failed() {
    failures.increment();
  }
}
