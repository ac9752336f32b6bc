package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of entries that the host writes of its own: timer, abort and image. */
class EntryKindsTest {
  private static final Caller USER = new Caller.User("ann");
  private static final Text REQUEST = new Text.Inline("{}");

  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();

  @Test
  void everyKindIsReadBack() {
    Outcome thrown = new Outcome.Thrown("E", "m", 1);
    Outcome trapped = new Outcome.Trapped("fuel", 2_001);
    String longResult = "\"" + "x".repeat(2000) + "\"";
    Caller key = new Caller.Key(SampleLog.BOB.publicKey(), SampleLog.BOB.sign(new byte[0]));
    for (Entry entry :
        List.of(
            SampleLog.timer(List.of(), new Outcome.Ok(new Text.Inline("null"), 0)),
            SampleLog.timer(List.of(), new Outcome.Ok(Text.of(longResult, blobs), 3)),
            SampleLog.timer(SampleLog.inputsOf(LongList.MAX_INLINE + 1), thrown),
            SampleLog.timer(List.of(), trapped),
            SampleLog.abort(USER, REQUEST),
            SampleLog.abort(new Caller.User(null), Text.of("é".repeat(600), blobs)),
            SampleLog.abort(key, REQUEST),
            SampleLog.abort(null, null),
            SampleLog.image("1 20 0", 3, ImageEntry.NO_TIMER),
            SampleLog.image("0", 1, 0),
            SampleLog.image("7 7", 300, CanonicalJson.MAX_INTEGER))) {
      byte[] bytes = entry.format(blobs);
      Entry again = Entry.parse(bytes, blobs::get);
      assertEquals(entry.getClass(), again.getClass());
      assertArrayEquals(bytes, again.format(blobs));
      assertEquals(entry.inputs(), again.inputs());
      if (!(entry instanceof AbortEntry)) {
        assertEquals(entry, again);
      }
    }
    assertTrue(SampleLog.abort(null, null).ofTimer());
    assertFalse(SampleLog.abort(USER, REQUEST).ofTimer());
  }

  @Test
  void everyMemberIsNeededAndNoOtherIsTaken() {
    for (Entry entry :
        List.of(
            SampleLog.timer(List.of(), new Outcome.Trapped("fuel", 1)),
            SampleLog.abort(USER, REQUEST),
            SampleLog.abort(null, null),
            SampleLog.image("1 2", 1, 5))) {
      Map<String, Object> members = members(entry);
      for (String name : members.keySet()) {
        Map<String, Object> fewer = new LinkedHashMap<>(members);
        fewer.remove(name);
        refused(fewer, entry + " without " + name);
        refused(with(members, name, List.of(List.of())), entry + ", another type of " + name);
      }
      refused(with(members, "zzz", 1L), entry + " with an unknown member");
      for (String name : List.of("outcome", "outcomes", "caller", "request", "heap", "due")) {
        if (!members.containsKey(name)) {
          refused(with(members, name, null), entry + " with " + name);
        }
      }
    }
  }

  @Test
  void onlyKindsThatRunTheGuestHaveInputs() {
    List<Input> some = SampleLog.inputsOf(200);
    assertEquals(
        some,
        Entry.parse(SampleLog.timer(some, new Outcome.Trapped("fuel", 1)).format(blobs), blobs::get)
            .inputs());
    byte[] list = CanonicalJson.format(Input.toJson(SampleLog.inputsOf(LongList.MAX_INLINE + 1)));
    blobs.put(Hash.of(list), list);
    for (Entry entry : List.of(SampleLog.abort(USER, REQUEST), SampleLog.image("1", 1, 5))) {
      Map<String, Object> members = members(entry);
      refused(with(members, "inputs", Input.toJson(some)), entry + " with inputs");
      refused(
          with(members, "inputs", Text.reference(Hash.of(list), list.length)),
          entry + " with inputs in a blob");
    }
  }

  @Test
  void anAbortHasACallerAndARequestOrNeither() {
    assertThrows(MalformedException.class, () -> SampleLog.abort(USER, null));
    assertThrows(MalformedException.class, () -> SampleLog.abort(null, REQUEST));
    Map<String, Object> ofCall = members(SampleLog.abort(USER, REQUEST));
    refused(with(ofCall, "caller", null), "no caller");
    refused(with(ofCall, "request", null), "no request");
    Map<String, Object> ofTimer = members(SampleLog.abort(null, null));
    refused(with(ofTimer, "caller", USER.toJson()), "no request");
    refused(with(ofTimer, "request", "{}"), "no caller");
  }

