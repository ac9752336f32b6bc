package dev.glasshouse.verifier;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.PublicKey;
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
 * @param host the log's key, or null if it could not be learnt
 * @param debug whether the log takes callers at their word
 * @param engine which engine executed the calls again
 * @param checkpoint the signed checkpoint that was audited, or null
 * @param since how many entries an earlier audit had verified, which this one did not check again
 * @param segment what was replayed of an audit that is shared between machines; null if all was
 * @param filesRoot the archive root that the last checked entry has, or null
 * @param filesDigest the {@code h1:} digest of the published files, or null
 * @param witnesses what the witnesses say, or null if nobody asked, or it did not come to that
 * @param divergence the first finding, or null
 * @param evidence what can be held against the host, proved if the verdict says so, or null; not in
 *     the JSON form
 * @param obstacle why the audit could not finish, or null
 */
public record Report(
    Verdict verdict,
    Level level,
    Hash log,
    PublicKey host,
    boolean debug,
    String engine,
    SignedCheckpoint checkpoint,
    long since,
    Segment segment,
    Hash filesRoot,
    String filesDigest,
    Counts counts,
    Witnessed witnesses,
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
    map.put("divergence", divergence == null ? null : divergence.toJson());
    map.put("engine", engine);
    map.put("filesDigest", filesDigest);
    map.put("filesRoot", filesRoot == null ? null : filesRoot.hex());
    map.put("host", host == null ? null : host.format());
    map.put("level", level.name().toLowerCase(Locale.ROOT));
    map.put("log", log == null ? null : log.hex());
    map.put("obstacle", obstacle);
    map.put("segment", segment == null ? null : segment.toJson());
    map.put("since", since);
    map.put("trusted", trusted());
    map.put("v", 1L);
    map.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
    map.put("witnesses", witnesses == null ? null : witnesses.toJson());
    return CanonicalJson.format(map);
  }

  /**
   * The inverse of {@link #toJson}, but for the evidence and what witnesses say.
   *
   * @throws MalformedException if it is anything else
   */
  static Report fromJson(Map<?, ?> map) {
    try {
      String key = (String) map.get("host");
      PublicKey host = key == null ? null : PublicKey.parse(key);
      String note = (String) map.get("checkpoint");
      Report report =
          new Report(
              Verdict.valueOf(((String) map.get("verdict")).toUpperCase(Locale.ROOT)),
              Level.valueOf(((String) map.get("level")).toUpperCase(Locale.ROOT)),
              map.get("log") == null ? null : Hash.parseHex((String) map.get("log")),
              host,
              (Boolean) map.get("debug"),
              (String) map.get("engine"),
              note == null ? null : checkpoint(note.getBytes(StandardCharsets.UTF_8), host),
              (Long) map.get("since"),
              map.get("segment") instanceof Map<?, ?> segment ? Segment.fromJson(segment) : null,
              map.get("filesRoot") == null ? null : Hash.parseHex((String) map.get("filesRoot")),
              (String) map.get("filesDigest"),
              counts((Map<?, ?>) map.get("checked"), (Map<?, ?>) map.get("trusted")),
              null,
              map.get("divergence") instanceof Map<?, ?> found ? Divergence.fromJson(found) : null,
              null,
              (String) map.get("obstacle"));
      report.requireWhole();
      return report;
    } catch (ClassCastException
        | NullPointerException
        | ArithmeticException
        | IllegalArgumentException e) {
      throw new MalformedException("not a report of this version: " + e.getMessage(), e);
    }
  }

  private void requireWhole() {
    boolean isFound = verdict == Verdict.DIVERGED || verdict == Verdict.MISBEHAVED;
    if (isFound != (divergence != null)
        || (verdict == Verdict.UNDECIDED) != (obstacle != null)
        || (verdict == Verdict.VERIFIED && (log == null || checkpoint == null))
        || (verdict == Verdict.VERIFIED && segment != null && !segment.holds())) {
      throw new MalformedException("a report whose verdict does not fit what it says");
    }
  }

  // It says itself whose log it is; the auditor vouches for that.
  private static SignedCheckpoint checkpoint(byte[] note, PublicKey host) {
    Note parsed = Note.parse(note, Note.MAX_BYTES);
    return SignedCheckpoint.verify(parsed, Checkpoint.parse(parsed.text()).origin(), host);
  }

  private static Counts counts(Map<?, ?> checked, Map<?, ?> trusted) {
    return new Counts(
        (Long) checked.get("entries"),
        (Long) checked.get("signatures"),
        (Long) checked.get("calls"),
        (Long) checked.get("timerTurns"),
        (Long) checked.get("images"),
        (Long) checked.get("blobs"),
        (Long) checked.get("tiles"),
        (Long) checked.get("files"),
        (Long) checked.get("fileBytes"),
        (Long) trusted.get("oracleAnswers"),
        (Long) trusted.get("entropy"),
        (Long) trusted.get("timerInputs"),
        (Long) trusted.get("times"),
        (Long) trusted.get("aborts"),
        (Long) trusted.get("unsignedCalls"));
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
    map.put("times", counts.times() - (witnesses == null ? 0 : witnesses.between()));
    map.put("unsignedCalls", counts.unsignedCalls());
    return map;
  }
}
