package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.object;

import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The vectors of files of evidence. */
final class EvidenceVectors {
  private final LyingLog one = new LyingLog(false).grow(6, "one");
  private final LyingLog other = one.fork(3).grow(9, "other");
  private final Accusation accusation = new Accusation(one.genesis);
  private final List<Object> judged = new ArrayList<>();

  static Map<String, Object> evidence() {
    return new EvidenceVectors().vectors();
  }

  private Map<String, Object> vectors() {
    Evidence fork = fork(6, 9);
    judge(fork);
    judge(fork(4, 9));
    judge(fork(6, 6));
    judge(accusation.fork(one.checkpoint(4), one.checkpoint(6), List.of(), one));
    judge(accusation.fork(one.checkpoint(4), other.checkpoint(9), List.of(), one));
    judge(accusation.rollback(one.checkpoint(4), one.checkpoint(6)));
    entries();
    String text = text(fork);
    String root = fork.prefix().root().hex();
    judge(parse(text.replace(root, one.head(6).root().hex())));
    judge(parse(text.replace(root, other.head(5).root().hex())));
    judge(parse(text.replace("\\n6\\n", "\\n5\\n")));
    String log = one.id().hex();
    judge(parse(text.replace(log, Hash.of("another log").hex())));
    return object(
        "about",
        "Files of evidence. \"judged\": well-formed, with what they prove and why.",
        "judged",
        judged,
        "malformed",
        malformed(text));
  }

  private Evidence fork(int older, int newer) {
    return accusation.fork(one.checkpoint(older), other.checkpoint(newer), List.of(), other);
  }

  private void entries() {
    CallEntry honest = one.call(one.request(6, TreeHead.EMPTY, "x"));
    String request = one.request(6, TreeHead.EMPTY, "x").format();
    judge(accused(one, 4));
    judge(accused(lying("{}".getBytes(StandardCharsets.UTF_8)), 6));
    judge(accused(lying(one.entry(7, one.last(), one.time(), honest.caller(), request)), 6));
    judge(accused(lying(one.entry(6, one.id(), one.time(), honest.caller(), request)), 6));
    judge(accused(lying(one.entry(6, one.last(), 0, honest.caller(), request)), 6));
    judge(
        accused(
            lying(
                one.call(
                    new Caller.User("bob"), "{\"calls\":[{\"method\":\"say\",\"params\":[]}]}")),
            6));
    judge(accused(lying(one.call(honest.caller(), request.replace("\"x\"", "\"y\""))), 6));
    judge(accused(lying(one.call(one.request(2, TreeHead.EMPTY, "word ".repeat(250)))), 6, 2));
    judge(accused(lying(one.call(one.request(6, other.head(4), "x"))), 6));
    judge(accused(lying(one.call(one.request(6, new TreeHead(7, Hash.of("x")), "x"))), 6));
  }

  private LyingLog lying(Entry entry) {
    return lying(entry.format(one.blobs));
  }

  private LyingLog lying(byte[] entry) {
    LyingLog log = one.fork(6);
    log.add(entry);
    return log.grow(8, "after");
  }

  private static Evidence accused(LyingLog log, long index, long... earlier) {
    return new Accusation(log.genesis)
        .entry(log.checkpoint(log.size()), log, log::at, log.blobs::get, index, earlier);
  }

  private void judge(Evidence evidence) {
    var judgement = EvidenceJudge.judge(evidence, null);
    judged.add(
        object(
            "proved",
            judgement.proved(),
            "sentence",
            judgement.sentence(),
            "text",
            text(evidence)));
  }

  private static List<Object> malformed(String text) {
    return List.of(
        VectorGenerator.refused("{}", "no members"),
        VectorGenerator.refused(text, "{\"blobs\"", "{ \"blobs\"", "not canonical"),
        VectorGenerator.refused(text, "\"v\":1}", "\"v\":2}", "another version"),
        VectorGenerator.refused(text, "\"v\":1}", "\"v\":1,\"w\":1}", "an unknown member"),
        VectorGenerator.refused(text, "\"fork\"", "\"spoon\"", "an unknown claim"),
        VectorGenerator.refused(text, "\"fork\"", "\"entry\"", "a claim without what it goes with"),
        VectorGenerator.refused(
            text, "\"blobs\":[]", "\"blobs\":[\"AA==\",\"AA==\"]", "a blob twice"),
        VectorGenerator.refused(text, "\\n\\n", "\\n", "a checkpoint that is no note"));
  }

  private static Evidence parse(String text) {
    return Evidence.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Evidence evidence) {
    return new String(evidence.format(), StandardCharsets.UTF_8);
  }
}
