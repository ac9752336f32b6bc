package dev.glasshouse.calllog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;

class NoteFuzzTest {
  @FuzzTest
  void notesAndCheckpoints(byte[] input) {
    Untrusted.parse(input, bytes -> Note.parse(bytes, Note.MAX_BYTES))
        .ifPresent(
            note -> {
              assertArrayEquals(input, note.format());
              for (NoteSignature line : note.signatures()) {
                assertEquals(line, NoteSignature.parse(line.format()));
              }
              Untrusted.parse(input, bytes -> Checkpoint.parse(note.text()))
                  .ifPresent(checkpoint -> assertEquals(note.text(), checkpoint.text()));
            });
  }
}
