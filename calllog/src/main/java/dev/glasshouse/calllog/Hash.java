package dev.glasshouse.calllog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A SHA-256 value: 32 bytes, immutable. Written as 64 lower-case hex digits in entries and as
 * padded standard base64 in checkpoints and proofs.
 */
public final class Hash implements Comparable<Hash> {
  /** Length of a hash in bytes. */
  public static final int BYTES = 32;

  /** 32 zero bytes: the {@code prev} of a genesis entry, never the hash of anything. */
  public static final Hash ZERO = new Hash(new byte[BYTES]);

  private static final HexFormat HEX = HexFormat.of();

  // To look a digest up takes a good part of what hashing a tree's node does.
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Hash::sha256);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Hash of(byte[]... parts) {
    MessageDigest digest = DIGEST.get();
    digest.reset();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return new Hash(digest.digest());
  }

  /** SHA-256 over some bytes and two hashes. */
  static Hash of(byte[] first, Hash second, Hash third) {
    return of(first, second.bytes, third.bytes);
  }

  /** SHA-256 over the UTF-8 bytes of {@code text}. */
  public static Hash of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes a copy of exactly 32 bytes. */
  public static Hash ofBytes(byte[] bytes) {
    return ofBytes(bytes, 0, bytes.length);
  }

  /** Takes a copy of {@code length} (which must be 32) bytes from {@code offset}. */
  public static Hash ofBytes(byte[] bytes, int offset, int length) {
    if (length != BYTES) {
      throw new MalformedException("a hash has 32 bytes, not " + length);
    }
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** Parses 64 lower-case hex digits, nothing else. */
  public static Hash parseHex(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new MalformedException("a hash is written as 64 hex digits, not " + hex.length());
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        throw new MalformedException("a hash is written in lower-case hex digits");
      }
    }
    return new Hash(HEX.parseHex(hex));
  }

  /** Parses padded standard base64 of 32 bytes, in its one canonical form. */
  public static Hash parseBase64(String base64) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a hash is written as base64 of 32 bytes", e);
    }
    Hash hash = ofBytes(decoded);
    if (!hash.base64().equals(base64)) {
      throw new MalformedException("base64 of a hash is not in its canonical form");
    }
    return hash;
  }

  /** A fresh SHA-256 digest, for input that comes in pieces. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Copies the 32 bytes into {@code target} at {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, BYTES);
  }

  /** Adds the 32 bytes to a running digest. */
  public void update(MessageDigest digest) {
    digest.update(bytes);
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HEX.formatHex(bytes);
  }

  /** Padded standard base64, 44 characters. */
  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Orders as unsigned bytes, which is also the order of the hex form. */
  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
