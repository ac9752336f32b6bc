package dev.glasshouse.calllog;

import java.util.List;
import java.util.Map;

/**
 * The first entry: everything that decides what the log's calls come to. Its leaf hash is the log's
 * id, so that one id pins all of it.
 *
 * @param origin the name of the log in its checkpoints
 * @param host the key that signs the checkpoints
 * @param debug whether unsigned calls are accepted and callers taken at their word
 * @param nonce 16 bytes as 32 hex digits: two logs of one host and script are two logs
 * @param outcome of loading the script, always {@link Outcome.Ok} with the list of methods
 */
public record GenesisEntry(
    long time,
    String origin,
    PublicKey host,
    boolean debug,
    String title,
    String nonce,
    ScriptReference script,
    BlobReference interpreter,
    BlobReference bootstrap,
    Limits limits,
    List<Input> inputs,
    Outcome outcome,
    Hash writes,
    Hash root)
    implements Entry {
  /** The member {@code kind}. */
  public static final String KIND = "genesis";

  /** UTF-16 code units of a title: its origin must be short enough to name a key in a note. */
  public static final int MAX_TITLE = 200;

  public GenesisEntry {
    inputs = List.copyOf(inputs);
    requireForm(origin, title, nonce, outcome);
  }

  private static void requireForm(String origin, String title, String nonce, Outcome outcome) {
    if (title.isEmpty() || title.length() > MAX_TITLE) {
      throw new MalformedException("entry.title has from 1 to " + MAX_TITLE + " characters");
    }
    if (!nonce.matches("[0-9a-f]{32}")) {
      throw new MalformedException("entry.nonce is 32 lower-case hex digits");
    }
    if (!(outcome instanceof Outcome.Ok)) {
      throw new MalformedException("a genesis entry's script has loaded");
    }
    if (!origin.equals(origin(title, nonce))) {
      throw new MalformedException("entry.origin is not made of its title and nonce");
    }
  }

  /** The origin of a log: {@code glasshouse/TITLE/NONCE}, TITLE reduced to {@code [a-z0-9._-]}. */
  public static String origin(String title, String nonce) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < title.length(); i++) {
      char c = title.charAt(i);
      boolean upper = c >= 'A' && c <= 'Z';
      boolean kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
      plain.append(upper ? (char) (c + 32) : kept ? c : '-');
    }
    return "glasshouse/" + plain + "/" + nonce;
  }

  @Override
  public long seq() {
    return 0;
  }

  @Override
  public Hash prev() {
    return Hash.ZERO;
  }

  @Override
  public byte[] format(Map<Hash, byte[]> blobs) {
    Map<String, Object> map = commonJson(KIND, blobs);
    map.put("auth", debug ? "debug" : "signed");
    map.put("bootstrap", bootstrap.toJson());
    map.put("host", host.format());
    map.put("interpreter", interpreter.toJson());
    map.put("limits", limits.toJson());
    map.put("nonce", nonce);
    map.put("origin", origin);
    map.put("outcome", outcome.toJson());
    map.put("script", script.toJson(blobs));
    map.put("title", title);
    return CanonicalJson.format(map);
  }

  static GenesisEntry from(Members members, BlobReader blobs) {
    if (members.count("seq") != 0 || !members.hash("prev").equals(Hash.ZERO)) {
      throw new MalformedException("a genesis entry has seq 0 and prev 0");
    }
    String auth = members.string("auth");
    if (!auth.equals("debug") && !auth.equals("signed")) {
      throw new MalformedException("entry.auth is \"signed\" or \"debug\"");
    }
    long time = members.count("time");
    String origin = members.string("origin");
    PublicKey host = PublicKey.parse(members.string("host"));
    String title = members.string("title");
    String nonce = members.string("nonce");
    ScriptReference.Unlisted script = ScriptReference.Unlisted.of(members.object("script"));
    BlobReference interpreter = BlobReference.fromJson(members.object("interpreter"));
    BlobReference bootstrap = BlobReference.fromJson(members.object("bootstrap"));
    Limits limits = Limits.fromJson(members.object("limits"));
    Object inputs = members.any("inputs");
    Outcome outcome = Outcome.fromJson("entry.outcome", members.any("outcome"));
    Hash writes = members.hash("writes");
    Hash root = members.hash("root");
    members.end();
    requireForm(origin, title, nonce, outcome);
    List<Input> read = Input.fromJson(inputs, blobs);
    return new GenesisEntry(
        time,
        origin,
        host,
        auth.equals("debug"),
        title,
        nonce,
        script.listed(blobs),
        interpreter,
        bootstrap,
        limits,
        read,
        outcome,
        writes,
        root);
  }
}
