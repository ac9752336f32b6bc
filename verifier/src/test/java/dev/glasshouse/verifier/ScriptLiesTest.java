package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;
import static dev.glasshouse.verifier.PublishedLog.list;
import static dev.glasshouse.verifier.PublishedLog.object;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.HonestLog.Peer;
import dev.glasshouse.verifier.HonestLog.Settings;
import dev.glasshouse.verifier.Report.Verdict;
import dev.glasshouse.vm.sandbox.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lies about what a log starts from: the files of its script, its limits. The log is chained and
 * signed again after each.
 */
final class ScriptLiesTest {
  private static final String MAIN =
      """
      const { rate } = require('./lib/rate')
      exports.price = (count) => count * rate
      exports.late = () => require('./late.js').value
      """;
  private static final Script SCRIPT =
      new Script(
          "main.js",
          Script.Kind.COMMONJS,
          new TreeMap<>(
              Map.of(
                  "main.js", MAIN,
                  "lib/rate.js", "exports.rate = 7\n",
                  "late.js", "exports.value = 'late'\n")));
  private static final int PRICE = 1;
  private static final int LATE = 2;

  // Apart from this class, whose methods the hosts' threads call: they would wait for it forever.
  private static final class Told {
    static final PublishedLog DEBUG_LOG =
        HonestLog.run(new Settings(SCRIPT, Story.LIMITS, true, 21), ScriptLiesTest::callUnsigned);
    static final PublishedLog SIGNED_LOG =
        HonestLog.run(new Settings(SCRIPT, Story.LIMITS, false, 22), ScriptLiesTest::callSigned);
  }

  static Stream<Lie> files() {
    return Stream.of(
        Lie.of(
            "row 21: another main file",
            changed(unsigned(), "main.js", MAIN.replace("late =", "soon =")),
            Kind.SCRIPT,
            0,
            null,
            "soon",
            "late"),
        Lie.of(
            "row 21: another imported file",
            changed(unsigned(), "lib/rate.js", "exports.rate = 8\n"),
            Kind.OUTCOME,
            PRICE,
            "price",
            "\"ok\":\"48\"",
            "\"ok\":\"42\""),
        Lie.of(
            "row 21: an imported file that does not load",
            changed(unsigned(), "lib/rate.js", "exports.rate =\n"),
            Kind.SCRIPT,
            0,
            null,
            "a script that loads",
            "SyntaxError"),
        Lie.of(
            "row 21: another file that a call imports",
            changed(unsigned(), "late.js", "exports.value = 'soon'\n"),
            Kind.OUTCOME,
            LATE,
            "late",
            "soon",
            "late"),
        Lie.of(
            "row 21: a file that is no text",
            changed(unsigned(), "late.js", new byte[] {'/', '/', (byte) 0xff}),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "the source of late.js is not UTF-8"),
        Lie.of(
            "row 21: a file less",
            removed(unsigned(), "lib/rate.js"),
            Kind.SCRIPT,
            0,
            null,
            "a script that loads",
            "the module has no file lib/rate"),
        Lie.of(
            "row 21: a file less that a call imports",
            removed(unsigned(), "late.js"),
            Kind.OUTCOME,
            LATE,
            "late",
            "ModuleNotFoundError",
            "\"ok\":\"\\\"late\\\"\""),
        Lie.of(
            "row 21: a file under another name",
            renamed(unsigned(), "lib/rate.js", "lib/rates.js"),
            Kind.SCRIPT,
            0,
            null,
            "a script that loads",
            "the module has no file lib/rate"),
        Lie.of(
            "row 21: a file more that is found in the place of another",
            added(unsigned(), "lib/rate", "exports.rate = 9\n"),
            Kind.OUTCOME,
            PRICE,
            "price",
            "\"ok\":\"54\"",
            "\"ok\":\"42\""),
        Lie.of(
            "row 21: a file more that nothing imports, in a log whose calls are signed",
            added(signed(), "unused.js", "exports.rate = 9\n"),
            Kind.ADMISSION,
            PRICE,
            "price",
            "a call that may be entry 1",
            "the call is signed for log " + signed().id()),
        Lie.of(
            "row 1: edits a file's blob",
            blobEdited(unsigned(), "exports.value = 'late'\n"),
            Kind.BLOB,
            0,
            null,
            "the bytes of that hash",
            "as blob " + Hash.of("exports.value = 'late'\n")),
        malformed("another order", Collections::reverse, "in the order of their names"),
        malformed("a file twice", files -> files.add(files.get(2)), "two files named main.js"),
        malformed("no main file", files -> files.remove(2), "main is none of its files"),
        malformed("no files", List::clear, "from 1 to 1024 files"),
        malformed("a file outside", files -> name(files.get(0), "../late.js"), "\"..\" segment"),
        malformed("a file without a name", files -> name(files.get(0), ""), "from 1 to 256"),
        malformed(
            "another length of a file",
            files -> object(object(files.get(0)).get("source")).put("len", 1L),
            "has 23 bytes, not 1"));
  }

