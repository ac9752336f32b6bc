package dev.glasshouse.cli;

import dev.glasshouse.calllog.Limits;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The flags for the limits of a log. What is not given stays as it is. */
final class LimitOptions implements UnaryOperator<Limits> {
  @Option(
      names = "--fuel",
      paramLabel = "N",
      description = "Work that one call may do, in polls of 10,000 loop turns (default: 2000).")
  private Long fuel;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Memory of the module (default: 64m).")
  private Long heap;

  @Option(
      names = "--stack",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Stack of the module, in bytes (default: 900000, which is the most).")
  private Long stack;

  @Option(
      names = "--max-request",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Bytes of a request (default: 4m).")
  private Long request;

  @Option(
      names = "--max-result",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Bytes of a result or an oracle's answer (default: 4m).")
  private Long result;

  @Option(
      names = "--max-file",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Bytes of one file (default: 8m).")
  private Long file;

  @Option(
      names = "--max-written",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Bytes of files that one request may write (default: 64m).")
  private Long written;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = MillisConverter.class,
      description = "How long a call may wait for its timers, while others wait (default: 10s).")
  private Long waiting;

  @Option(
      names = "--watchdog",
      paramLabel = "TIME",
      converter = MillisConverter.class,
      description = "After how long the host ends a call that uses no fuel (default: 10s).")
  private Long watchdog;

  /** Throws {@link dev.glasshouse.calllog.MalformedException} for what is out of range. */
  @Override
  public Limits apply(Limits base) {
    return new Limits(
        or(fuel, base.fuel()),
        or(heap, base.heap()),
        or(stack, base.stack()),
        or(request, base.request()),
        or(result, base.result()),
        or(file, base.file()),
        or(written, base.written()),
        or(waiting, base.waiting()),
        or(watchdog, base.watchdog()));
  }

  private static long or(Long given, long otherwise) {
    return given != null ? given : otherwise;
  }
}
