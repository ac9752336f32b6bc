package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.evidence.Evidence;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of an audit.
 *
 * @param verdict verified, diverged, proved misbehaviour, or could not decide
 * @param level how much was checked
 * @param log the log's id, or null if it could not be learnt
 * @param debug whether the log takes callers at their word
 * @param engine which engine executed the calls again
 * @param checkpoint the signed checkpoint that was audited, or null
 * @param since how many entries an earlier audit had verified, which this one did not check again
 * @param filesRoot the archive root that the last checked entry has, or null
 * @param filesDigest the {@code h1:} digest of the published files, or null
 * @param divergence the first finding, or null
 * @param evidence what can be held against the host, proved if the verdict says so, or null; not in
 *     the JSON form
 * @param obstacle why the audit could not finish, or null
 */
public record Report(
    Verdict verdict,
    Level level,
    Hash log,
    boolean debug,
    String engine,
    SignedCheckpoint checkpoint,
    long since,
    Hash filesRoot,
    String filesDigest,
    Counts counts,
    Divergence divergence,
    Evidence evidence,
    String obstacle) {

  /** What an audit comes to. */
  public enum Verdict {
    /** Everything that can be checked at this level was, and holds. */
    VERIFIED,
    /** What is served, or what a replay comes to, is not what the log must be. */
    DIVERGED,
    /** Bytes that the log's key has signed contradict each other or a rule; anybody can see it. */
    MISBEHAVED,
    /** Something was withheld, unreachable or unknown: no finding either way. */
    UNDECIDED
  }

  /** The report as canonical JSON. */
  public byte[] toJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("checked", checked());
    map.put(
        "checkpoint",
        checkpoint == null ? null : new String(checkpoint.format(), StandardCharsets.UTF_8));
    map.put("debug", debug);
    map.put("divergence", divergence == null ? null : divergenceJson());
    map.put("engine", engine);
    map.put("filesDigest", filesDigest);
    map.put("filesRoot", filesRoot == null ? null : filesRoot.hex());
    map.put("level", level.name().toLowerCase(Locale.ROOT));
    map.put("log", log == null ? null : log.hex());
    map.put("obstacle", obstacle);
    map.put("since", since);
    map.put("trusted", trusted());
    map.put("v", 1L);
    map.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
    return CanonicalJson.format(map);
  }

  private Map<String, Object> checked() {
    Map<String, Object> map = new TreeMap<>();
    map.put("blobs", counts.blobs());
    map.put("calls", counts.calls());
    map.put("entries", counts.entries());
    map.put("fileBytes", counts.fileBytes());
    map.put("files", counts.files());
    map.put("images", counts.images());
    map.put("signatures", counts.signatures());
    map.put("tiles", counts.tiles());
    map.put("timerTurns", counts.timerTurns());
    return map;
  }

  private Map<String, Object> trusted() {
    Map<String, Object> map = new TreeMap<>();
    map.put("aborts", counts.aborts());
    map.put("entropy", counts.entropy());
    map.put("oracleAnswers", counts.oracleAnswers());
    map.put("timerInputs", counts.timerInputs());
    map.put("times", counts.times());
    map.put("unsignedCalls", counts.unsignedCalls());
    return map;
  }

  private Map<String, Object> divergenceJson() {
    Map<String, Object> map = new TreeMap<>();
    map.put("actual", divergence.actual());
    map.put("expected", divergence.expected());
    map.put("index", divergence.index());
    map.put("kind", divergence.kind().name());
    map.put("method", divergence.method());
    return map;
  }
}