  static Stream<Lie> limits() {
    PublishedLog timeout =
        HonestLog.run(TimerStory.DEBUG, log -> log.user(null, method("nap", "10001")));
    return Stream.of(
        Lie.of(
            "row 21: less waiting than it took",
            limit(TimerStory.unsigned(), "wait", 49),
            Kind.INPUTS,
            TimerStory.UNSIGNED_NAP,
            "nap",
            "the recorded inputs",
            "the entry records 1 inputs, the replay used 0"),
        Lie.of(
            "row 21: more waiting than it gave",
            limit(timeout, "wait", 10_001),
            Kind.INPUTS,
            1,
            "nap",
            "the recorded inputs",
            "asks for timer"),
        Lie.of(
            "row 21: another limit of waiting, in a log whose calls are signed",
            limit(TimerStory.signed(), "wait", 10_001),
            Kind.ADMISSION,
            1,
            "later",
            "a call that may be entry 1",
            "the call is signed for log " + TimerStory.signed().id()),
        Lie.of(
            "row 21: another watchdog, in a log whose calls are signed",
            limit(TimerStory.signed(), "watchdog", 100),
            Kind.ADMISSION,
            1,
            "later",
            "a call that may be entry 1",
            "the call is signed for log " + TimerStory.signed().id()),
        Lie.of(
            "row 21: another watchdog, of a log that is known",
            limit(TimerStory.unsigned(), "watchdog", 100),
            Audits.pinned(TimerStory.unsigned().id()),
            Kind.WRONG_LOG,
            0,
            null,
            "log " + TimerStory.unsigned().id(),
            "log "),
        Lie.of(
            "form: a watchdog under its limit",
            limit(TimerStory.unsigned(), "watchdog", 99),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "the limit watchdog"),
        Lie.of(
            "form: a wait over its limit",
            limit(TimerStory.unsigned(), "wait", 600_001),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "the limit wait"));
  }

  @ParameterizedTest
  @MethodSource({"files", "limits"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void theScriptIsVerified() {
    Report report = Audits.requireVerified(signed(), "several files");

    assertEquals(3, report.counts().blobs());
  }

  @Test
  void whoDoesNotKnowTheLogCannotTellItsUnusedFilesAndItsWatchdog() {
    // What nothing depends on makes another log all the same, for whoever pins its id.
    PublishedLog more = added(unsigned(), "unused.js", "exports.rate = 9\n");
    Audits.requireVerified(more, "a file more");
    Audits.requireVerified(limit(TimerStory.unsigned(), "watchdog", 100), "another watchdog");

    Report report = Audits.audit(more, Audits.pinned(unsigned().id()));
    assertEquals(Kind.WRONG_LOG, report.divergence().kind());
  }

  @Test
  void aFileThatIsWithheldIsNoFinding() {
    PublishedLog log = unsigned();
    log.blobs.remove(Hash.of("exports.value = 'late'\n"));

    Report report = Audits.audit(log, Expectations.NONE);

    assertEquals(Verdict.UNDECIDED, report.verdict(), report::toString);
  }

  // Calls of users at their word, which fit any log.
  private static void callUnsigned(HonestLog log) {
    log.user(null, method("price", "6"));
    log.user(null, method("late"));
  }

  private static void callSigned(HonestLog log) {
    log.call(new Peer("carol", 4), method("price", "6"));
  }

  private static PublishedLog unsigned() {
    return Told.DEBUG_LOG.copy();
  }

  private static PublishedLog signed() {
    return Told.SIGNED_LOG.copy();
  }

  private static PublishedLog changed(PublishedLog log, String name, String source) {
    return changed(log, name, source.getBytes(UTF_8));
  }

  private static PublishedLog changed(PublishedLog log, String name, byte[] source) {
    Map<String, Object> blob = log.blob(source);
    return filesOf(
        log,
        files ->
            files.stream()
                .filter(file -> object(file).get("name").equals(name))
                .forEach(file -> object(file).put("source", blob)));
  }

  private static PublishedLog removed(PublishedLog log, String name) {
    return filesOf(log, files -> files.removeIf(file -> object(file).get("name").equals(name)));
  }

  private static PublishedLog renamed(PublishedLog log, String name, String other) {
    return filesOf(
        log,
        files ->
            files.stream()
                .filter(file -> object(file).get("name").equals(name))
                .forEach(file -> name(file, other)));
  }

  private static PublishedLog added(PublishedLog log, String name, String source) {
    Map<String, Object> file = new TreeMap<>();
    file.put("name", name);
    file.put("source", log.blob(source.getBytes(UTF_8)));
    return filesOf(
        log,
        files -> {
          files.add(file);
          files.sort((a, b) -> nameOf(a).compareTo(nameOf(b)));
        });
  }

  private static PublishedLog blobEdited(PublishedLog log, String source) {
    log.blobs.put(Hash.of(source), "exports.value = 'soon'\n".getBytes(UTF_8));
    return log;
  }

  private static Lie malformed(String name, Consumer<List<Object>> change, String actual) {
    return Lie.of(
        "form: a script of " + name,
        filesOf(unsigned(), change),
        Kind.MALFORMED,
        0,
        null,
        "a log in its published form",
        actual);
  }

  private static PublishedLog filesOf(PublishedLog log, Consumer<List<Object>> change) {
    return log.lie(
        0,
        genesis -> {
          Map<String, Object> script = object(genesis.get("script"));
          List<Object> files = new ArrayList<>(list(script.get("files")));
          change.accept(files);
          script.put("files", files);
        });
  }

  private static void name(Object file, String name) {
    object(file).put("name", name);
  }

  private static String nameOf(Object file) {
    return (String) object(file).get("name");
  }

  private static PublishedLog limit(PublishedLog log, String name, long limit) {
    return log.lie(0, genesis -> object(genesis.get("limits")).put(name, limit));
  }
}
