package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MlDsaKey;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.VerifyingKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key that cosigns checkpoints under a name: Ed25519 with a time, type 0x04 of C2SP
 * tlog-cosignature, or ML-DSA-44 with a time, type 0x06. Its text form, the vkey, is {@code
 * NAME+HEX8+BASE64(TYPE ‖ key)}. What is signed with Ed25519 does not hold the name: one key serves
 * one name.
 *
 * @param name as of a {@link NoteKey}
 * @param key the public key, 32 bytes of Ed25519 or 1,312 of ML-DSA-44
 */
public record WitnessKey(String name, VerifyingKey key) {
  /** How the name of a key ends that cosigns only what its owner has executed and found true. */
  public static final String REPLAYED = "/replayed";

  private static final byte TIMED_ED25519 = 0x04;
  private static final byte TIMED_ML_DSA_44 = 0x06;

  public WitnessKey {
    NoteKey.checkName(name);
  }

  /** The first 4 bytes of {@code SHA-256(name ‖ 0x0A ‖ type ‖ key)}, as a big-endian number. */
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
    WitnessKey parsed = new WitnessKey(vkey.substring(0, first), untyped(typed));
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

  private static VerifyingKey untyped(byte[] typed) {
    if (typed.length == 1 + PublicKey.BYTES && typed[0] == TIMED_ED25519) {
      return PublicKey.ofBytes(Arrays.copyOfRange(typed, 1, typed.length));
    }
    if (typed.length == 1 + MlDsaKey.BYTES && typed[0] == TIMED_ML_DSA_44) {
      return MlDsaKey.ofBytes(Arrays.copyOfRange(typed, 1, typed.length));
    }
    throw new MalformedException(
        "not the key of a witness (type 0x04 and 32 bytes of Ed25519, or type 0x06 and 1,312 bytes"
            + " of ML-DSA-44)");
  }

  private byte[] typedKey() {
    byte type = key instanceof MlDsaKey ? TIMED_ML_DSA_44 : TIMED_ED25519;
    byte[] bytes = key.bytes();
    return ByteBuffer.allocate(1 + bytes.length).put(type).put(bytes).array();
  }
}
