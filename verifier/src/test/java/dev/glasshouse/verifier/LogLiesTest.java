package dev.glasshouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.verifier.Report.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lies about the log itself: the form and order of its entries, its blobs and tiles. */
final class LogLiesTest {
  static Stream<Lie> edited() {
    int last = Story.LAST;
    return Stream.of(
        Lie.of(
            "row 1: edits an entry",
            Story.signed().edit(Story.ADD, said("\"9\"")).retile().sign(),
            Kind.OUTCOME,
            Story.ADD,
            "add",
            "\"ok\":\"1\"",
            "\"ok\":\"9\""),
        Lie.of(
            "row 1: edits an entry and nothing else",
            Story.signed().edit(Story.ADD, said("\"9\"")),
            Kind.OUTCOME,
            Story.ADD,
            "add",
            "\"ok\":\"1\"",
            "\"ok\":\"9\""),
        Lie.of(
            "row 1: edits what no replay shows, without the chain",
            Story.signed().edit(Story.ADD, LogLiesTest::later).retile().sign(),
            Kind.CHAIN,
            Story.ADD + 1,
            null,
            "prev ",
            "prev "),
        Lie.of(
            "row 1: edits what no replay shows, with the chain, under those who looked",
            Story.signed().lie(Story.ADD, LogLiesTest::later),
            Kind.ADMISSION,
            Story.BATCH,
            "add",
            "a call that may be entry 3",
            "another history of the first 3 entries"),
        Lie.of(
            "row 1: edits the last entry, not its tree",
            Story.signed().edit(last, LogLiesTest::later),
            Kind.TREE,
            last,
            null,
            "hash ",
            "hash "),
        Lie.of(
            "row 1: edits the last entry and its tile, not the checkpoint",
            Story.signed().edit(last, LogLiesTest::later).retile(),
            Kind.TREE,
            last + 1,
            null,
            "of 18 entries",
            "the signed root"),
        Lie.of(
            "row 1: edits a blob of a request",
            blobChanged(Story.signed(), requestOf(Story.LENGTH)),
            Kind.BLOB,
            Story.LENGTH,
            null,
            "the bytes of that hash",
            "as blob " + requestOf(Story.LENGTH)),
        Lie.of(
            "row 1: edits a blob of outcomes",
            blobChanged(Story.signed(), blobIn(Story.MANY, "outcomes")),
            Kind.BLOB,
            Story.MANY,
            null,
            "the bytes of that hash",
            "as blob "),
        Lie.of(
            "row 1: edits a blob of an oracle's answer",
            blobChanged(Story.signed(), answerOf(Story.ANSWER)),
            Kind.BLOB,
            Story.ANSWER,
            null,
            "the bytes of that hash",
            "as blob "),
        Lie.of(
            "row 1: edits the blob of the script",
            blobChanged(Story.signed(), Hash.of(Story.SOURCE)),
            Kind.BLOB,
            0,
            null,
            "the bytes of that hash",
            "as blob "),
        Lie.of(
            "row 1: edits a hash of a tile",
            wrongTile(Story.signed(), new Tile(0, 0, 18), Story.SPIN),
            Kind.TILE,
            Story.SPIN,
            null,
            "in tile/0/000.p/18",
            "hash 0000"),
        Lie.of(
            "row 1: edits a hash of a later tile",
            wrongTile(Story.manyEntries(), new Tile(0, 2, 600 - 512), 3),
            Kind.TILE,
            512 + 3,
            null,
            "in tile/0/002.p/88",
            "hash 0000"),
        Lie.of(
            "row 1: edits a hash of a tile above",
            wrongTile(Story.manyEntries(), new Tile(1, 0, 2), 1),
            Kind.TILE,
            256,
            null,
            "in tile/1/000.p/2",
            "hash 0000"),
        Lie.of(
            "row 1: publishes a tile that is short",
            shortTile(Story.signed(), new Tile(0, 0, 18)),
            Kind.TILE,
            0,
            null,
            "18 hashes in tile/0/000.p/18",
            "17 hashes"),
        Lie.of(
            "row 1: edits an entry of the second bundle, not the chain",
            Story.manyEntries().edit(300, LogLiesTest::later).retile().sign(),
            Kind.CHAIN,
            301,
            null,
            "prev ",
            "prev "));
  }

