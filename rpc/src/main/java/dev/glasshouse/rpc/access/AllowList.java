package dev.glasshouse.rpc.access;

import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys whose calls a service takes; without a list, every key's. */
public final class AllowList {
  /** No list. */
  public static final AllowList EVERYBODY = new AllowList(Optional.empty());

  /** Bytes of a file with keys. */
  static final int MAX_FILE = 16 << 20;

  private static final String KEY = "ed25519:";

  private final Optional<Set<PublicKey>> keys;

  private AllowList(Optional<Set<PublicKey>> keys) {
    this.keys = keys;
  }

  /**
   * The list that flags name.
   *
   * @param given keys, {@code ed25519:…}, and files with one of them a line, in which a line may be
   *     empty and {@code #} begins a comment; with none of either, {@link #EVERYBODY}
   * @throws MalformedException if something is no key; says the file and the line
   * @throws IOException if a file cannot be read
   */
  public static AllowList of(List<String> given) throws IOException {
    if (given.isEmpty()) {
      return EVERYBODY;
    }
    Set<PublicKey> keys = new HashSet<>();
    for (String each : given) {
      if (each.startsWith(KEY)) {
        keys.add(parse(each, each));
      } else {
        read(Path.of(each), keys);
      }
    }
    return new AllowList(Optional.of(Set.copyOf(keys)));
  }

  private static void read(Path file, Set<PublicKey> keys) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_FILE + 1);
    }
    if (bytes.length > MAX_FILE) {
      throw new MalformedException(file + " has more than " + MAX_FILE + " bytes");
    }
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String key = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!key.isEmpty()) {
        keys.add(parse(key, file + ", line " + number));
      }
    }
  }

  private static PublicKey parse(String key, String where) {
    try {
      return PublicKey.parse(key);
    } catch (MalformedException e) {
      throw new MalformedException(where + ": " + e.getMessage(), e);
    }
  }

  /** Whether calls of this key are taken. */
  public boolean allows(PublicKey key) {
    return keys.isEmpty() || keys.get().contains(key);
  }

  /** How many keys are on the list; empty without one. */
  public Optional<Integer> size() {
    return keys.map(Set::size);
  }
}
