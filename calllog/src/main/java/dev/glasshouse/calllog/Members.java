package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the members of a parsed object, each of the type its format asks for, and finds those that
 * no format knows.
 */
public final class Members {
  private final String where;
  private final Map<?, ?> map;
  private final Set<String> taken = new HashSet<>();

  private Members(String where, Map<?, ?> map) {
    this.where = where;
    this.map = map;
  }

  /**
   * The members of a value that must be an object.
   *
   * @param where what errors call it
   */
  public static Members of(String where, Object value) {
    if (!(value instanceof Map)) {
      throw new MalformedException(where + " must be an object");
    }
    return new Members(where, (Map<?, ?>) value);
  }

  /** Whether there is a member of this name; it does not count as taken. */
  public boolean has(String name) {
    return map.containsKey(name);
  }

  /** A member of any type. */
  public Object any(String name) {
    if (!map.containsKey(name)) {
      throw new MalformedException(where + " lacks \"" + name + "\"");
    }
    taken.add(name);
    return map.get(name);
  }

  /** A string. */
  public String string(String name) {
    return typed(name, String.class, "a string");
  }

  /** A number from 0 to 2^53. */
  public long count(String name) {
    long value = typed(name, Long.class, "an integer");
    if (value < 0) {
      throw new MalformedException(where + ": \"" + name + "\" must not be negative");
    }
    return value;
  }

  /** A hash in hex. */
  public Hash hash(String name) {
    return Hash.parseHex(string(name));
  }

  /** Bytes in base64. */
  public byte[] bytes(String name) {
    return Base64Text.parse(string(name));
  }

  /** A list of at most {@code maxItems} items. */
  public List<?> list(String name, int maxItems) {
    if (!(any(name) instanceof List<?> list) || list.size() > maxItems) {
      throw new MalformedException(
          where + "." + name + " is an array of at most " + maxItems + " items");
    }
    return list;
  }

  /** The hashes of an inclusion or consistency proof, in base64. */
  public List<Hash> proof(String name) {
    List<Hash> proof = new ArrayList<>();
    for (Object hash : list(name, Proofs.MAX_HASHES)) {
      if (!(hash instanceof String string)) {
        throw new MalformedException(where + "." + name + " holds base64 strings");
      }
      proof.add(Hash.parseBase64(string));
    }
    return List.copyOf(proof);
  }

  /** An object. */
  public Members object(String name) {
    return of(where + "." + name, any(name));
  }

  /** Throws when the object has a member that nobody asked for. */
  public void end() {
    for (Object name : map.keySet()) {
      if (!taken.contains(name)) {
        throw new MalformedException(where + " has an unknown member \"" + name + "\"");
      }
    }
  }

  private <T> T typed(String name, Class<T> type, String called) {
    Object value = any(name);
    if (!type.isInstance(value)) {
      throw new MalformedException(where + ": \"" + name + "\" must be " + called);
    }
    return type.cast(value);
  }
}
