package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a finding says of the call and of the files. */
final class DivergedCallTest {
  private static Divergence found(PublishedLog log) {
    return Audits.audit(log, Expectations.NONE).divergence();
  }

  @Test
  void theCallOfABatchIsNamedWithWhatItWasGiven() {
    DivergedCall call =
        found(
                Story.signed()
                    .lie(
                        Story.BATCH,
                        entry ->
                            PublishedLog.object(PublishedLog.outcome(entry, 1).get("throw"))
                                .put("message", "other")))
            .call();

    assertEquals(1, call.position());
    assertEquals(3, call.of());
    assertEquals("fail", call.method());
    assertEquals("[\"why\"]", call.params());
    assertEquals(
        "{\"throw\":{\"message\":\"why\",\"name\":\"RangeError\"}}", call.expected().outcome());
    assertEquals(
        "{\"throw\":{\"message\":\"other\",\"name\":\"RangeError\"}}", call.actual().outcome());
    assertEquals(call.expectedWrites(), call.actualWrites());
  }

  @Test
  void anotherFuelIsNamed() {
    Divergence found =
        found(
            Story.signed()
                .lie(Story.WORK, entry -> PublishedLog.outcome(entry, 0).put("fuel", 77_777L)));

    assertEquals(Kind.FUEL, found.kind());
    assertEquals(77_777, found.call().actual().fuel());
    assertTrue(found.call().expected().fuel() < 77_777);
    assertEquals(found.call().expected().outcome(), found.call().actual().outcome());
  }

  @Test
  void onlyTheInputsOfTheCallAreNamed() {
    // fetched() asks an oracle once, lost() once, random() for entropy.
    PublishedLog log = Story.signed();
    List<Object> all = PublishedLog.list(log.entry(Story.FETCHED).get("inputs"));
    DivergedCall call =
        found(log.lie(Story.FETCHED, entry -> PublishedLog.outcome(entry, 1).put("fuel", 99_999L)))
            .call();

    assertEquals(1, call.position());
    assertTrue(call.inputs().size() < all.size(), () -> call + " of " + all);
    assertTrue(call.inputs().get(0).startsWith("oracle "), call::toString);
    assertTrue(call.inputs().get(0).contains("nothing at that address"), call::toString);
  }

  @Test
  void ofALongAnswerTheHashIsNamed() {
    PublishedLog log = Story.signed();
    Map<String, Object> answer =
        PublishedLog.object(PublishedLog.input(log.entry(Story.ANSWER), 0).get("answer"));
    log.lie(Story.ANSWER, entry -> PublishedLog.outcome(entry, 0).put("fuel", 99_999L));

    assertEquals(
        List.of("oracle of " + answer.get("len") + " bytes with SHA-256 " + answer.get("sha256")),
        found(log).call().inputs());
  }

  @Test
  void longArgumentsAreCut() {
    DivergedCall call =
        found(
                Story.signed()
                    .lie(
                        Story.LENGTH, entry -> PublishedLog.outcome(entry, 0).put("fuel", 99_999L)))
            .call();
    assertEquals(DivergedCall.MAX_TEXT + 1, call.params().length());
    assertTrue(call.params().endsWith("l\u2026"));
    assertEquals("ab\u2026", DivergedCall.cut("ab\ud83d\ude00", 3));
  }

  @Test
  void aFileOfOtherContentIsShownAsADifference() {
    PublishedLog log = Story.signed();
    Hash right = Entry.parse(log.entries.get(Story.WRITE), log).root();
    log.lie(
        Story.WRITE,
        entry -> entry.put("root", Entry.parse(log.entries.get(Story.UNDONE), log).root().hex()));

    Divergence found = found(log);

    assertEquals(Kind.FILES, found.kind());
    assertEquals("write", found.call().method());
    assertNull(found.call().expected());
    DivergedFile gone =
        found.files().stream().filter(f -> f.path().equals("/notes/a.txt")).findFirst().get();
    assertEquals("absent", gone.actual());
    assertEquals(List.of("@@ -1 +0,0 @@", "-hello", "\\ No newline at end of file"), gone.diff());
    assertTrue(found.files().stream().anyMatch(f -> f.path().equals("/top.txt")));
    assertTrue(ArchiveTree.open(right, log).entries().hasNext());
  }

  @Test
  void aFileThatTheHostConcealsIsShown() {
    PublishedLog log = Story.signed();
    log.lie(Story.WRITE, entry -> entry.put("root", ArchiveTree.EMPTY_ROOT.hex()));
    log.blobs.remove(Hash.of("hello"));

    Divergence found = found(log);

    assertEquals(Kind.FILES, found.kind());
    DivergedFile concealed =
        found.files().stream().filter(f -> f.path().equals("/notes/a.txt")).findFirst().get();
    assertEquals(
        List.of("@@ -1 +0,0 @@", "-hello", "\\ No newline at end of file"), concealed.diff());
  }

  @Test
  void ofSeveralCallsItIsNotSaidWhichOneWrote() {
    DivergedCall call =
        found(Story.signed().lie(Story.BATCH, entry -> entry.put("writes", Hash.ZERO.hex())))
            .call();
    assertEquals(DivergedCall.UNKNOWN, call.position());
    assertEquals(3, call.of());
    assertNull(call.method());
    assertEquals(Hash.ZERO, call.actualWrites());
  }

  @Test
  void aTimersTurnIsNoCall() {
    DivergedCall call =
        found(
                TimerStory.signed()
                    .lie(
                        TimerStory.TURN,
                        entry -> PublishedLog.outcome(entry, 0).put("fuel", 99_999L)))
            .call();
    assertEquals(0, call.of());
    assertNull(call.method());
    assertEquals(99_999, call.actual().fuel());
  }
}
