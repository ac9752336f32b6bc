package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.TreeHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an auditor remembers of a log whose entries it has verified, so that the next audit can go
 * on where this one ended.
 *
 * @param log the log's id
 * @param level how much was checked
 * @param head the tree that was verified
 * @param time what the guest's clock showed last, in milliseconds since 1970
 * @param filesRoot the archive's root after the last entry
 * @param numbers the last number that each key has used in each of its sessions
 */
public record Verified(
    Hash log, Level level, TreeHead head, long time, Hash filesRoot, List<LastNumber> numbers) {
  private static final long VERSION = 1;

  public Verified {
    numbers = List.copyOf(numbers);
  }

  /** The last number of a key's session. */
  public record LastNumber(PublicKey key, String session, long number) {}

  /** As canonical JSON. */
  public byte[] toJson() {
    List<Object> list = new ArrayList<>();
    for (LastNumber last : numbers) {
      list.add(List.of(last.key.format(), last.session, last.number));
    }
    Map<String, Object> map = new TreeMap<>();
    map.put("filesRoot", filesRoot.hex());
    map.put("level", level.name().toLowerCase(Locale.ROOT));
    map.put("log", log.hex());
    map.put("numbers", list);
    map.put("root", head.root().hex());
    map.put("size", head.size());
    map.put("time", time);
    map.put("v", VERSION);
    return CanonicalJson.format(map);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws MalformedException if it is anything else
   */
  public static Verified parse(byte[] json) {
    try {
      Map<?, ?> map = (Map<?, ?>) CanonicalJson.parse(json, Integer.MAX_VALUE);
      if (!Long.valueOf(VERSION).equals(map.get("v"))) {
        throw new MalformedException("of another version");
      }
      List<LastNumber> numbers = new ArrayList<>();
      for (Object item : (List<?>) map.get("numbers")) {
        List<?> last = (List<?>) item;
        numbers.add(
            new LastNumber(
                PublicKey.parse((String) last.get(0)), (String) last.get(1), (Long) last.get(2)));
      }
      Verified verified =
          new Verified(
              Hash.parseHex((String) map.get("log")),
              Level.valueOf(((String) map.get("level")).toUpperCase(Locale.ROOT)),
              new TreeHead((Long) map.get("size"), Hash.parseHex((String) map.get("root"))),
              (Long) map.get("time"),
              Hash.parseHex((String) map.get("filesRoot")),
              Collections.unmodifiableList(numbers));
      if (!Arrays.equals(verified.toJson(), json)) {
        throw new MalformedException("not in its one form");
      }
      return verified;
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new MalformedException("not what an audit remembers: " + e.getMessage(), e);
    }
  }
}
