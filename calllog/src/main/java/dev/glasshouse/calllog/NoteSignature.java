package dev.glasshouse.calllog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * One signature line of a {@link Note}: {@code — NAME BASE64}, where the base64 holds the key id (4
 * bytes, big-endian) and the signature. It may be of any type; nothing says yet that it is true.
 */
public final class NoteSignature {
  /** The longest signature in bytes; an ML-DSA-44 cosignature has 2,428. */
  public static final int MAX_BYTES = 8 * 1024;

  private static final String DASH = "\u2014 ";

  private final String name;
  private final int keyId;
  private final byte[] signature;

  /** Takes a copy of 1 to {@link #MAX_BYTES} signature bytes, without the key id. */
  public NoteSignature(String name, int keyId, byte[] signature) {
    if (signature.length == 0 || signature.length > MAX_BYTES) {
      throw new MalformedException(
          "a note signature has 1 to " + MAX_BYTES + " bytes, not " + signature.length);
    }
    this.name = NoteKey.checkName(name);
    this.keyId = keyId;
    this.signature = signature.clone();
  }

  /** Signs the text of a note, including its final newline, as {@code name}. */
  public static NoteSignature sign(String name, Identity identity, String text) {
    NoteKey key = new NoteKey(name, identity.publicKey());
    return new NoteSignature(name, key.id(), identity.sign(Utf8.encode(text)));
  }

  /** Parses one line without its newline; accepts only what {@link #format} writes. */
  public static NoteSignature parse(String line) {
    int space = line.indexOf(' ', DASH.length());
    if (!line.startsWith(DASH) || space < 0) {
      throw new MalformedException("a signature line is an em dash, a name and base64");
    }
    byte[] decoded = Base64Text.parse(line.substring(space + 1));
    if (decoded.length < Integer.BYTES) {
      throw new MalformedException("a note signature starts with 4 bytes of key id");
    }
    return new NoteSignature(
        line.substring(DASH.length(), space),
        ByteBuffer.wrap(decoded).getInt(),
        Arrays.copyOfRange(decoded, Integer.BYTES, decoded.length));
  }

  /** The line without its newline. */
  public String format() {
    ByteBuffer encoded = ByteBuffer.allocate(Integer.BYTES + signature.length);
    encoded.putInt(keyId).put(signature);
    return DASH + name + " " + Base64Text.format(encoded.array());
  }

  /** The name of the key that is said to have signed. */
  public String name() {
    return name;
  }

  /** The 4 bytes that tell keys of one name apart, as a big-endian number. */
  public int keyId() {
    return keyId;
  }

  /** A copy of the signature bytes, without the key id. */
  public byte[] bytes() {
    return signature.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && name.equals(that.name)
        && keyId == that.keyId
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, keyId, Arrays.hashCode(signature));
  }

  @Override
  public String toString() {
    return format();
  }
}