  static Stream<Lie> deletedInsertedReordered() {
    return Stream.of(
        Lie.of(
            "row 2: deletes an entry",
            removed(Story.signed(), Story.ADD).retile().sign(),
            Kind.CHAIN,
            Story.ADD,
            null,
            "seq 1",
            "seq 2"),
        Lie.of(
            "row 2: deletes an entry, with the chain, under those who looked",
            removed(Story.signed(), Story.ADD).rebuild(),
            Kind.ADMISSION,
            Story.BATCH - 1,
            "add",
            "a call that may be entry 2",
            "entries"),
        Lie.of(
            "row 2: deletes an entry, with the chain, that mattered",
            removed(Story.counting(), 2).rebuild(),
            Kind.OUTCOME,
            2,
            "add",
            "\"ok\":\"2\"",
            "\"ok\":\"3\""),
        Lie.of(
            "row 2: deletes the first call, so that a later one is the first",
            removed(Story.counting(), 0).retile().sign(),
            Kind.MALFORMED,
            0,
            null,
            "a genesis entry",
            "another kind"),
        Lie.of(
            "row 2: inserts an entry that has the next one's place",
            inserted(Story.counting(), 3, 2).retile().sign(),
            Kind.CHAIN,
            3,
            null,
            "seq 3",
            "seq 2"),
        Lie.of(
            "row 2: inserts an entry, with the chain",
            inserted(Story.counting(), 3, 2).rebuild(),
            Kind.ADMISSION,
            3,
            "add",
            "a call that may be entry 3",
            "is used up"),
        Lie.of(
            "row 2: inserts a second genesis",
            inserted(Story.counting(), 3, 0).retile().sign(),
            Kind.CHAIN,
            3,
            null,
            "one genesis entry, at index 0",
            "another order"),
        Lie.of(
            "row 3: reorders two entries",
            swapped(Story.counting(), 1).retile().sign(),
            Kind.CHAIN,
            1,
            null,
            "seq 1",
            "seq 2"),
        Lie.of(
            "row 3: reorders two entries and their numbers",
            renumbered(swapped(Story.counting(), 1)).retile().sign(),
            Kind.CHAIN,
            1,
            null,
            "prev ",
            "prev "),
        Lie.of(
            "row 3: reorders two entries, with the chain",
            retimed(swapped(Story.counting(), 1)).rebuild(),
            Kind.OUTCOME,
            1,
            "add",
            "\"ok\":\"1\"",
            "\"ok\":\"2\""),
        Lie.of(
            "row 3: reorders two entries that change nothing, with the chain",
            retimed(swapped(Story.counting(), 5)).rebuild(),
            Kind.ADMISSION,
            6,
            "who",
            "a call that may be entry 6",
            "the last one used is 6"),
        Lie.of(
            "row 3: reorders entries of two callers, with the chain",
            retimed(swapped(Story.signed(), Story.ADD)).rebuild(),
            Kind.FILES,
            2,
            "add",
            "archive root " + Story.signed().entry(Story.WRITE).get("root"),
            "archive root " + Story.signed().entry(Story.ADD).get("root")));
  }

