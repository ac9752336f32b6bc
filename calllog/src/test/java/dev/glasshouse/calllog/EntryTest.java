package dev.glasshouse.calllog;

import static dev.glasshouse.calllog.VectorFile.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries and what they are made of. */
class EntryTest {
  private static final long SEED = 6962;
  private static final BlobReader NONE = hash -> null;

  private final Map<Hash, byte[]> blobs = new LinkedHashMap<>();

  @Test
  void entriesAreReadBack() {
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      blobs.clear();
      Entry entry = i % 10 == 0 ? genesis(random) : call(random);
      byte[] bytes = entry.format(blobs);
      assertTrue(bytes.length <= Entry.MAX_BYTES);
      Entry again = Entry.parse(bytes, blobs::get);
      Map<Hash, byte[]> named = new LinkedHashMap<>();
      assertArrayEquals(bytes, again.format(named), "seed " + SEED + ", entry " + i);
      assertTrue(blobs.keySet().containsAll(named.keySet()));
    }
  }

  @Test
  void changedBytesAreRefusedOrAnotherEntry() {
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] bytes = call(random).format(blobs);
      bytes[random.nextInt(bytes.length)] = (byte) (' ' + random.nextInt(95));
      try {
        byte[] again = Entry.parse(bytes, blobs::get).format(new LinkedHashMap<>());
        assertArrayEquals(bytes, again, "seed " + SEED + ", change " + i);
      } catch (MalformedException | MissingBlobException e) {
        refused++;
      }
    }
    assertTrue(refused > 500, "only " + refused + " changes were refused");
  }

  @Test
  void everyMemberIsNeededAndNoOtherIsTaken() {
    for (Entry entry : List.of(genesis(new Random(1)), new SampleLog().entries.get(1))) {
      Map<?, ?> members = (Map<?, ?>) CanonicalJson.parse(entry.format(blobs), Entry.MAX_BYTES);
      for (Object name : members.keySet()) {
        Map<Object, Object> fewer = new LinkedHashMap<>(members);
        fewer.remove(name);
        refused(CanonicalJson.format(fewer), "without " + name);
        Map<Object, Object> other = new LinkedHashMap<>(members);
        other.put(name, List.of(List.of()));
        refused(CanonicalJson.format(other), "another type of " + name);
      }
      Map<Object, Object> more = new LinkedHashMap<>(members);
      more.put("zzz", 1L);
      refused(CanonicalJson.format(more), "an unknown member");
    }
  }

  @Test
  void noObjectWithinAnEntryTakesAnotherMember() {
    Outcome thrown = new Outcome.Thrown("E", "m", 1);
    List<Entry> entries = new ArrayList<>(new SampleLog().entries);
    entries.add(SampleLog.debugCall("ann", "{}", SampleLog.inputsOf(200)));
    entries.add(SampleLog.debugCall(null, "{}", SampleLog.inputsOf(LongList.MAX_INLINE + 1)));
    entries.add(SampleLog.timer(List.of(), thrown));
    entries.add(SampleLog.abort(new Caller.User("ann"), new Text.Inline("{}")));
    entries.add(SampleLog.image("1 2", 1, 5));
    int objects = 0;
    for (Entry entry : entries) {
      Object json = CanonicalJson.parse(entry.format(blobs), Entry.MAX_BYTES);
      for (Object more : withOneMore(json)) {
        refused(CanonicalJson.format(more), "more in " + more);
        objects++;
      }
    }
    assertTrue(objects > 40, objects + " objects");
  }

  /** The value once for each object in it, which has another member. */
  private static List<Object> withOneMore(Object json) {
    List<Object> changed = new ArrayList<>();
    if (json instanceof Map<?, ?> map) {
      Map<Object, Object> more = new LinkedHashMap<>(map);
      more.put("zzz", 1L);
      changed.add(more);
      map.forEach(
          (name, value) -> {
            for (Object within : withOneMore(value)) {
              Map<Object, Object> copy = new LinkedHashMap<>(map);
              copy.put(name, within);
              changed.add(copy);
            }
          });
    } else if (json instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        for (Object within : withOneMore(list.get(i))) {
          List<Object> copy = new ArrayList<>(list);
          copy.set(i, within);
          changed.add(copy);
        }
      }
    }
    return changed;
  }

  @Test
  void unknownKindsAndVersionsAreToldApartFromLies() {
    String text = text(SampleLog.debugCall(null, "{}", List.of()).format(blobs));
    for (String later :
        List.of(text.replace("\"v\":1", "\"v\":2"), text.replace("\"call\"", "\"snapshot\""))) {
      assertThrows(UnknownEntryException.class, () -> Entry.parse(utf8(later), NONE));
    }
  }

  @Test
  void entriesHaveALimit() {
    byte[] over = utf8("{\"v\":\"" + "x".repeat(Entry.MAX_BYTES) + "\"}");
    refused(over, "over the limit");
  }

  /** The largest of everything that stands in an entry still fits. */
  @Test
  void theLargestEntryFits() {
    String request = "\u0001".repeat(Text.MAX_INLINE);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      outcomes.add(new Outcome.Thrown("n", "m".repeat(1024), 1));
    }
    CallEntry given = SampleLog.debugCall("\u0001".repeat(256), request, List.of());
    CallEntry entry =
        new CallEntry(
            CanonicalJson.MAX_INTEGER,
            given.prev(),
            CanonicalJson.MAX_INTEGER,
            given.caller(),
            given.request(),
            SampleLog.inputsOf(LongList.MAX_INLINE),
            outcomes,
            given.writes(),
            given.root());
    byte[] bytes = entry.format(blobs);
    assertTrue(blobs.isEmpty());
    assertTrue(bytes.length < Entry.MAX_BYTES);
    assertArrayEquals(bytes, Entry.parse(bytes, NONE).format(blobs));
  }

  @ParameterizedTest
  @CsvSource({"x, 1024", "é, 512", "\u20ac, 341", "\ud83d\ude00, 256"})
  void textsOver1024BytesAreBlobs(String character, int most) {
    String rest = "x".repeat(Text.MAX_INLINE - most * utf8(character).length);
    String longest = character.repeat(most) + rest;
    assertEquals(new Text.Inline(longest), Text.of(longest, blobs));
    assertTrue(blobs.isEmpty());
    String longer = longest + "x";
    Text blob = Text.of(longer, blobs);
    assertEquals(new Text.Blob(Hash.of(longer), Text.MAX_INLINE + 1), blob);
    assertEquals(longer, blob.read(blobs::get));
    assertEquals(blob, Text.fromJson("text", blob.toJson()));
    assertThrows(MalformedException.class, () -> new Text.Inline(longer));
    Hash hash = Hash.of(longest);
    assertThrows(MalformedException.class, () -> new Text.Blob(hash, Text.MAX_INLINE));
  }

  @Test
  void blobsOfTextsAreChecked() {
    String longText = "é".repeat(1000);
    Text text = Text.of(longText, blobs);
    assertThrows(MissingBlobException.class, () -> text.read(NONE));
    assertThrows(MalformedException.class, () -> text.read(hash -> utf8("ê".repeat(1000))));
    Text wrongLength = new Text.Blob(Hash.of(longText), 1999);
    assertThrows(MalformedException.class, () -> wrongLength.read(blobs::get));
    byte[] latin = new byte[2000];
    latin[7] = (byte) 0xe9;
    Text notUtf8 = new Text.Blob(Hash.of(latin), latin.length);
    assertThrows(MalformedException.class, () -> notUtf8.read(hash -> latin));
  }

  @Test
  void listsOver16384BytesAreBlobs() {
    for (int size : new int[] {2, 16_000, LongList.MAX_INLINE}) {
      List<Input> inputs = size == 2 ? List.of() : SampleLog.inputsOf(size);
      byte[] bytes = SampleLog.debugCall(null, "{}", inputs).format(blobs);
      assertTrue(blobs.isEmpty(), "size " + size);
      assertEquals(inputs, Entry.parse(bytes, NONE).inputs());
    }
    List<Input> inputs = SampleLog.inputsOf(LongList.MAX_INLINE + 1);
    byte[] bytes = SampleLog.debugCall(null, "{}", inputs).format(blobs);
    assertEquals(1, blobs.size());
    assertEquals(inputs, Entry.parse(bytes, blobs::get).inputs());
    assertThrows(MissingBlobException.class, () -> Entry.parse(bytes, NONE));
    byte[] other = blobs.values().iterator().next().clone();
    other[other.length - 10] ^= 1;
    assertThrows(MalformedException.class, () -> Entry.parse(bytes, hash -> other));
  }

  @Test
  void inputsAndOutcomesAreCounted() {
    Input input = new Input(Input.ENTROPY, Hash.of("entropy 16"), new Text.Inline("00"));
    List<Input> most = Collections.nCopies(Input.MAX_PER_ENTRY, input);
    byte[] bytes = SampleLog.debugCall(null, "{}", most).format(blobs);
    assertEquals(most, Entry.parse(bytes, blobs::get).inputs());
    List<Input> tooMany = Collections.nCopies(Input.MAX_PER_ENTRY + 1, input);
    refused(SampleLog.debugCall(null, "{}", tooMany).format(blobs), "an input too many");

    refused(withOutcomes(Request.MAX_CALLS + 1).format(blobs), "an outcome too many");
    byte[] outcomes = withOutcomes(Request.MAX_CALLS).format(blobs);
    CallEntry entry = (CallEntry) Entry.parse(outcomes, blobs::get);
    assertEquals(Request.MAX_CALLS, entry.outcomes().size());
  }

  private static CallEntry withOutcomes(int count) {
    CallEntry given = SampleLog.debugCall(null, "{}", List.of());
    return new CallEntry(
        given.seq(),
        given.prev(),
        given.time(),
        given.caller(),
        given.request(),
        given.inputs(),
        Collections.nCopies(count, new Outcome.Trapped("fuel", 1)),
        given.writes(),
        given.root());
  }

  @Test
  void outcomesAreReadBack() {
    for (Outcome outcome :
        List.of(
            new Outcome.Ok(new Text.Inline("null"), 0),
            new Outcome.Ok(new Text.Blob(Hash.of("x"), 2000), CanonicalJson.MAX_INTEGER),
            new Outcome.Thrown("", "", 3),
            new Outcome.Thrown("é\n", "\"", 3),
            new Outcome.Trapped("fuel", 10_001),
            new Outcome.Trapped("memory", 0))) {
      assertEquals(outcome, Outcome.fromJson("outcome", outcome.toJson()));
    }
  }

  @Test
  void callersAreReadBack() {
    for (Caller caller :
        List.of(new Caller.User(null), new Caller.User(""), new Caller.User("ann"))) {
      assertEquals(caller, Caller.fromJson(caller.toJson()));
    }
    Map<String, Object> number = Map.of("user", 5L);
    assertThrows(MalformedException.class, () -> Caller.fromJson(number));
    Caller.Key key = new Caller.Key(SampleLog.BOB.publicKey(), SampleLog.BOB.sign(new byte[0]));
    Caller.Key again = (Caller.Key) Caller.fromJson(key.toJson());
    assertEquals(key.key(), again.key());
    assertArrayEquals(key.signature(), again.signature());
    assertEquals(SampleLog.BOB.publicKey().format(), key.id());
    String text = Caller.formatSignature(key.signature());
    assertEquals(86, text.length());
    for (String other :
        List.of("", text + "=", text + "A", text.substring(1), text.replace(text.charAt(3), '+'))) {
      assertThrows(MalformedException.class, () -> Caller.parseSignature(other), other);
    }
    // The last character of 86 holds two bits that no byte needs.
    String loose = text.substring(0, 85) + (char) (text.charAt(85) + 1);
    assertThrows(MalformedException.class, () -> Caller.parseSignature(loose));
  }

  @Test
  void limitsHaveLimits() {
    Limits least = new Limits(1, 4 << 20, 64 << 10, 1 << 10, 1 << 10, 1, 1, 0, 100);
    Limits most =
        new Limits(
            1L << 40, 1L << 30, 900_000, 64 << 20, 64 << 20, 256 << 20, 1L << 30, 600_000, 600_000);
    for (Limits limits : List.of(least, most, Limits.DEFAULT, Limits.DEFAULT.withFuel(7))) {
      assertEquals(limits, Limits.fromJson(Members.of("limits", limits.toJson())));
    }
    for (String name : least.toJson().keySet()) {
      refusedLimit(least, name, -1);
      refusedLimit(most, name, 1);
    }
  }

  private static void refusedLimit(Limits limits, String name, long more) {
    Map<String, Object> json = limits.toJson();
    json.put(name, (Long) json.get(name) + more);
    assertThrows(MalformedException.class, () -> Limits.fromJson(Members.of("limits", json)), name);
  }

  @Test
  void titlesFitIntoAnOrigin() {
    String longest = "t".repeat(GenesisEntry.MAX_TITLE);
    GenesisEntry genesis = SampleLog.genesis(longest, false, blobs);
    SignedCheckpoint signed =
        SignedCheckpoint.sign(genesis.origin(), new TreeHead(1, Hash.of("root")), SampleLog.HOST);
    assertEquals(
        signed,
        SignedCheckpoint.verify(signed.format(), genesis.origin(), SampleLog.HOST.publicKey()));
    assertThrows(MalformedException.class, () -> SampleLog.genesis(longest + "t", false, blobs));
    assertThrows(MalformedException.class, () -> SampleLog.genesis("", false, blobs));
  }

  @ParameterizedTest
  @CsvSource({"My Log, my-log", "a.b_c-9, a.b_c-9", "ÄÖ!, ---", "'x\ud83d\ude00', x--", "İ, -"})
  void originsArePlain(String title, String plain) {
    String nonce = SampleLog.NONCE;
    assertEquals("glasshouse/" + plain + "/" + nonce, GenesisEntry.origin(title, nonce));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "000102030405060708090a0b0c0d0e0",
        "000102030405060708090a0b0c0d0e0f0",
        "000102030405060708090A0B0C0D0E0F",
        "000102030405060708090a0b0c0d0e0g",
      })
  void aNonceIsThirtyTwoHexDigits(String other) {
    byte[] bytes = SampleLog.genesis("t", false, blobs).format(blobs);
    String genesis = new String(bytes, StandardCharsets.UTF_8);
    refused(utf8(genesis.replace(SampleLog.NONCE, other)), other);
  }

  private void refused(byte[] bytes, String what) {
    assertThrows(MalformedException.class, () -> Entry.parse(bytes, blobs::get), what);
  }

  private GenesisEntry genesis(Random random) {
    return SampleLog.genesis("T" + CanonicalJsonTest.string(random), random.nextBoolean(), blobs);
  }

  private CallEntry call(Random random) {
    List<Input> inputs = new ArrayList<>();
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 200 : 4); i > 0; i--) {
      String answer = "sv" + "1".repeat(random.nextInt(2000));
      inputs.add(new Input(Input.ORACLE, Hash.of("f" + i), Text.of(answer, blobs)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      outcomes.add(outcome(random));
    }
    String request = "[" + CanonicalJsonTest.string(random) + "é".repeat(random.nextInt(1000));
    Caller caller =
        random.nextBoolean()
            ? new Caller.User(CanonicalJsonTest.string(random))
            : new Caller.Key(SampleLog.ALICE.publicKey(), SampleLog.ALICE.sign(utf8(request)));
    return new CallEntry(
        random.nextInt(1 << 20),
        Hash.of("prev" + random.nextInt()),
        random.nextLong() >>> 11,
        caller,
        Text.of(request, blobs),
        inputs,
        outcomes,
        Hash.of("writes"),
        Hash.of("root"));
  }

  private Outcome outcome(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Outcome.Ok(Text.of("\"" + "x".repeat(random.nextInt(3000)), blobs), 1);
      case 1 -> new Outcome.Thrown("E", CanonicalJsonTest.string(random), random.nextInt(99));
      default -> new Outcome.Trapped(random.nextBoolean() ? "fuel" : "memory", 5);
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
