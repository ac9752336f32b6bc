package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lies about what the calls came to. The log is chained and signed again after each: only the
 * replay can find them.
 */
final class ReplayLiesTest {
  private static final String OTHER_ARCHIVE = Hash.of("another archive").hex();

  static Stream<Lie> outcomes() {
    return Stream.of(
        outcome(
            "row 7: another result", Story.ADD, 0, said -> said.put("ok", "2"), "\"1\"", "\"2\""),
        outcome(
            "row 7: another result of a later call of a batch",
            Story.BATCH,
            2,
            said -> said.put("ok", "8"),
            "\"ok\":\"7\"",
            "\"ok\":\"8\""),
        outcome(
            "row 7: an error for a result",
            Story.ADD,
            0,
            said -> {
              said.remove("ok");
              said.put("throw", thrown("Error", "no"));
            },
            "\"ok\":\"1\"",
            "\"throw\""),
        outcome(
            "row 7: a result for an error",
            Story.BATCH,
            1,
            said -> {
              said.remove("throw");
              said.put("ok", "null");
            },
            "\"message\":\"why\"",
            "\"ok\":\"null\""),
        outcome(
            "row 7: another message",
            Story.BATCH,
            1,
            said -> said.put("throw", thrown("RangeError", "because")),
            "why",
            "because"),
        outcome(
            "row 7: another name",
            Story.BATCH,
            1,
            said -> said.put("throw", thrown("TypeError", "why")),
            "RangeError",
            "TypeError"),
        Lie.of(
            "row 7: another long result",
            otherLongResult(),
            Kind.OUTCOME,
            Story.LONG,
            "long",
            Hash.of("\"" + "x".repeat(3000) + "\"").hex(),
            Hash.of("\"" + "y".repeat(3000) + "\"").hex()),
        Lie.of(
            "row 7: another length of a long result",
            Story.signed()
                .lie(
                    Story.LONG,
                    entry -> PublishedLog.object(outcome(entry, 0).get("ok")).put("len", 3003L)),
            Kind.OUTCOME,
            Story.LONG,
            "long",
            "\"len\":3002",
            "\"len\":3003"),
        Lie.of(
            "row 7: another result in a long list of them",
            otherManyResults(),
            Kind.OUTCOME,
            Story.MANY,
            "long",
            "xxx",
            "another"),
        Lie.of(
            "outcomes: one too few",
            Story.signed()
                .lie(Story.BATCH, entry -> PublishedLog.list(entry.get("outcomes")).remove(2)),
            Kind.OUTCOME,
            Story.BATCH,
            "add",
            "3 outcomes",
            "2 outcomes"),
        Lie.of(
            "outcomes: one too many",
            Story.signed()
                .lie(
                    Story.ADD,
                    entry -> PublishedLog.list(entry.get("outcomes")).add(outcome(entry, 0))),
            Kind.OUTCOME,
            Story.ADD,
            "add",
            "1 outcomes",
            "2 outcomes"),
        outcome(
            "row 22: a time that the module saw otherwise",
            Story.NOW,
            0,
            said -> said.put("ok", String.valueOf(HonestLog.START)),
            String.valueOf(HonestLog.START + 11_000),
            "\"" + HonestLog.START),
        Lie.of(
            "row 22: a time after the module saw it",
            Story.signed().lie(Story.NOW, entry -> entry.put("time", HonestLog.START + 11_500)),
            Kind.OUTCOME,
            Story.NOW,
            "now",
            String.valueOf(HonestLog.START + 11_500),
            String.valueOf(HonestLog.START + 11_000)),
        Lie.of(
            "limits: a result over the limit",
            overTheLimit(),
            Kind.OUTCOME,
            7,
            "long",
            "the result is over the limit of 4096 bytes",
            Hash.of("\"" + "x".repeat(5000) + "\"").hex()));
  }