  static Stream<Lie> chained() {
    return Stream.of(
        Lie.of(
            "chain: a place of another entry",
            Story.signed().edit(Story.WORK, entry -> entry.put("seq", 99L)).retile().sign(),
            Kind.CHAIN,
            Story.WORK,
            null,
            "seq 12",
            "seq 99"),
        Lie.of(
            "chain: another entry before it",
            Story.signed()
                .edit(Story.LAST, entry -> entry.put("prev", Hash.ZERO.hex()))
                .retile()
                .sign(),
            Kind.CHAIN,
            Story.LAST,
            null,
            "prev ",
            "prev 0000"),
        Lie.of(
            "row 22: time goes backwards",
            Story.counting().lie(6, entry -> entry.put("time", HonestLog.START + 4999)),
            Kind.CHAIN,
            6,
            null,
            "a time not before " + (HonestLog.START + 5000),
            "time " + (HonestLog.START + 4999)),
        Lie.of(
            "row 22: time of the first call before the log's beginning",
            Story.unsigned().lie(1, entry -> entry.put("time", HonestLog.START - 1)),
            Kind.CHAIN,
            1,
            null,
            "a time not before " + HonestLog.START,
            "time " + (HonestLog.START - 1)));
  }

  static Stream<Lie> malformed() {
    return Stream.of(
        malformed("white space", entry -> entry.replace("{\"", "{ \""), "canonical form"),
        malformed("a member too many", entry -> entry.replace("\"v\":1", "\"v\":1,\"w\":1"), "w"),
        malformed("a member missing", entry -> entry.replace("\"v\":1,", ""), "\"v\""),
        malformed("no JSON", entry -> "hello", "no value begins so"),
        malformed("no bytes", entry -> "", "it ends early"),
        malformed("an array", entry -> "[]", "must be an object"),
        malformed(
            "a root in upper case",
            entry -> entry.replaceFirst("\"root\":\"(.)", "\"root\":\"A"),
            "lower-case"),
        malformed(
            "too long for an entry",
            entry -> "\"" + "e".repeat(65_535) + "\"",
            "over the limit of 65535"),
        Lie.of(
            "form: a genesis entry that is none",
            genesisOf("{}"),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "lacks \"v\""),
        Lie.of(
            "form: an interpreter of another length",
            Story.unsigned().lie(0, genesis -> length(genesis, "interpreter", 1L)),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "bytes, not 1"),
        Lie.of(
            "form: a bootstrap script of another length",
            Story.unsigned().lie(0, genesis -> length(genesis, "bootstrap", 1L)),
            Kind.MALFORMED,
            0,
            null,
            "a log in its published form",
            "bytes, not 1"),
        Lie.of(
            "form: a request's blob of another length",
            Story.signed()
                .lie(
                    Story.LENGTH,
                    entry -> PublishedLog.object(entry.get("request")).put("len", 3000L)),
            Kind.MALFORMED,
            Story.LENGTH,
            null,
            "an entry in its canonical form",
            "not 3000"),
        Lie.of(
            "form: an answer's blob of another length",
            Story.signed().lie(Story.ANSWER, LogLiesTest::shortenAnswer),
            Kind.MALFORMED,
            Story.ANSWER,
            null,
            "a log in its published form",
            "not 2000"));
  }

  private static Lie malformed(String what, UnaryOperator<String> change, String actual) {
    PublishedLog log = Story.signed();
    String entry = new String(log.entries.get(Story.WRITE), UTF_8);
    log.entries.set(Story.WRITE, change.apply(entry).getBytes(UTF_8));
    log.retile().sign();
    return Lie.of(
        "form: " + what,
        log,
        Kind.MALFORMED,
        Story.WRITE,
        null,
        "an entry in its canonical form",
        actual);
  }

