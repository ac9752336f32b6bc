package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.HonestLog.method;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lies about which log this is, who signs it, and what was signed before. */
final class HistoryLiesTest {
  private static final Identity EVE = HonestLog.identity("eve");

  static Stream<Lie> remembered() {
    PublishedLog honest = Story.signed();
    PublishedLog twin = HonestLog.run(Story.SIGNED, log -> log.user(null, method("add", "5")));
    return Stream.of(
        Lie.of(
            "row 12: rolls back by one entry",
            honest.prefix(17),
            Audits.kept(honest.signedCheckpoint()),
            Kind.ROLLBACK,
            17,
            null,
            "at least 18 entries",
            "17 entries"),
        Lie.of(
            "row 12: rolls back to genesis",
            honest.prefix(1),
            Audits.kept(honest.prefix(2).signedCheckpoint()),
            Kind.ROLLBACK,
            1,
            null,
            "at least 2 entries",
            "1 entries"),
        Lie.of(
            "row 11: forks, and serves the longer side",
            honest,
            Audits.kept(twin.signedCheckpoint()),
            Kind.FORK,
            1,
            null,
            "root " + twin.head().root() + " of size 2, signed before",
            "root " + honest.prefix(2).head().root()),
        Lie.of(
            "row 11: forks at the newest entry",
            honest,
            Audits.kept(Story.signed().lie(Story.LAST, HistoryLiesTest::later).signedCheckpoint()),
            Kind.FORK,
            Story.LAST,
            null,
            "of size 18, signed before",
            "root " + honest.head().root()));
  }

  static Stream<Lie> named() {
    PublishedLog honest = Story.signed();
    PublishedLog other = Story.counting();
    return Stream.of(
        Lie.of(
            "row 28: serves another log",
            other,
            Audits.pinned(Story.unsigned().id()),
            Kind.WRONG_LOG,
            0,
            null,
            "log " + Story.unsigned().id(),
            "log " + other.id()),
        Lie.of(
            "row 28: serves a log with another key",
            Story.unsigned()
                .edit(0, genesis -> genesis.put("host", EVE.publicKey().format()))
                .rechain()
                .retile(),
            Audits.pinned(Story.unsigned().id()),
            Kind.WRONG_LOG,
            0,
            null,
            "log " + Story.unsigned().id(),
            "log "),
        Lie.of(
            "row 28: signs with another key",
            Story.signed().sign(EVE, originOf(honest), honest.head()),
            Kind.CHECKPOINT,
            0,
            null,
            "a checkpoint by " + HonestLog.HOST.publicKey().format(),
            "not signed by"),
        Lie.of(
            "row 28: signs as another log",
            Story.signed().sign(HonestLog.HOST, "glasshouse/other", honest.head()),
            Kind.CHECKPOINT,
            0,
            null,
            "a checkpoint by " + HonestLog.HOST.publicKey().format(),
            "not signed by"),
        Lie.of(
            "tree: signs another root",
            Story.signed()
                .sign(HonestLog.HOST, originOf(honest), new TreeHead(18, Hash.of("root"))),
            Kind.TREE,
            18,
            null,
            "root " + honest.head().root() + " of 18 entries",
            "the signed root " + Hash.of("root")),
        Lie.of(
            "tree: signs the root of another size",
            Story.signed()
                .sign(
                    HonestLog.HOST,
                    originOf(honest),
                    new TreeHead(18, honest.prefix(17).head().root())),
            Kind.TREE,
            18,
            null,
            "of 18 entries",
            "the signed root " + honest.prefix(17).head().root()));
  }

  @ParameterizedTest
  @MethodSource({"remembered", "named"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  private static void later(Map<String, Object> entry) {
    entry.put("time", (Long) entry.get("time") + 1);
  }

  private static String originOf(PublishedLog log) {
    return (String) log.entry(0).get("origin");
  }
}
