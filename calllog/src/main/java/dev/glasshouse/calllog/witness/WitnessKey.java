package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key that cosigns checkpoints under a name: Ed25519 with a time, type 0x04 of C2SP
 * tlog-cosignature. Its text form, the vkey, is {@code NAME+HEX8+BASE64(0x04 ‖ key)}. What is
 * signed does not hold the name: one key serves one name.
 *
 * @param name as of a {@link NoteKey}
 * @param key the 32-byte public key
 */
public record WitnessKey(String name, PublicKey key) {
  /** How the name of a key ends that cosigns only what its owner has executed and found true. */
  public static final String REPLAYED = "/replayed";

  private static final byte TIMED_ED25519 = 0x04;

  public WitnessKey {
    NoteKey unused = new NoteKey(name, key);
  }

  /** The first 4 bytes of {@code SHA-256(name ‖ 0x0A ‖ 0x04 ‖ key)}, as a big-endian number. */
  public int id() {
    byte[] named = (name + "\n").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Hash.of(named, typedKey()).bytes()).getInt();
  }

  /** Parses a vkey; accepts only what {@link #format} writes. */
  public static WitnessKey parse(String vkey) {
    // Base64 may hold a plus itself: only the first two separate.
    int first = vkey.indexOf('+');
    int second = first < 0 ? -1 : vkey.indexOf('+', first + 1);
    if (second < 0) {
      throw new MalformedException("a verifier key is NAME+HEX8+BASE64");
    }
    byte[] typed;
    try {
      typed = Base64.getDecoder().decode(vkey.substring(second + 1));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a verifier key ends in padded standard base64", e);
    }
    if (typed.length != 1 + PublicKey.BYTES || typed[0] != TIMED_ED25519) {
      throw new MalformedException(
          "not the key of an Ed25519 witness (type 0x04 and 32 bytes of key)");
    }
    PublicKey key = PublicKey.ofBytes(Arrays.copyOfRange(typed, 1, typed.length));
    WitnessKey parsed = new WitnessKey(vkey.substring(0, first), key);
    if (!parsed.format().equals(vkey)) {
      throw new MalformedException(
          "the key id of a verifier key does not fit its name and key, or its base64 is not in its"
              + " canonical form");
    }
    return parsed;
  }

  /** The vkey. */
  public String format() {
    return name
        + "+"
        + String.format("%08x", id())
        + "+"
        + Base64.getEncoder().encodeToString(typedKey());
  }

  /** Whether {@code signature} carries this key's name and id; says nothing of its truth. */
  public boolean isNamedBy(NoteSignature signature) {
    return name.equals(signature.name()) && id() == signature.keyId();
  }

  /** Whether its name says that its owner executes what it cosigns. */
  public boolean isReplayed() {
    return name.endsWith(REPLAYED);
  }

  private byte[] typedKey() {
    return ByteBuffer.allocate(1 + PublicKey.BYTES).put(TIMED_ED25519).put(key.bytes()).array();
  }
}