  static Stream<Lie> fuel() {
    return Stream.of(
        outcome(
            "row 19: claims to have run out of fuel",
            Story.WORK,
            0,
            said -> {
              said.remove("ok");
              said.put("trap", "fuel");
              said.put("fuel", 6L);
            },
            "\"ok\":\"49995000\"",
            "\"trap\":\"fuel\""),
        outcome(
            "row 19: claims to have run out of memory",
            Story.ADD,
            0,
            said -> {
              said.remove("ok");
              said.put("trap", "memory");
            },
            "\"ok\":\"1\"",
            "\"trap\":\"memory\""),
        outcome(
            "row 19: claims memory for fuel",
            Story.SPIN,
            0,
            said -> said.put("trap", "memory"),
            "\"trap\":\"fuel\"",
            "\"trap\":\"memory\""),
        outcome(
            "row 20: hides that a call ran out of fuel",
            Story.SPIN,
            0,
            said -> {
              said.remove("trap");
              said.put("ok", "null");
            },
            "\"trap\":\"fuel\"",
            "\"ok\":\"null\""),
        fuel("row 20: more fuel than was used", Story.WORK, "work", 1),
        fuel("row 20: less fuel than was used", Story.WORK, "work", -1),
        fuel("row 20: more fuel than a trap used", Story.SPIN, "spin", 100),
        Lie.of(
            "row 20: more fuel than loading the script used",
            Story.unsigned()
                .lie(0, genesis -> PublishedLog.object(genesis.get("outcome")).put("fuel", 1000L)),
            Kind.FUEL,
            0,
            null,
            "\"fuel\":0",
            "\"fuel\":1000"));
  }

  static Stream<Lie> archive() {
    PublishedLog other =
        HonestLog.run(Story.SIGNED, log -> log.user(null, method("write", "\"/x\"", "\"x\"")));
    String otherRoot = (String) other.entry(1).get("root");
    PublishedLog consistent = Story.signed();
    consistent.blobs.putAll(other.blobs);
    consistent.lie(Story.LAST, entry -> entry.put("root", otherRoot));
    consistent.publishFiles(Hash.parseHex(otherRoot));
    return Stream.of(
        files("row 9: another root after a call", Story.WRITE, "write", "root"),
        files("row 9: other writes of a call", Story.WRITE, "write", "writes"),
        files("row 9: another root after a call that writes nothing", Story.ADD, "add", "root"),
        files("row 9: writes of a call that writes nothing", Story.ADD, "add", "writes"),
        files("row 9: a root after a call that throws", Story.UNDONE, "write", "root"),
        Lie.of(
            "row 9: another root after genesis",
            Story.unsigned().lie(0, genesis -> genesis.put("root", OTHER_ARCHIVE)),
            Kind.FILES,
            0,
            null,
            "archive root ",
            "archive root " + OTHER_ARCHIVE),
        Lie.of(
            "row 9: another archive, which it publishes as well",
            consistent,
            Kind.FILES,
            Story.LAST,
            "add",
            "archive root " + Story.signed().entry(Story.LAST).get("root"),
            "archive root " + otherRoot + "; /"));
  }

  static Stream<Lie> swapped() {
    PublishedLog broken = Story.unsigned();
    PublishedLog fewer = Story.unsigned();
    PublishedLog slower = Story.unsigned();
    return Stream.of(
        Lie.of(
            "row 21: another script that does not load",
            otherScript(broken, "this is no script"),
            Kind.SCRIPT,
            0,
            null,
            "a script that loads",
            "SyntaxError"),
        Lie.of(
            "row 21: another script of other methods",
            otherScript(fewer, "Math.random(); exports.add = (by) => by"),
            Kind.SCRIPT,
            0,
            null,
            "[[\\\"add\\\",1]]",
            "[\\\"spin\\\",0]"),
        Lie.of(
            "row 21: another script of the same methods",
            otherScript(
                slower, Story.SOURCE.replace("(by) => counter += by", "(by) => counter += 2 * by")),
            Kind.OUTCOME,
            2,
            "add",
            "\"ok\":\"2\"",
            "\"ok\":\"1\""),
        Lie.of(
            "row 21: another script, in a log whose calls are signed",
            otherScript(Story.signed(), Story.SOURCE + "\n"),
            Kind.ADMISSION,
            1,
            "add",
            "a call that may be entry 1",
            "the call is signed for log " + Story.signed().id()),
        Lie.of(
            "row 21: the same script as another kind",
            Story.unsigned()
                .lie(
                    0, genesis -> PublishedLog.object(genesis.get("script")).put("kind", "module")),
            Kind.SCRIPT,
            0,
            null,
            "a script that loads",
            "exports"),
        Lie.of(
            "row 21: less fuel than it had",
            Story.unsigned().lie(0, genesis -> limit(genesis, "fuel", 1)),
            Kind.OUTCOME,
            1,
            "work",
            "\"trap\":\"fuel\"",
            "\"ok\":\"49995000\""),
        Lie.of(
            "row 21: smaller results than it gave",
            Story.unsigned().lie(0, genesis -> limit(genesis, "result", 1024)),
            Kind.OUTCOME,
            3,
            "long",
            "the result is over the limit of 1024 bytes",
            "\"len\":3002"),
        Lie.of(
            "row 21: smaller files than it wrote",
            manyWrites().lie(0, genesis -> limit(genesis, "file", 3)),
            Kind.OUTCOME,
            1,
            "write",
            "QuotaExceededError",
            "\"ok\":\"null\""),
        Lie.of(
            "row 21: fewer bytes in an entry than it wrote",
            manyWrites().lie(0, genesis -> limit(genesis, "written", 5)),
            Kind.OUTCOME,
            1,
            "write",
            "QuotaExceededError",
            "\"ok\":\"null\""),
        Lie.of(
            "row 21: a debug log that says it is none",
            Story.unsigned().lie(0, genesis -> genesis.put("auth", "signed")),
            Kind.UNSIGNED,
            1,
            null,
            "a signed call",
            "a call of a user at their word"));
  }

