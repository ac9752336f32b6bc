package dev.glasshouse.calllog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of callers who called lately, in their parsed form: to find the point of a key costs a
 * tenth of verifying a signature, and a caller calls often. Safe for several threads.
 */
final class CallerKeys {
  /** How many are kept. */
  private static final int MAX = 1024;

  private static final Map<String, PublicKey> KNOWN = new ConcurrentHashMap<>();

  private CallerKeys() {}

  /** The same as {@link PublicKey#parse}. */
  static PublicKey parse(String text) {
    PublicKey known = KNOWN.get(text);
    if (known != null) {
      return known;
    }
    PublicKey key = PublicKey.parse(text);
    if (KNOWN.size() >= MAX) {
      KNOWN.clear();
    }
    KNOWN.put(text, key);
    return key;
  }
}
