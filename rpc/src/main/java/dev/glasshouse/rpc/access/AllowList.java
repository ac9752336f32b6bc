package dev.glasshouse.rpc.access;

import dev.glasshouse.calllog.Hash;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys whose calls a service takes; without a list, every key's. Files that it comes from are
 * read again by {@link #look}.
 */
public final class AllowList {
  /** How often a service looks at the files. */
  public static final long LOOK_MILLIS = 5000;

  /** No list. */
  public static final AllowList EVERYBODY = new AllowList(List.of());

  /** Bytes of a file with keys. */
  static final int MAX_FILE = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AllowList.class);
  private static final String KEY = "ed25519:";

  private final List<String> given;
  private volatile Optional<Set<PublicKey>> keys = Optional.empty();

  // What the files held: when the list was made or last judged, and at the last look.
  private String judged = "";
  private String seen = "";

  private AllowList(List<String> given) {
    this.given = given;
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
    AllowList list = new AllowList(List.copyOf(given));
    list.judged = list.contents();
    list.keys = Optional.of(list.read());
    return list;
  }

  /** Whether it comes from files too. */
  public boolean hasFiles() {
    return given.stream().anyMatch(AllowList::isFile);
  }

  /**
   * Reads the files again. What they hold takes the place of the list when it has been there for
   * two looks, so that a file that is being written is not taken for a shorter one. If it is no
   * list, the one before stays, and the log says why.
   *
   * @return whether it has
   */
  public synchronized boolean look() {
    String found = contents();
    boolean isSettled = found.equals(seen);
    seen = found;
    if (!isSettled || found.equals(judged)) {
      return false;
    }
    judged = found;
    try {
      Set<PublicKey> read = read();
      keys = Optional.of(read);
      LOG.info("calls are taken of {} keys from now on", read.size());
      return true;
    } catch (IOException | MalformedException e) {
      String why = e instanceof MalformedException ? e.getMessage() : e.toString();
      LOG.error("the list of those who may call stays as it was: {}", why);
      return false;
    }
  }

  private static boolean isFile(String each) {
    return !each.startsWith(KEY);
  }

  // The same text for the same bytes.
  private String contents() {
    StringBuilder text = new StringBuilder();
    for (String each : given) {
      if (isFile(each)) {
        try {
          text.append(Hash.of(bytes(Path.of(each)))).append('\n');
        } catch (IOException | MalformedException e) {
          text.append(e).append('\n');
        }
      }
    }
    return text.toString();
  }

  private Set<PublicKey> read() throws IOException {
    Set<PublicKey> all = new HashSet<>();
    for (String each : given) {
      if (isFile(each)) {
        read(Path.of(each), all);
      } else {
        all.add(parse(each, each));
      }
    }
    return Set.copyOf(all);
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE + 1);
      if (bytes.length > MAX_FILE) {
        throw new MalformedException(file + " has more than " + MAX_FILE + " bytes");
      }
      return bytes;
    }
  }

  private static void read(Path file, Set<PublicKey> keys) throws IOException {
    int number = 0;
    for (String line : new String(bytes(file), StandardCharsets.UTF_8).lines().toList()) {
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
    return keys.map(all -> all.contains(key)).orElse(true);
  }

  /** How many keys are on the list; empty without one. */
  public Optional<Integer> size() {
    return keys.map(Set::size);
  }
}
