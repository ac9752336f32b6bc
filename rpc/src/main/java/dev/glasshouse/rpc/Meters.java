package dev.glasshouse.rpc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/** What is measured in one process, as text for Prometheus. Safe for several threads. */
public final class Meters {
  /** The media type of {@link #format}: Prometheus's text format. */
  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double BYTES_PER_KIB = 1024;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** No meters yet. */
  public Meters() {}

  MeterRegistry registry() {
    return registry;
  }

  /**
   * Adds those of the process and its Java, until what it gives is closed.
   *
   * @param connections how many the service has
   */
  JvmGcMetrics watchProcess(IntSupplier connections) {
    Gauge.builder("glasshouse.connections", connections, IntSupplier::getAsInt)
        .description("Open connections, of callers and readers")
        .strongReference(true)
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    if (Files.isReadable(STATUS)) {
      Gauge.builder("process.resident.memory", Meters::residentBytes)
          .description("Memory of the process, with that of V8 and RocksDB")
          .baseUnit("bytes")
          .register(registry);
    }
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    return collections;
  }

  // Linux alone says so (proc_pid_status(5), VmRSS).
  private static double residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB;
        }
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }

  /** All meters as they are now. */
  String format() {
    return registry.scrape();
  }
}