  @ParameterizedTest
  @MethodSource({"edited", "deletedInsertedReordered", "chained", "malformed"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void withoutAKeptCheckpointTheseAreOtherHonestLogs() {
    // What the README must say: one host and one auditor who knows nothing cannot show these.
    Audits.requireVerified(Story.signed().prefix(17), "the last entry left out");
    Audits.requireVerified(
        Story.signed().lie(Story.LAST, LogLiesTest::later), "another time of the last entry");
    Audits.requireVerified(
        removed(Story.counting(), 5).rebuild(), "a call without effect left out");
  }

  @Test
  void aSourceThatGivesTwoGenesisEntriesIsFound() {
    PublishedLog first = Story.signed();
    PublishedLog second = Story.unsigned();
    List<byte[]> given = new ArrayList<>(List.of(first.entries.get(0)));
    LogReader twoFaced =
        new ChangedSource(first) {
          @Override
          public List<byte[]> entries(long from, long size) {
            return given.isEmpty() ? second.entries(0, 1) : List.of(given.remove(0));
          }
        };
    Report report = Audits.audit(twoFaced, Expectations.NONE);

    assertEquals(Verdict.DIVERGED, report.verdict(), report::toString);
    assertEquals(Kind.ENTRY, report.divergence().kind(), report::toString);
    assertEquals(0, report.divergence().index(), report::toString);
  }

  private static void later(Map<String, Object> entry) {
    entry.put("time", (Long) entry.get("time") + 1);
  }

  private static Consumer<Map<String, Object>> said(String ok) {
    return entry ->
        PublishedLog.object(PublishedLog.list(entry.get("outcomes")).get(0))
            .put("ok", ok.substring(1, ok.length() - 1));
  }

  private static PublishedLog blobChanged(PublishedLog log, Hash hash) {
    byte[] changed = log.blobs.get(hash).clone();
    changed[changed.length / 2] ^= 1;
    log.blobs.put(hash, changed);
    return log;
  }

  private static Hash requestOf(int index) {
    return blobIn(index, "request");
  }

  private static Hash blobIn(int index, String member) {
    Object reference = Story.signed().entry(index).get(member);
    return Hash.parseHex((String) PublishedLog.object(reference).get("sha256"));
  }

  private static Hash answerOf(int index) {
    Object inputs = Story.signed().entry(index).get("inputs");
    Object answer = PublishedLog.object(PublishedLog.list(inputs).get(0)).get("answer");
    return Hash.parseHex((String) PublishedLog.object(answer).get("sha256"));
  }

  private static void shortenAnswer(Map<String, Object> entry) {
    Object input = PublishedLog.list(entry.get("inputs")).get(0);
    PublishedLog.object(PublishedLog.object(input).get("answer")).put("len", 2000L);
  }

  private static void length(Map<String, Object> genesis, String member, long length) {
    PublishedLog.object(genesis.get(member)).put("len", length);
  }

  private static PublishedLog wrongTile(PublishedLog log, Tile tile, int at) {
    List<Hash> hashes = new ArrayList<>(log.tile(tile));
    hashes.set(at, Hash.ZERO);
    log.wrongTiles.put(tile, hashes);
    return log;
  }

  private static PublishedLog shortTile(PublishedLog log, Tile tile) {
    log.wrongTiles.put(tile, log.tile(tile).subList(0, tile.width() - 1));
    return log;
  }

  private static PublishedLog removed(PublishedLog log, int index) {
    log.entries.remove(index);
    return log;
  }

  private static PublishedLog inserted(PublishedLog log, int at, int copied) {
    log.entries.add(at, log.entries.get(copied));
    return log;
  }

  private static PublishedLog swapped(PublishedLog log, int index) {
    Collections.swap(log.entries, index, index + 1);
    return log;
  }

  private static PublishedLog retimed(PublishedLog log) {
    for (int i = 0; i < log.size(); i++) {
      long time = HonestLog.START + 1000L * i;
      log.edit(i, entry -> entry.put("time", time));
    }
    return log;
  }

  private static PublishedLog renumbered(PublishedLog log) {
    for (int i = 1; i < log.size(); i++) {
      long seq = i;
      log.edit(i, entry -> entry.put("seq", seq));
    }
    return log;
  }

  private static PublishedLog genesisOf(String text) {
    PublishedLog log = Story.signed();
    log.entries.set(0, text.getBytes(UTF_8));
    return log.retile().sign();
  }
}
