package dev.glasshouse.calllog;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A key that signs notes under a name, Ed25519 (type 0x01) of C2SP signed-note. Its text form, the
 * vkey, is {@code NAME+HEX8+BASE64(0x01 ‖ key)}.
 *
 * @param name not empty, at most {@link #MAX_NAME_BYTES} bytes, without spaces, {@code +} and
 *     control characters
 * @param key the 32-byte public key
 */
public record NoteKey(String name, PublicKey key) {
  /** The longest name in bytes of UTF-8; cosignatures write its length in one byte. */
  public static final int MAX_NAME_BYTES = 255;

  private static final byte ED25519 = 0x01;
  private static final int NEXT_LINE = 0x85;

  public NoteKey {
    checkName(name);
  }

  /** The first 4 bytes of {@code SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)}, as a big-endian number. */
  public int id() {
    byte[] hash = Hash.of(Utf8.encode(name + "\n"), typedKey(key)).bytes();
    return ByteBuffer.wrap(hash).getInt();
  }

  /** Parses a vkey; accepts only what {@link #format} writes. */
  public static NoteKey parse(String vkey) {
    // Base64 may hold a plus itself: only the first two separate.
    int first = vkey.indexOf('+');
    int second = first < 0 ? -1 : vkey.indexOf('+', first + 1);
    if (second < 0) {
      throw new MalformedException("a verifier key is NAME+HEX8+BASE64");
    }
    byte[] typed = Base64Text.parse(vkey.substring(second + 1));
    if (typed.length != 1 + PublicKey.BYTES || typed[0] != ED25519) {
      throw new MalformedException("not an Ed25519 verifier key (type 0x01 and 32 bytes)");
    }
    PublicKey key = PublicKey.ofBytes(Arrays.copyOfRange(typed, 1, typed.length));
    NoteKey parsed = new NoteKey(vkey.substring(0, first), key);
    if (!parsed.format().equals(vkey)) {
      throw new MalformedException("the key id of a verifier key does not fit its name and key");
    }
    return parsed;
  }

  /** The vkey. */
  public String format() {
    return name + "+" + String.format("%08x", id()) + "+" + Base64Text.format(typedKey(key));
  }

  /** Whether {@code signature} carries this key's name and id; says nothing of its truth. */
  public boolean isNamedBy(NoteSignature signature) {
    return name.equals(signature.name()) && id() == signature.keyId();
  }

  /** Whether {@code signature} is this key's, over the note text {@code text}. */
  public boolean verify(String text, NoteSignature signature) {
    return isNamedBy(signature) && key.verify(Utf8.encode(text), signature.bytes());
  }

  /** Returns {@code name} if it can name a key in a note or be the origin of a log. */
  public static String checkName(String name) {
    int length = Utf8.encode(name).length;
    if (length == 0 || length > MAX_NAME_BYTES) {
      throw new MalformedException("a key name has 1 to " + MAX_NAME_BYTES + " bytes");
    }
    if (name.indexOf('+') >= 0 || name.codePoints().anyMatch(NoteKey::isSpaceOrControl)) {
      throw new MalformedException("a key name has no spaces, '+' or control characters");
    }
    return name;
  }

  private static boolean isSpaceOrControl(int c) {
    return c < ' ' || Character.isSpaceChar(c) || c == NEXT_LINE;
  }

  private static byte[] typedKey(PublicKey key) {
    return ByteBuffer.allocate(1 + PublicKey.BYTES).put(ED25519).put(key.bytes()).array();
  }
}