  @Test
  void aTimerIsDueOrThereIsNone() {
    assertThrows(MalformedException.class, () -> SampleLog.image("1", 1, -2));
    Map<String, Object> members = members(SampleLog.image("1", 1, 5));
    refused(with(members, "due", -1L), "a negative time");
    refused(with(members, "due", "5"), "a time that is a string");
    ImageEntry none =
        (ImageEntry) Entry.parse(CanonicalJson.format(with(members, "due", null)), blobs::get);
    assertEquals(ImageEntry.NO_TIMER, none.due());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1 ", " 1", "1  2", "01", "-1", "1,2", "+1", "1\n2", "x", "1.5"})
  void theNumbersOfAHeapAreCanonical(String globals) {
    assertThrows(MalformedException.class, () -> SampleLog.image(globals, 1, 5));
    Map<String, Object> members = members(SampleLog.image("1", 1, 5));
    Map<String, Object> heap = new LinkedHashMap<>(heap(members));
    heap.put("globals", globals);
    refused(with(members, "heap", heap), "globals \"" + globals + "\"");
  }

  @Test
  void theNumbersOfAHeapHaveALimit() {
    String most = "12345678 ".repeat(113) + "1234567";
    assertEquals(HeapReference.MAX_GLOBALS, most.length());
    assertEquals(most, SampleLog.image(most, 1, 5).heap().globals());
    assertThrows(MalformedException.class, () -> SampleLog.image(most + "1", 1, 5));
    assertThrows(MalformedException.class, () -> SampleLog.image("1".repeat(17), 1, 5));
  }

  @Test
  void theListOfPagesIsMadeOfHashes() {
    Map<String, Object> members = members(SampleLog.image("1", 2, 5));
    long most = (long) HeapReference.MAX_PAGES * Hash.BYTES;
    for (long length : new long[] {0, 31, 33, 65, most + Hash.BYTES}) {
      Map<String, Object> heap = new LinkedHashMap<>(heap(members));
      heap.put("pages", Text.reference(Hash.of("pages"), length));
      refused(with(members, "heap", heap), "a list of " + length + " bytes");
    }
    Map<String, Object> more = new LinkedHashMap<>(heap(members));
    more.put("size", 2L);
    refused(with(members, "heap", more), "an unknown member of the heap");
  }

  @Test
  void pagesOfAHeapAreReadAndChecked() {
    List<Hash> pages = List.of(Hash.of("a"), Hash.of("b"), Hash.of("a"));
    HeapReference heap = HeapReference.of("1 2", pages, blobs);
    assertEquals(pages, heap.readPages(blobs::get));
    assertThrows(MissingBlobException.class, () -> heap.readPages(hash -> null));
    assertThrows(MalformedException.class, () -> heap.readPages(hash -> new byte[96]));
    BlobReference list = heap.pages();
    HeapReference otherRoot = new HeapReference("1 2", list, Hash.of("root"));
    assertThrows(MalformedException.class, () -> otherRoot.readPages(blobs::get));
    HeapReference otherNumbers = new HeapReference("1 3", list, heap.root());
    assertThrows(MalformedException.class, () -> otherNumbers.readPages(blobs::get));
    HeapReference shorter =
        new HeapReference("1 2", new BlobReference(list.sha256(), 64), heap.root());
    assertThrows(MalformedException.class, () -> shorter.readPages(blobs::get));
  }

  @Test
  void theRootOfAHeapIsThatOfATreeOfItsParts() {
    Hash one = Hash.of("page 1");
    Hash two = Hash.of("page 2");
    Hash globals = Hash.of(new byte[] {0, '1', ' ', '2'});
    Hash first = Hash.of(new byte[] {0}, one.bytes());
    Hash second = Hash.of(new byte[] {0}, two.bytes());
    byte[] node = {1};
    Hash pair = Hash.of(node, globals.bytes(), first.bytes());
    assertEquals(pair, HeapReference.root("1 2", List.of(one)));
    assertEquals(
        Hash.of(node, pair.bytes(), second.bytes()), HeapReference.root("1 2", List.of(one, two)));
  }

  private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
    Map<String, Object> other = new LinkedHashMap<>(members);
    other.put(name, value);
    return other;
  }

  private static Map<String, Object> heap(Map<String, Object> members) {
    return VectorFile.members(members.get("heap"));
  }

  private Map<String, Object> members(Entry entry) {
    return VectorFile.members(CanonicalJson.parse(entry.format(blobs), Entry.MAX_BYTES));
  }

  private void refused(Map<String, Object> members, String what) {
    byte[] bytes = CanonicalJson.format(members);
    assertThrows(MalformedException.class, () -> Entry.parse(bytes, blobs::get), what);
  }
}
