package dev.glasshouse.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a log first departs from what it must be.
 *
 * @param kind which check found it
 * @param index the entry, 0 for genesis; the size of the log for findings about the whole
 * @param method the method of the call, or null if it is no matter of one call
 * @param expected what it must be
 * @param actual what the log or the host says instead
 * @param call which call of the entry it is and what came of it, or null if that is no matter of
 *     the finding
 * @param files files that differ, the first of them; empty unless that is the finding
 */
public record Divergence(
    Kind kind,
    long index,
    String method,
    String expected,
    String actual,
    DivergedCall call,
    List<DivergedFile> files) {

  public Divergence {
    files = List.copyOf(files);
  }

  /** A finding that is no matter of what one call came to. */
  public Divergence(Kind kind, long index, String method, String expected, String actual) {
    this(kind, index, method, expected, actual, null, List.of());
  }

  /** The same finding, at a call of the entry. */
  Divergence at(DivergedCall which) {
    return new Divergence(kind, index, method, expected, actual, which, files);
  }

  Map<String, Object> toJson() {
    List<Object> list = new ArrayList<>();
    files.forEach(file -> list.add(file.toJson()));
    Map<String, Object> map = new TreeMap<>();
    map.put("actual", actual);
    map.put("call", call == null ? null : call.toJson());
    map.put("expected", expected);
    map.put("files", list);
    map.put("index", index);
    map.put("kind", kind.name());
    map.put("method", method);
    return map;
  }

  static Divergence fromJson(Map<?, ?> map) {
    List<DivergedFile> files = new ArrayList<>();
    for (Object file : (List<?>) map.get("files")) {
      files.add(DivergedFile.fromJson((Map<?, ?>) file));
    }
    return new Divergence(
        Kind.valueOf((String) map.get("kind")),
        (Long) map.get("index"),
        (String) map.get("method"),
        (String) map.get("expected"),
        (String) map.get("actual"),
        map.get("call") instanceof Map<?, ?> call ? DivergedCall.fromJson(call) : null,
        files);
  }

  /** Which check found it. */
  public enum Kind {
    /** The host serves another log than the one that was asked for. */
    WRONG_LOG("another log than expected"),
    /** The checkpoint is not signed by the log's key. */
    CHECKPOINT("the checkpoint is not signed by the log's key"),
    /** The log is shorter than a checkpoint that its key signed. */
    ROLLBACK("the log was rolled back"),
    /** The log is another one than a checkpoint that its key signed. */
    FORK("the log was forked"),
    /** The source gives another entry than when it was asked before. */
    CHANGED("the host has changed an answer"),
    /** An entry is not in its form. */
    MALFORMED("the entry is malformed"),
    /** Position, previous leaf hash or time do not continue the entry before. */
    CHAIN("the entry does not continue the one before it"),
    /** An entry is younger or older than the witnesses' cosignatures around it. */
    TIME("an entry's time contradicts the witnesses"),
    /** The entries are not those of the signed tree. */
    TREE("the entries are not those of the signed tree"),
    /** A published tile is not that of the entries. */
    TILE("a published tile is wrong"),
    /** A blob has another hash than its name. */
    BLOB("a blob has other bytes than its hash names"),
    /** An unsigned call in a log that takes signed ones only. */
    UNSIGNED("the call is not signed"),
    /** A signature does not hold. */
    SIGNATURE("the caller's signature does not hold"),
    /** A call, executed or aborted, that may not be in the log at this place. */
    ADMISSION("the call may not be here"),
    /** The inputs are not those that the replay consumed, or no timer is due for its turn. */
    INPUTS("the inputs are not those the entry consumes"),
    /** A call or a timer's turn came to something else. */
    OUTCOME("the outcome is another"),
    /** A call or a timer's turn used another amount of fuel. */
    FUEL("the fuel is another"),
    /** The guest's heap, its numbers or its timers are not those of the image. */
    HEAP("the image is not that of the guest's heap"),
    /** The files after the entry are others. */
    FILES("the changes to the files are others"),
    /** The script does not load to what genesis says. */
    SCRIPT("the script does not load as the log says"),
    /** What is published as files is not what the log comes to. */
    PUBLISHED_FILES("the published files are not those of the log"),
    /** The entry differs in another member. */
    ENTRY("the entry is another");

    private final String sentence;

    Kind(String sentence) {
      this.sentence = sentence;
    }

    /** What it means, as part of a sentence. */
    public String sentence() {
      return sentence;
    }
  }
}
