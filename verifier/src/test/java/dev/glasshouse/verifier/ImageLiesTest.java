package dev.glasshouse.verifier;

import static dev.glasshouse.verifier.PublishedLog.list;
import static dev.glasshouse.verifier.PublishedLog.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HeapReference;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.verifier.Divergence.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lies about the guest's heap. The log is chained and signed again after each. */
final class ImageLiesTest {
  private static final Hash ZERO = Hash.ZERO;

  static Stream<Lie> heaps() {
    return Stream.of(
        heap("another root", heap -> heap.put("root", Hash.ZERO.hex()), "heap root " + Hash.ZERO),
        heap(
            "another list",
            heap -> object(heap.get("pages")).put("sha256", Hash.ZERO.hex()),
            "listed in blob " + Hash.ZERO),
        heap(
            "a longer list",
            heap -> object(heap.get("pages")).put("len", 32L * (pages() + 1)),
            pages() + 1 + " pages listed in blob "),
        heap("no heap", heap -> heap.put("globals", "0"), "globals 0, "),
        heap(
            "another number",
            heap -> heap.put("globals", heap.get("globals") + "1"),
            image().heap().globals() + "1, "),
        heap(
            "numbers in another order",
            heap -> heap.put("globals", reversed((String) heap.get("globals"))),
            "globals 1048576 "),
        listed("row 9: another page in the list", pages -> replaced(pages, 7), "; page 7 with "),
        listed("another first page", pages -> replaced(pages, 0), "; page 0 with SHA-256 " + ZERO),
        listed("pages in another order", ImageLiesTest::reversed, "; page "),
        listed(
            "a page too few",
            pages -> pages.subList(0, pages.size() - 1),
            pages() - 1 + " pages listed"),
        listed(
            "a page too many", pages -> with(pages, pages.get(5)), pages() + 1 + " pages listed"),
        Lie.of(
            "images: another page in the list, under the root of the right ones",
            otherList(),
            Kind.HEAP,
            TimerStory.IMAGE,
            null,
            "heap root " + image().heap().root(),
            "heap root " + image().heap().root()),
        Lie.of(
            "images: of an earlier heap",
            TimerStory.signed()
                .lie(
                    TimerStory.NO_TIMER,
                    entry ->
                        entry.put("heap", TimerStory.signed().entry(TimerStory.IMAGE).get("heap"))),
            Kind.HEAP,
            TimerStory.NO_TIMER,
            null,
            ", no timer due; page ",
            "heap root " + image().heap().root()));
  }

  static Stream<Lie> timers() {
    long due = HonestLog.START + 61_000;
    return Stream.of(
        due("later", TimerStory.IMAGE, due + 1, "due at " + due, "due at " + (due + 1)),
        due("earlier", TimerStory.IMAGE, due - 1, "due at " + due, "due at " + (due - 1)),
        due("at once", TimerStory.IMAGE, 0L, "due at " + due, "due at 0"),
        due("never", TimerStory.IMAGE, null, "due at " + due, "no timer due"),
        due("that is none", TimerStory.NO_TIMER, due, "no timer due", "a timer due at " + due),
        malformed("a due time below zero", entry -> entry.put("due", -1L), "\"due\""),
        malformed("a due time of text", entry -> entry.put("due", "1"), "\"due\""));
  }

  static Stream<Lie> places() {
    return Stream.of(
        Lie.of(
            "images: before the call whose heap it is",
            exchanged(TimerStory.LATER),
            Kind.HEAP,
            TimerStory.LATER,
            null,
            ", no timer due",
            "a timer due at " + (HonestLog.START + 61_000)),
        Lie.of(
            "images: after a call that changed the heap",
            exchanged(TimerStory.NO_TIMER),
            Kind.HEAP,
            TimerStory.NO_TIMER + 1,
            null,
            "a timer due at " + (HonestLog.START + 76_000),
            ", no timer due"),
        Lie.of(
            "images: twice, the second after a call",
            copied(TimerStory.SLEEP + 1, TimerStory.IMAGE),
            Kind.HEAP,
            TimerStory.SLEEP + 1,
            null,
            "page ",
            "heap root " + image().heap().root()),
        Lie.of(
            "images: a time before the entry before it",
            TimerStory.signed()
                .lie(TimerStory.IMAGE, entry -> entry.put("time", HonestLog.START + 999)),
            Kind.CHAIN,
            TimerStory.IMAGE,
            null,
            "a time not before " + (HonestLog.START + 1000),
            "time " + (HonestLog.START + 999)),
        Lie.of(
            "row 9: an image that changes the files",
            TimerStory.signed()
                .lie(
                    TimerStory.IMAGE,
                    entry -> {
                      Map<String, Object> turn = TimerStory.signed().entry(TimerStory.TURN);
                      entry.put("root", turn.get("root"));
                      entry.put("writes", turn.get("writes"));
                    }),
            Kind.FILES,
            TimerStory.IMAGE,
            null,
            "/a.txt absent",
            "/a.txt of 16 bytes"),
        Lie.of(
            "row 9: an image with writes that leave the files as they are",
            TimerStory.signed()
                .lie(TimerStory.IMAGE, entry -> entry.put("writes", Hash.ZERO.hex())),
            Kind.FILES,
            TimerStory.IMAGE,
            null,
            "writes ",
            "writes " + Hash.ZERO),
        malformed(
            "inputs", entry -> list(entry.get("inputs")).add(new TreeMap<>()), "has no inputs"),
        malformed("a caller", entry -> entry.put("caller", null), "caller"),
        malformed(
            "an outcome",
            entry ->
                entry.put("outcome", TimerStory.signed().entry(TimerStory.TURN).get("outcome")),
            "outcome"),
        malformed(
            "numbers that are none",
            entry -> object(entry.get("heap")).put("globals", "1 02"),
            "globals"),
        malformed(
            "a part of a page's hash",
            entry -> object(object(entry.get("heap")).get("pages")).put("len", 33L),
            "32 bytes"));
  }

