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
 */
public record Limits(
    long fuel, long heap, long stack, long request, long result, long file, long written) {
  /** What a host uses unless told otherwise. */
  public static final Limits DEFAULT =
      new Limits(10_000, 64L << 20, 900_000, 4L << 20, 4L << 20, 8L << 20, 64L << 20);

  public Limits {
    require(fuel, 1, 1L << 40, "fuel");
    require(heap, 4L << 20, 1L << 30, "heap");
    require(stack, 64L << 10, 900_000, "stack");
    require(request, 1L << 10, 64L << 20, "request");
    require(result, 1L << 10, 64L << 20, "result");
    require(file, 1, 256L << 20, "file");
    require(written, 1, 1L << 30, "written");
  }

  /** The same limits with another fuel. */
  public Limits withFuel(long other) {
    return new Limits(other, heap, stack, request, result, file, written);
  }

  Map<String, Object> toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("file", file);
    map.put("fuel", fuel);
    map.put("heap", heap);
    map.put("request", request);
    map.put("result", result);
    map.put("stack", stack);
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
            members.count("written"));
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
