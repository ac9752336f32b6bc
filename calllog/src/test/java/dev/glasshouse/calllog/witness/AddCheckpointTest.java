package dev.glasshouse.calllog.witness;

import static dev.glasshouse.calllog.witness.CosignatureTest.identity;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of add-checkpoint, and checkpoints of strangers. */
final class AddCheckpointTest {
  /** The example of C2SP tlog-witness. */
  private static final String EXAMPLE =
      "old 20852014\n"
          + "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
          + "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
          + "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
          + "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
          + "\n"
          + "example.com/behind-the-sofa\n"
          + "20852163\n"
          + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
          + "\n"
          + "\u2014 example.com/behind-the-sofa"
          + " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
          + "\u2014 example.com/behind-the-sofa"
          + " opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theExampleOfTheSpecificationIsReadBack() {
    AddCheckpoint request = AddCheckpoint.parse(utf8(EXAMPLE));
    assertEquals(20852014, request.oldSize());
    assertEquals(4, request.proof().size());
    assertEquals(2, request.checkpoint().signatures().size());
    LogCheckpoint checkpoint = LogCheckpoint.parse(request.checkpoint());
    assertEquals("example.com/behind-the-sofa", checkpoint.origin());
    assertEquals(20852163, checkpoint.size());
    assertEquals(ROOT, checkpoint.root().base64());
    assertArrayEquals(utf8(EXAMPLE), request.format());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "old 1",
        "old 1\n",
        "old \n\nNOTE",
        "old 01\n\nNOTE",
        "old -1\n\nNOTE",
        "old  1\n\nNOTE",
        "new 1\n\nNOTE",
        "old 1\nx\n\nNOTE",
        "old 1\n\n",
        "old 1\r\n\nNOTE",
        "old 9223372036854775808\n\nNOTE",
        " old 1\n\nNOTE",
        "old 1\n \n\nNOTE"
      })
  void otherBodiesAreRefused(String body) {
    String note = EXAMPLE.substring(EXAMPLE.indexOf("\n\n") + 2);
    byte[] bytes = utf8(body.replace("NOTE", note));
    assertThrows(MalformedException.class, () -> AddCheckpoint.parse(bytes));
  }

  @Test
  void limitsHold() {
    Note note = AddCheckpoint.parse(utf8(EXAMPLE)).checkpoint();
    List<Hash> most = Collections.nCopies(63, Hash.of("h"));
    AddCheckpoint longest = new AddCheckpoint(Long.MAX_VALUE, most, note);
    assertEquals(longest, AddCheckpoint.parse(longest.format()));
    byte[] more = utf8(EXAMPLE.replace("/6WV", (ROOT + "\n").repeat(60) + "/6WV"));
    assertThrows(MalformedException.class, () -> AddCheckpoint.parse(more));
    List<Hash> tooMany = Collections.nCopies(64, Hash.of("h"));
    assertThrows(MalformedException.class, () -> new AddCheckpoint(1, tooMany, note));
    AddCheckpoint largest = ofBytes(AddCheckpoint.MAX_BYTES, note.text());
    assertEquals(largest, AddCheckpoint.parse(largest.format()));
    byte[] larger = ofBytes(AddCheckpoint.MAX_BYTES + 1, note.text()).format();
    assertThrows(MalformedException.class, () -> AddCheckpoint.parse(larger));
    byte[] notUtf8 = utf8(EXAMPLE);
    notUtf8[3] = (byte) 0xff;
    assertThrows(MalformedException.class, () -> AddCheckpoint.parse(notUtf8));
  }

  // As many signatures as have room, the last of them with a name that fills it.
  private static AddCheckpoint ofBytes(int bytes, String text) {
    List<NoteSignature> lines = new ArrayList<>();
    lines.add(new NoteSignature("n", 1, new byte[8000]));
    AddCheckpoint submission = new AddCheckpoint(1, List.of(), new Note(text, lines));
    int left = bytes - submission.format().length;
    while (left > 10_000) {
      int length = Math.min(8000, (left - 200) / 4 * 3 - Integer.BYTES);
      lines.add(new NoteSignature("n", 1, new byte[length]));
      submission = new AddCheckpoint(1, List.of(), new Note(text, lines));
      left = bytes - submission.format().length;
    }
    NoteSignature last = new NoteSignature("n", 1, new byte[(left - 200) / 4 * 3 - Integer.BYTES]);
    String name = "n".repeat(left - last.format().getBytes(StandardCharsets.UTF_8).length);
    lines.add(new NoteSignature(name, 1, last.bytes()));
    submission = new AddCheckpoint(1, List.of(), new Note(text, lines));
    assertEquals(bytes, submission.format().length);
    return submission;
  }

  private static LogCheckpoint checkpoint(String text) {
    return LogCheckpoint.parse(
        new Note(text, List.of(NoteSignature.sign("example.com/log", identity(1), text))));
  }

  @Test
  void checkpointsOfStrangersMayHaveExtensionLines() {
    LogCheckpoint extended = checkpoint("example.com/log\n5\n" + ROOT + "\nmore\nand more\n");
    assertEquals(5, extended.head().size());
    assertTrue(extended.isPossible());
    LogCheckpoint wrong = checkpoint("example.com/log\n0\n" + ROOT + "\n");
    assertFalse(wrong.isPossible());
    assertThrows(MalformedException.class, wrong::head);
    assertTrue(
        checkpoint("example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
            .isPossible());
    for (String text :
        List.of(
            "a\n5\n",
            "a\n5\n" + ROOT + "\n\nmore\n",
            "\n5\n" + ROOT + "\n",
            "a\n05\n" + ROOT + "\n",
            "a\n5\nAAAA\n")) {
      assertThrows(MalformedException.class, () -> checkpoint(text), text);
    }
  }
}
