package dev.glasshouse.calllog;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the members of a parsed object, each of the type its format asks for, and finds those that
 * no format knows.
 */
final class Members {
  private final String where;
  private final Map<?, ?> map;
  private final Set<String> taken = new HashSet<>();

  private Members(String where, Map<?, ?> map) {
    this.where = where;
    this.map = map;
  }

  static Members of(String where, Object value) {
    if (!(value instanceof Map)) {
      throw new MalformedException(where + " must be an object");
    }
    return new Members(where, (Map<?, ?>) value);
  }

  boolean has(String name) {
    return map.containsKey(name);
  }

  Object any(String name) {
    if (!map.containsKey(name)) {
      throw new MalformedException(where + " lacks \"" + name + "\"");
    }
    taken.add(name);
    return map.get(name);
  }

  String string(String name) {
    return typed(name, String.class, "a string");
  }

  /** A number from 0 to 2^53. */
  long count(String name) {
    long value = typed(name, Long.class, "an integer");
    if (value < 0) {
      throw new MalformedException(where + ": \"" + name + "\" must not be negative");
    }
    return value;
  }

  Hash hash(String name) {
    return Hash.parseHex(string(name));
  }

  Members object(String name) {
    return of(where + "." + name, any(name));
  }

  /** Throws when the object has a member that nobody asked for. */
  void end() {
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
