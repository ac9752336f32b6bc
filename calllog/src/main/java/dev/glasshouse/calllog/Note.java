package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with signature lines, the format of C2SP signed-note 1.0.0: the text, an empty line, then
 * one line for each signature. Well-formed, and no more than that: until {@link #verify} says so,
 * anybody may have written it.
 *
 * @param text ends in a newline, has no other control characters, at most {@link #MAX_TEXT_BYTES}
 * @param signatures 1 to {@link #MAX_SIGNATURES}, in the order of their lines
 */
public record Note(String text, List<NoteSignature> signatures) {
  /** The longest text in bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 16 * 1024;

  /** The most signatures. */
  public static final int MAX_SIGNATURES = 100;

  /** The longest note in bytes: room for the longest text and the most and longest signatures. */
  public static final int MAX_BYTES = 1280 * 1024;

  public Note {
    signatures = List.copyOf(signatures);
    checkText(text);
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new MalformedException("a note has 1 to " + MAX_SIGNATURES + " signatures");
    }
  }

  /**
   * Parses a whole note; accepts only what {@link #format} writes.
   *
   * @param maxBytes the longest note the caller takes, usually {@link #MAX_BYTES}
   */
  public static Note parse(byte[] bytes, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new MalformedException("a note has at most " + maxBytes + " bytes");
    }
    String note = Utf8.decode(bytes);
    // The text may hold empty lines; signature lines cannot. So the last one separates.
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0) {
      throw new MalformedException("a note has an empty line between text and signatures");
    }
    if (!note.endsWith("\n")) {
      throw new MalformedException("the last line of a note ends in a newline");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    int start = blank + 2;
    while (start < note.length()) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new MalformedException("a note has at most " + MAX_SIGNATURES + " signatures");
      }
      int end = note.indexOf('\n', start);
      signatures.add(NoteSignature.parse(note.substring(start, end)));
      start = end + 1;
    }
    return new Note(note.substring(0, blank + 1), signatures);
  }

  /** The bytes of the note. */
  public byte[] format() {
    StringBuilder note = new StringBuilder(text).append('\n');
    for (NoteSignature signature : signatures) {
      note.append(signature.format()).append('\n');
    }
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether a known key signed the text. Signatures of unknown keys are passed over; a signature
   * that carries the name and id of a known key and does not verify makes it false, whatever the
   * others say.
   *
   * @throws IllegalArgumentException if two different known keys share name and id
   */
  public boolean verify(NoteKey... known) {
    boolean verified = false;
    for (NoteSignature signature : signatures) {
      NoteKey key = find(signature, known);
      if (key != null) {
        if (!key.verify(text, signature)) {
          return false;
        }
        verified = true;
      }
    }
    return verified;
  }

  private static NoteKey find(NoteSignature signature, NoteKey... known) {
    NoteKey found = null;
    for (NoteKey key : known) {
      if (key.isNamedBy(signature)) {
        if (found != null && !found.equals(key)) {
          throw new IllegalArgumentException("two known keys share the name and id of " + key);
        }
        found = key;
      }
    }
    return found;
  }

  private static void checkText(String text) {
    if (Utf8.encode(text).length > MAX_TEXT_BYTES) {
      throw new MalformedException("the text of a note has at most " + MAX_TEXT_BYTES + " bytes");
    }
    if (!text.endsWith("\n")) {
      throw new MalformedException("the text of a note ends in a newline");
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new MalformedException("a note has no control characters but newlines");
    }
  }
}
