package dev.glasshouse.calllog.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class CosignatureFuzzTest {
  /** The key of a witness, and after a newline a note. */
  @FuzzTest
  void cosignedNotes(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String vkey = new String(input, 0, end, StandardCharsets.UTF_8);
    byte[] rest = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Untrusted.parse(input, bytes -> WitnessKey.parse(vkey))
        .ifPresent(
            witness ->
                Untrusted.parse(rest, bytes -> Note.parse(bytes, Note.MAX_BYTES))
                    .ifPresent(note -> cosignatures(witness, note)));
  }

  private static void cosignatures(WitnessKey witness, Note note) {
    for (NoteSignature line : note.signatures()) {
      Untrusted.verify(line.bytes(), bytes -> Cosignature.verify(witness, note.text(), line))
          .ifPresent(
              cosignature -> {
                assertTrue(cosignature.time() > 0);
                assertEquals(line, cosignature.line());
                assertEquals(witness, cosignature.witness());
              });
    }
  }
}
