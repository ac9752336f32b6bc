package dev.glasshouse.calllog;

import java.util.Map;
import java.util.TreeMap;

/**
 * The limits a log runs under. A genesis entry records them: they decide outcomes, so a replay
 * needs the same.
 *
 * @param fuel interrupt polls of the interpreter per call (one poll is 10,000 loop turns or calls)
 * @param heap bytes that the guest may allocate
 * @param stack bytes of the interpreter's own stack
 * @param request UTF-8 bytes of a request
 * @param result UTF-8 bytes of a result or of an oracle's answer
 * @param file bytes of one file
 * @param written bytes of file contents that one entry may write
 * @param waiting milliseconds that one call may let the log wait for its timers; the member {@code
 *     wait}, a name that no record component may have
 * @param watchdog milliseconds of wall clock that the guest may run in one turn
 */
public record Limits(
    long fuel,
    long heap,
    long stack,
    long request,
    long result,
    long file,
    long written,
    long waiting,
    long watchdog) {
  /** What a host uses unless told otherwise. */
  public static final Limits DEFAULT =
      new Limits(
          2_000, 64L << 20, 900_000, 4L << 20, 4L << 20, 8L << 20, 64L << 20, 10_000, 10_000);

  /** No log has larger ones. */
  public static final Limits LARGEST =
      new Limits(
          1L << 40,
          1L << 30,
          900_000,
          64L << 20,
          64L << 20,
          256L << 20,
          1L << 30,
          600_000,
          600_000);

  public Limits {
    require(fuel, 1, 1L << 40, "fuel");
    require(heap, 4L << 20, 1L << 30, "heap");
    require(stack, 64L << 10, 900_000, "stack");
    require(request, 1L << 10, 64L << 20, "request");
    require(result, 1L << 10, 64L << 20, "result");
    require(file, 1, 256L << 20, "file");
    require(written, 1, 1L << 30, "written");
    require(waiting, 0, 600_000, "wait");
    require(watchdog, 100, 600_000, "watchdog");
  }

  /** The same limits with another fuel. */
  public Limits withFuel(long other) {
    return new Limits(other, heap, stack, request, result, file, written, waiting, watchdog);
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("file", file);
    map.put("fuel", fuel);
    map.put("heap", heap);
    map.put("request", request);
    map.put("result", result);
    map.put("stack", stack);
    map.put("wait", waiting);
    map.put("watchdog", watchdog);
    map.put("written", written);
    return map;
  }

  static Limits fromJson(Members members) {
    Limits limits =
        new Limits(
            members.count("fuel"),
            members.count("heap"),
            members.count("stack"),
            members.count("request"),
            members.count("result"),
            members.count("file"),
            members.count("written"),
            members.count("wait"),
            members.count("watchdog"));
    members.end();
    return limits;
  }

  private static void require(long value, long least, long most, String name) {
    if (value < least || value > most) {
      throw new MalformedException(
          "the limit " + name + " must be from " + least + " to " + most + ", not " + value);
    }
  }
}
