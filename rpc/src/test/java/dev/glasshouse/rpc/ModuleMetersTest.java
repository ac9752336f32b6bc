package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImagePages;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Text;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a module's meters say after what was reported to them. */
final class ModuleMetersTest {
  private static final Hash ROOT = Hash.of("root".getBytes(StandardCharsets.UTF_8));
  private static final Outcome OK = new Outcome.Ok(Text.of("1", new LinkedHashMap<>()), 3);
  private static final Outcome THROWN = new Outcome.Thrown("Error", "no", 4);
  private static final Outcome TRAPPED = new Outcome.Trapped("fuel", 2000);

  private final Meters all = new Meters();
  private final ModuleMeters meters = new ModuleMeters(all, "a \"b\"\n\\");

  private static Executed request(int calls, Outcome... outcomes) {
    Submission submission =
        new Submission(
            new Caller.User("bob"),
            "",
            null,
            Collections.nCopies(calls, new MethodCall("add", "[]")));
    return new Executed(
        1, pending(null), new Waiting(Machine.REAL), submission, List.of(outcomes), ROOT);
  }

  private static Executed unasked(ImagePages image) {
    return new Executed(1, pending(image), null, null, List.of(), ROOT);
  }

  private static CallLog.Pending pending(ImagePages image) {
    return new CallLog.Pending(new byte[10], Map.of(), null, null, image);
  }

  /** The value of a meter of this module, by its name and further labels. */
  private String value(String name, String... labels) {
    StringBuilder start = new StringBuilder(name).append("{");
    start.append("module=\"a \\\"b\\\"\\n\\\\\"");
    for (String label : labels) {
      start.append(',').append(label);
    }
    start.append("} ");
    List<String> found =
        all.format().lines().filter(line -> line.startsWith(start.toString())).toList();
    assertEquals(1, found.size(), start + " in\n" + all.format());
    return found.get(0).substring(start.length());
  }

  @Test
  void everyMeterExistsFromTheStart() {
    for (String outcome : List.of("ok", "thrown", "trapped", "aborted")) {
      assertEquals("0.0", value("glasshouse_calls_total", "outcome=\"" + outcome + "\""));
    }
    for (CallRefused.Reason reason : CallRefused.Reason.values()) {
      String label = "reason=\"" + reason.name().toLowerCase(Locale.ROOT) + "\"";
      assertEquals("0.0", value("glasshouse_refusals_total", label));
    }
    assertEquals("0", value("glasshouse_commit_seconds_count"));
    assertEquals("0", value("glasshouse_execute_seconds_count"));
    assertEquals("0", value("glasshouse_lock_wait_seconds_count"));
    assertEquals("0", value("glasshouse_commit_entries_count"));
  }

  @Test
  void callsAreCountedWhenTheyAreDurable() {
    meters.executed(1_500_000, List.of(OK, THROWN, TRAPPED));
    assertEquals("0.0", value("glasshouse_calls_total", "outcome=\"ok\""));
    assertEquals("2007.0", value("glasshouse_fuel_total"));
    meters.committed(
        2_000_000_000L,
        List.of(request(3, OK, THROWN, TRAPPED), request(2, OK, OK), request(5), unasked(null)));
    assertEquals("3.0", value("glasshouse_calls_total", "outcome=\"ok\""));
    assertEquals("1.0", value("glasshouse_calls_total", "outcome=\"thrown\""));
    assertEquals("1.0", value("glasshouse_calls_total", "outcome=\"trapped\""));
    assertEquals("5.0", value("glasshouse_calls_total", "outcome=\"aborted\""));
    assertEquals("4.0", value("glasshouse_commit_entries_sum"));
    assertEquals("0", value("glasshouse_commit_entries_bucket", "le=\"2.0\""));
    assertEquals("1", value("glasshouse_commit_entries_bucket", "le=\"4.0\""));
    assertEquals("2.0", value("glasshouse_commit_seconds_sum"));
    assertEquals("0", value("glasshouse_commit_seconds_bucket", "le=\"1.0\""));
    assertEquals("1", value("glasshouse_commit_seconds_bucket", "le=\"2.5\""));
    assertEquals("0", value("glasshouse_execute_seconds_bucket", "le=\"0.001\""));
    assertEquals("1", value("glasshouse_execute_seconds_bucket", "le=\"0.0025\""));
  }

  @Test
  void refusalsWaitsAndFailuresAreCounted() {
    meters.refused(CallRefused.Reason.OVERLOADED);
    meters.refused(CallRefused.Reason.OVERLOADED);
    meters.failed();
    meters.waited(300_000);
    assertEquals("2.0", value("glasshouse_refusals_total", "reason=\"overloaded\""));
    assertEquals("0.0", value("glasshouse_refusals_total", "reason=\"stopped\""));
    assertEquals("1.0", value("glasshouse_failures_total"));
    assertEquals("3.0E-4", value("glasshouse_lock_wait_seconds_sum"));
  }

  @Test
  void reportingAllocatesNothing() {
    List<Outcome> outcomes = List.of(OK, THROWN);
    List<Hash> pages = IntStream.range(0, 3).mapToObj(i -> ROOT).toList();
    List<Executed> entries =
        List.of(request(2, OK, THROWN), request(1), unasked(new ImagePages(pages, Map.of())));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long own = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20 && least > 0; round++) {
      long before = threads.getThreadAllocatedBytes(own);
      for (int i = 0; i < 1000; i++) {
        meters.waited(i);
        meters.executed(i, outcomes);
        meters.committed(i, entries);
        meters.refused(CallRefused.Reason.TOO_OFTEN);
      }
      // The first rounds load classes, and a new minute or so may begin in any.
      least = Math.min(least, threads.getThreadAllocatedBytes(own) - before);
    }
    assertTrue(least < 1000, least + " bytes for 1000 times each report");
  }
}