  @ParameterizedTest
  @MethodSource({"heaps", "timers", "places"})
  void isFound(Lie lie) {
    lie.mustBeFound();
  }

  @Test
  void anImageThatIsLeftOutOrRepeatedIsNoLie() {
    PublishedLog without = TimerStory.signed();
    without.entries.remove(TimerStory.IMAGE);
    Audits.requireVerified(without.rebuild(), "an image less");

    PublishedLog twice = copied(TimerStory.IMAGE + 1, TimerStory.IMAGE);
    assertEquals(4, Audits.requireVerified(twice, "an image more").counts().images());
  }

  @Test
  void theListOfPagesIsDerivedAndNotAskedFor() {
    PublishedLog log = TimerStory.signed();
    Hash list = image().heap().pages().sha256();
    log.blobs.remove(list);

    Audits.requireVerified(log, "without the list");
  }

  @Test
  void theFindingDoesNotNeedTheListThatTheHostWithholds() {
    PublishedLog log = listed(pages -> replaced(pages, 7));
    ImageEntry lie = image(log, TimerStory.IMAGE);
    log.blobs.remove(lie.heap().pages().sha256());

    Divergence found = Audits.audit(log, Expectations.NONE).divergence();

    assertEquals(Kind.HEAP, found.kind());
    assertFalse(found.actual().contains("; page"), found::actual);
  }

  private static ImageEntry image() {
    return image(TimerStory.signed(), TimerStory.IMAGE);
  }

  private static long pages() {
    return image().heap().pages().length() / Hash.BYTES;
  }

  private static ImageEntry image(PublishedLog log, int index) {
    return (ImageEntry) Entry.parse(log.entries.get(index), log);
  }

  private static Lie heap(String name, Consumer<Map<String, Object>> change, String actual) {
    return Lie.of(
        "images: " + name,
        TimerStory.signed()
            .lie(TimerStory.IMAGE, entry -> change.accept(object(entry.get("heap")))),
        Kind.HEAP,
        TimerStory.IMAGE,
        null,
        "heap root " + image().heap().root() + ", " + pages() + " pages listed in blob ",
        actual);
  }

  private static Lie listed(String name, UnaryOperator<List<Hash>> change, String actual) {
    return Lie.of(
        "images: " + name,
        listed(change),
        Kind.HEAP,
        TimerStory.IMAGE,
        null,
        "heap root " + image().heap().root(),
        actual);
  }

  // Another list of pages, with the root that it comes to.
  private static PublishedLog listed(UnaryOperator<List<Hash>> change) {
    PublishedLog log = TimerStory.signed();
    ImageEntry image = image(log, TimerStory.IMAGE);
    List<Hash> pages = change.apply(image.heap().readPages(log));
    Map<Hash, byte[]> lists = new HashMap<>();
    HeapReference other = HeapReference.of(image.heap().globals(), pages, lists);
    log.blobs.putAll(lists);
    return log.lie(
        TimerStory.IMAGE,
        entry -> {
          Map<String, Object> heap = object(entry.get("heap"));
          heap.put("root", other.root().hex());
          object(heap.get("pages")).put("sha256", other.pages().sha256().hex());
          object(heap.get("pages")).put("len", other.pages().length());
        });
  }

  private static PublishedLog otherList() {
    PublishedLog log = listed(pages -> replaced(pages, 7));
    return log.lie(
        TimerStory.IMAGE,
        entry -> object(entry.get("heap")).put("root", image().heap().root().hex()));
  }

  private static List<Hash> replaced(List<Hash> pages, int at) {
    List<Hash> others = new ArrayList<>(pages);
    others.set(at, ZERO);
    return others;
  }

  private static List<Hash> reversed(List<Hash> pages) {
    List<Hash> others = new ArrayList<>(pages);
    Collections.reverse(others);
    return others;
  }

  private static List<Hash> with(List<Hash> pages, Hash more) {
    List<Hash> others = new ArrayList<>(pages);
    others.add(more);
    return others;
  }

  private static String reversed(String globals) {
    List<String> numbers = new ArrayList<>(List.of(globals.split(" ", -1)));
    Collections.reverse(numbers);
    return String.join(" ", numbers);
  }

  private static Lie due(String name, int index, Long due, String expected, String actual) {
    return Lie.of(
        "images: a timer " + name,
        TimerStory.signed().lie(index, entry -> entry.put("due", due)),
        Kind.HEAP,
        index,
        null,
        expected,
        actual);
  }

  private static Lie malformed(String name, Consumer<Map<String, Object>> change, String actual) {
    return Lie.of(
        "form: an image with " + name,
        TimerStory.signed().lie(TimerStory.IMAGE, change),
        Kind.MALFORMED,
        TimerStory.IMAGE,
        null,
        "an entry in its canonical form",
        actual);
  }

  // An entry and the one after it, each at the other's time.
  private static PublishedLog exchanged(int index) {
    PublishedLog log = TimerStory.signed();
    long first = (Long) log.entry(index).get("time");
    long second = (Long) log.entry(index + 1).get("time");
    Collections.swap(log.entries, index, index + 1);
    log.edit(index, entry -> entry.put("time", first));
    return log.lie(index + 1, entry -> entry.put("time", second));
  }

  private static PublishedLog copied(int at, int index) {
    PublishedLog log = TimerStory.signed();
    log.entries.add(at, log.entries.get(index));
    long time = (Long) log.entry(at + 1).get("time");
    return log.lie(at, entry -> entry.put("time", time));
  }
}