  @ParameterizedTest
  @MethodSource({"outcomes", "fuel", "archive", "swapped"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  private static Lie outcome(
      String name,
      int index,
      int call,
      Consumer<Map<String, Object>> change,
      String expected,
      String actual) {
    PublishedLog log = Story.signed();
    String request = log.entry(index).get("request").toString();
    String method = request.split("\"method\":\"", -1)[call + 1].split("\"", 2)[0];
    log.lie(index, entry -> change.accept(outcome(entry, call)));
    return Lie.of(name, log, Kind.OUTCOME, index, method, expected, actual);
  }

  private static Lie fuel(String name, int index, String method, long more) {
    long used = (Long) outcome(Story.signed().entry(index), 0).get("fuel");
    return Lie.of(
        name,
        Story.signed().lie(index, entry -> outcome(entry, 0).put("fuel", used + more)),
        Kind.FUEL,
        index,
        method,
        "\"fuel\":" + used,
        "\"fuel\":" + (used + more));
  }

  private static Lie files(String name, int index, String method, String member) {
    String shown = member.equals("root") ? "archive root " : "writes ";
    return Lie.of(
        name,
        Story.signed().lie(index, entry -> entry.put(member, OTHER_ARCHIVE)),
        Kind.FILES,
        index,
        method,
        shown + Story.signed().entry(index).get(member),
        shown + OTHER_ARCHIVE);
  }

  private static PublishedLog otherLongResult() {
    PublishedLog log = Story.signed();
    Map<String, Object> other = log.blob(("\"" + "y".repeat(3000) + "\"").getBytes(UTF_8));
    return log.lie(Story.LONG, entry -> outcome(entry, 0).put("ok", other));
  }

  private static PublishedLog otherManyResults() {
    PublishedLog log = Story.signed();
    Object reference = log.entry(Story.MANY).get("outcomes");
    Hash hash = Hash.parseHex((String) PublishedLog.object(reference).get("sha256"));
    List<Object> outcomes = PublishedLog.list(CanonicalJson.parse(log.blobs.get(hash), 1 << 20));
    PublishedLog.object(outcomes.get(19)).put("ok", "\"another\"");
    Map<String, Object> other = log.blob(CanonicalJson.format(outcomes));
    return log.lie(Story.MANY, entry -> entry.put("outcomes", other));
  }

  private static PublishedLog manyWrites() {
    return HonestLog.run(
        Story.DEBUG, log -> log.user(null, method("write", "\"/f\"", "\"seven..\"")));
  }

  private static PublishedLog overTheLimit() {
    PublishedLog log =
        Story.countingAnd(host -> host.call(new Peer("dave", 9), method("long", "5000")));
    Map<String, Object> result = log.blob(("\"" + "x".repeat(5000) + "\"").getBytes(UTF_8));
    return log.lie(
        7,
        entry -> {
          outcome(entry, 0).remove("throw");
          outcome(entry, 0).put("ok", result);
        });
  }

  private static PublishedLog otherScript(PublishedLog log, String source) {
    Map<String, Object> blob = log.blob(source.getBytes(UTF_8));
    return log.lie(
        0,
        genesis -> {
          Object files = PublishedLog.object(genesis.get("script")).get("files");
          PublishedLog.object(PublishedLog.list(files).get(0)).put("source", blob);
        });
  }

  private static Map<String, Object> outcome(Map<String, Object> entry, int call) {
    return PublishedLog.object(PublishedLog.list(entry.get("outcomes")).get(call));
  }

  private static Map<String, Object> thrown(String name, String message) {
    Map<String, Object> thrown = new TreeMap<>();
    thrown.put("name", name);
    thrown.put("message", message);
    return thrown;
  }

  private static void limit(Map<String, Object> genesis, String name, long limit) {
    PublishedLog.object(genesis.get("limits")).put(name, limit);
  }
}
