package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTest {
  /** The example of C2SP signed-note. */
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String LINE =
      "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
          + "OBH3mFXmRKuwHjG1Yu72IneyaQM=";

  private static final String TEXT = "This is an example message.\n";
  private static final String NOTE = TEXT + "\n" + LINE + "\n";
  private static final NoteKey KEY = NoteKey.parse(VKEY);

  private static final Identity ALICE = Identity.ofSeed(new byte[32]);

  private static final Identity BOB =
      Identity.ofSeed("bob bob bob bob bob bob bob bob.".getBytes(StandardCharsets.US_ASCII));

  @Test
  void thePublishedExampleVerifies() {
    Note note = parse(NOTE);
    assertEquals(TEXT, note.text());
    assertEquals(0x530d903a, note.signatures().get(0).keyId());
    assertEquals("example.com/foo", note.signatures().get(0).name());
    assertEquals(64, note.signatures().get(0).bytes().length);
    assertTrue(note.verify(KEY));
    assertArrayEquals(NOTE.getBytes(StandardCharsets.UTF_8), note.format());
  }

  @Test
  void vkeysAreReadBack() {
    assertEquals(VKEY, KEY.format());
    String tessera =
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    assertEquals(tessera, NoteKey.parse(tessera).format());
    assertEquals(0x33d7b496, NoteKey.parse(tessera).id());
    assertEquals("example.com/log/testdata", NoteKey.parse(tessera).name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+30d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
      })
  void otherVkeysAreRefused(String vkey) {
    assertThrows(MalformedException.class, () -> NoteKey.parse(vkey));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a+b",
        " a",
        "a\t",
        "a\u0001",
        "a\nb",
        "a\u00a0b",
        "a\u0085",
        "a\u2003b",
        "a\u3000",
        "a\u2028",
        "a\u001f",
        "a\ud800"
      })
  void namesWithSpacesOrPlusAreRefused(String name) {
    assertThrows(MalformedException.class, () -> new NoteKey(name, ALICE.publicKey()));
    assertThrows(MalformedException.class, () -> new NoteSignature(name, 1, new byte[64]));
    assertThrows(MalformedException.class, () -> new Checkpoint(name, TreeHead.EMPTY));
  }

  @Test
  void namesHaveALimit() {
    assertEquals(255, new NoteKey("n".repeat(255), ALICE.publicKey()).name().length());
    assertThrows(MalformedException.class, () -> new NoteKey("n".repeat(256), ALICE.publicKey()));
    assertThrows(
        MalformedException.class, () -> new NoteKey("\u00e9".repeat(128), ALICE.publicKey()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "t\n",
        "t\n\n",
        "t\n\u2014 a AAAAAAA=\n",
        "\n\u2014 a AAAAAAA=\n",
        "t\n\n\u2014 a AAAAAAA=",
        "t\r\n\r\n\u2014 a AAAAAAA=\r\n",
        "t\n\n\u2014 a AAAAAAA=\r\n",
        "t\t\n\n\u2014 a AAAAAAA=\n",
        "t\u0000\n\n\u2014 a AAAAAAA=\n",
        "t\n\n\u2014 a AAAAAAA=\n\n",
        "t\n\n\u2014 a AAAAAAA=\nx",
        "t\n\n\u2014 a AAAAAAA=\nx\n",
        "t\n\n\u2014 a AAAAAAA= \n",
        "t\n\n\u2014 a  AAAAAAA=\n",
        "t\n\n\u2014  a AAAAAAA=\n",
        "t\n\n\u2014a AAAAAAA=\n",
        "t\n\n\u2014\u00a0a AAAAAAA=\n",
        "t\n\n\u2013 a AAAAAAA=\n",
        "t\n\n\u2015 a AAAAAAA=\n",
        "t\n\n- a AAAAAAA=\n",
        "t\n\n-- a AAAAAAA=\n",
        "t\n\n\u2014 a+b AAAAAAA=\n",
        "t\n\n\u2014 a\u00a0b AAAAAAA=\n",
        "t\n\n\u2014 AAAAAAA=\n",
        "t\n\n\u2014 a \n",
        "t\n\n\u2014 a\n",
        "t\n\n\u2014 a AAAA\n",
        "t\n\n\u2014 a AAAAAA==\n",
        "t\n\n\u2014 a AAAAAAA\n",
        "t\n\n\u2014 a AAAAAAB=\n",
        "t\n\n\u2014 a AAAA_-A=\n",
        "t\n\n\u2014 a AAAAAAA==\n"
      })
  void otherNotesAreRefused(String note) {
    assertThrows(MalformedException.class, () -> parse(note));
  }

  @Test
  void aTextAndSignaturesThatNothingPartsAreToldSo() {
    String note = "t\n\u2014 a AAAAAAA=\n";
    MalformedException e = assertThrows(MalformedException.class, () -> parse(note));
    assertEquals("a note has an empty line between text and signatures", e.getMessage());
  }

  @Test
  void theShortestNoteIsAccepted() {
    assertEquals("t\n", parse("t\n\n\u2014 a AAAAAAA=\n").text());
  }

  @Test
  void textMayHoldEmptyLinesAndLinesThatLookLikeSignatures() {
    String text = "\na\n\n\u2014 example.com/foo AAAAAAA=\n\nb\n\n";
    Note note = new Note(text, List.of(NoteSignature.sign("alice", ALICE, text)));
    Note parsed = Note.parse(note.format(), Note.MAX_BYTES);
    assertEquals(note, parsed);
    assertEquals(text, parsed.text());
    assertTrue(parsed.verify(new NoteKey("alice", ALICE.publicKey())));
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] note = NOTE.getBytes(StandardCharsets.UTF_8);
    note[0] = (byte) 0xff;
    assertThrows(MalformedException.class, () -> Note.parse(note, Note.MAX_BYTES));
    List<NoteSignature> signatures = parse(NOTE).signatures();
    assertThrows(MalformedException.class, () -> new Note("\ud800\n", signatures));
    assertThrows(MalformedException.class, () -> new Note("no newline", signatures));
  }

  @Test
  void limitsHold() {
    NoteSignature signature = parse(NOTE).signatures().get(0);
    List<NoteSignature> most = Collections.nCopies(100, signature);
    assertTrue(Note.parse(new Note(TEXT, most).format(), Note.MAX_BYTES).verify(KEY));
    List<NoteSignature> tooMany = Collections.nCopies(101, signature);
    assertThrows(MalformedException.class, () -> new Note(TEXT, tooMany));
    assertThrows(MalformedException.class, () -> parse(TEXT + "\n" + (LINE + "\n").repeat(101)));
    assertThrows(MalformedException.class, () -> new Note(TEXT, List.of()));

    String longest = "x".repeat(Note.MAX_TEXT_BYTES - 1) + "\n";
    Note note = new Note(longest, List.of(signature));
    assertEquals(note, Note.parse(note.format(), Note.MAX_BYTES));
    assertThrows(MalformedException.class, () -> new Note("x" + longest, List.of(signature)));
    int length = note.format().length;
    assertEquals(note, Note.parse(note.format(), length));
    assertThrows(MalformedException.class, () -> Note.parse(note.format(), length - 1));

    assertThrows(MalformedException.class, () -> new NoteSignature("a", 1, new byte[0]));
    assertThrows(
        MalformedException.class,
        () -> new NoteSignature("a", 1, new byte[NoteSignature.MAX_BYTES + 1]));
    NoteSignature large = new NoteSignature("n".repeat(255), 1, new byte[NoteSignature.MAX_BYTES]);
    Note largest = new Note(longest, Collections.nCopies(100, large));
    assertEquals(largest, Note.parse(largest.format(), Note.MAX_BYTES));
  }

  @Test
  void onlyKnownSignaturesCountAndAllOfThem() {
    NoteKey alice = new NoteKey("alice", ALICE.publicKey());
    NoteKey bob = new NoteKey("bob", BOB.publicKey());
    NoteSignature byAlice = NoteSignature.sign("alice", ALICE, TEXT);
    NoteSignature byBob = NoteSignature.sign("bob", BOB, TEXT);
    NoteSignature forged = new NoteSignature("bob", bob.id(), byAlice.bytes());

    Note both = new Note(TEXT, List.of(byAlice, byBob));
    assertTrue(both.verify(alice));
    assertTrue(both.verify(bob, alice));
    assertTrue(both.verify(KEY, bob), "unknown signers are passed over");
    assertFalse(both.verify(KEY));
    assertFalse(both.verify());
    assertFalse(both.verify(new NoteKey("carol", ALICE.publicKey())), "another name");
    assertFalse(both.verify(new NoteKey("alice", BOB.publicKey())), "another id");

    Note oneForged = new Note(TEXT, List.of(byAlice, forged));
    assertTrue(oneForged.verify(alice), "bob is not known here");
    assertFalse(oneForged.verify(alice, bob), "a known key's signature that fails");
    assertFalse(new Note(TEXT, List.of(byBob, forged)).verify(bob), "one true, one forged");
    assertFalse(new Note("x" + TEXT, List.of(byAlice)).verify(alice), "another text");
  }

  @Test
  void aKeyVerifiesOnlyWhatCarriesItsName() {
    NoteSignature signature = parse(NOTE).signatures().get(0);
    assertTrue(KEY.verify(TEXT, signature));
    byte[] bytes = signature.bytes();
    assertFalse(KEY.verify(TEXT, new NoteSignature("example.com/bar", KEY.id(), bytes)));
    assertFalse(KEY.verify(TEXT, new NoteSignature(KEY.name(), KEY.id() + 1, bytes)));
  }

  @Test
  void signaturesAreEqualInNameIdAndBytes() {
    NoteSignature one = new NoteSignature("a", 1, new byte[] {1});
    assertEquals(one, NoteSignature.parse(one.format()));
    assertNotEquals(one, new NoteSignature("b", 1, new byte[] {1}));
    assertNotEquals(one, new NoteSignature("a", 2, new byte[] {1}));
    assertNotEquals(one, new NoteSignature("a", 1, new byte[] {2}));
    assertNotEquals(one, (Object) one.format());
  }

  @Test
  void keysThatShareNameAndIdAreNotBothKnown() {
    // Points that nobody has the private keys of, found by trying 225,302.
    NoteKey one = key("a2024bca017b52f80f10c55459b22299b74ae09552e236bbd615b77f2c4126e0");
    NoteKey other = key("d70aaa4399f1d0f06480e700ca3a0eb896887251c437d528a3a4ecd03066ad45");
    assertEquals(one.id(), other.id());
    Note note = new Note(TEXT, List.of(new NoteSignature("n", one.id(), new byte[64])));
    assertFalse(note.verify(one, one));
    assertThrows(IllegalArgumentException.class, () -> note.verify(one, other));
  }

  @Test
  void checkpointsAreReadBack() {
    TreeHead head = new GrownTree(70).edge.head();
    Checkpoint checkpoint = new Checkpoint("example.com/log", head);
    assertEquals(checkpoint, Checkpoint.parse(checkpoint.text()));
    assertEquals(
        "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        new Checkpoint("example.com/log", TreeHead.EMPTY).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "o\n1\n",
        "o\n1\nHASH",
        "o\n1\nHASH\n\n",
        "o\n1\nHASH\nextension\n",
        "\n1\nHASH\n",
        "\no\n1\nHASH\n",
        "a b\n1\nHASH\n",
        "a+b\n1\nHASH\n",
        "o\r\n1\r\nHASH\r\n",
        "o\n\nHASH\n",
        "o\n01\nHASH\n",
        "o\n00\nHASH\n",
        "o\n+1\nHASH\n",
        "o\n-1\nHASH\n",
        "o\n 1\nHASH\n",
        "o\n1 \nHASH\n",
        "o\n0x1\nHASH\n",
        "o\n1e3\nHASH\n",
        "o\n\u0661\nHASH\n",
        "o\n9223372036854775808\nHASH\n",
        "o\n99999999999999999999\nHASH\n",
        "o\n0\nHASH\n",
        "o\n1\n HASH\n",
        "o\n1\nHASH \n",
        "o\n1\n0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek\n",
        "o\n1\n0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+el=\n",
        "o\n1\n0Nc2CrefWKseHj_mStd-LqC8B-NrX0btIiPt2SmN-ek=\n",
        "o\n1\nAAAA\n"
      })
  void otherCheckpointsAreRefused(String text) {
    String filled = text.replace("HASH", "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=");
    assertThrows(MalformedException.class, () -> Checkpoint.parse(filled));
  }

  @Test
  void theLargestSizeIsAccepted() {
    Checkpoint checkpoint = new Checkpoint("o", new TreeHead(Long.MAX_VALUE, Hash.ZERO));
    assertEquals(checkpoint, Checkpoint.parse(checkpoint.text()));
  }

  private static NoteKey key(String hex) {
    return new NoteKey("n", PublicKey.ofBytes(HexFormat.of().parseHex(hex)));
  }

  private static Note parse(String note) {
    return Note.parse(note.getBytes(StandardCharsets.UTF_8), Note.MAX_BYTES);
  }
}
