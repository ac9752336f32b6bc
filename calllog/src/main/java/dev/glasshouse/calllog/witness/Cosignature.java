package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Checkpoint;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MlDsaKey;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.SigningKey;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A witness's word on a checkpoint, of C2SP tlog-cosignature: at {@link #time} this was the largest
 * tree of this origin that it had seen, and every smaller one was a prefix of it. An Ed25519 key
 * signs {@code cosignature/v1}, which holds the whole text of the note; an ML-DSA-44 key {@code
 * subtree/v1}, which holds its own name and of the text only origin, size and root: extension lines
 * may be others. An instance exists only if this process signed it or verified it.
 */
public final class Cosignature {
  /** Length in bytes, without the key id: a time and an Ed25519 signature. */
  public static final int BYTES = Long.BYTES + PublicKey.SIGNATURE_BYTES;

  /** Length in bytes, without the key id: a time and an ML-DSA-44 signature. */
  public static final int ML_DSA_BYTES = Long.BYTES + MlDsaKey.SIGNATURE_BYTES;

  /** The twelve bytes of {@code label}. */
  private static final String SUBTREE = "subtree/v1\n\0";

  private final WitnessKey witness;
  private final long time;
  private final NoteSignature line;

  private Cosignature(WitnessKey witness, long time, NoteSignature line) {
    this.witness = witness;
    this.time = time;
    this.line = line;
  }

  /**
   * Cosigns the text of a checkpoint. The caller makes sure first that it extends all that was
   * cosigned before, and that this is durable.
   *
   * @param name the name of the witness's key
   * @param time POSIX seconds, from 1
   * @throws IllegalArgumentException if the time is 0 or less
   * @throws MalformedException if the text is no checkpoint and the key is an ML-DSA key
   */
  public static Cosignature sign(String name, SigningKey key, String text, long time) {
    if (time <= 0) {
      throw new IllegalArgumentException("a cosignature has a time after 1970: " + time);
    }
    WitnessKey witness = new WitnessKey(name, key.publicKey());
    byte[] signature = key.sign(message(witness, text, time));
    byte[] timed =
        ByteBuffer.allocate(Long.BYTES + signature.length).putLong(time).put(signature).array();
    return new Cosignature(witness, time, new NoteSignature(name, witness.id(), timed));
  }

  /**
   * Verifies a signature line.
   *
   * @param text the text of the note that it stands under
   * @throws UnverifiedException if it is not this witness's, does not hold, or has no time
   */
  public static Cosignature verify(WitnessKey witness, String text, NoteSignature line) {
    byte[] bytes = line.bytes();
    int length = witness.key() instanceof MlDsaKey ? ML_DSA_BYTES : BYTES;
    if (!witness.isNamedBy(line) || bytes.length != length) {
      throw new UnverifiedException("not a cosignature of " + witness.name());
    }
    long time = ByteBuffer.wrap(bytes).getLong();
    byte[] signature = Arrays.copyOfRange(bytes, Long.BYTES, length);
    if (time <= 0 || !isOf(witness, text, time, signature)) {
      throw new UnverifiedException("the cosignature of " + witness.name() + " does not hold");
    }
    return new Cosignature(witness, time, line);
  }

  private static boolean isOf(WitnessKey witness, String text, long time, byte[] signature) {
    try {
      return witness.key().verify(message(witness, text, time), signature);
    } catch (MalformedException e) {
      return false; // no checkpoint, so nothing that an ML-DSA key could have signed
    }
  }

  /** The bytes that a witness with this key signs. */
  static byte[] message(WitnessKey witness, String text, long time) {
    return witness.key() instanceof MlDsaKey
        ? subtree(witness.name(), text, time)
        : ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
  }

  // The structure cosigned_message: the whole tree is the subtree from 0.
  private static byte[] subtree(String name, String text, long time) {
    String[] lines = LogCheckpoint.lines(text);
    byte[] label = SUBTREE.getBytes(StandardCharsets.US_ASCII);
    byte[] cosigner = name.getBytes(StandardCharsets.UTF_8);
    byte[] origin = lines[0].getBytes(StandardCharsets.UTF_8);
    if (origin.length > NoteKey.MAX_NAME_BYTES) {
      throw new MalformedException("an origin has at most " + NoteKey.MAX_NAME_BYTES + " bytes");
    }
    return ByteBuffer.allocate(
            label.length + 2 + cosigner.length + origin.length + 3 * Long.BYTES + Hash.BYTES)
        .put(label)
        .put((byte) cosigner.length)
        .put(cosigner)
        .putLong(time)
        .put((byte) origin.length)
        .put(origin)
        .putLong(0)
        .putLong(Checkpoint.parseCount(lines[1]))
        .put(Hash.parseBase64(lines[2]).bytes())
        .array();
  }

  /** Who cosigned. */
  public WitnessKey witness() {
    return witness;
  }

  /** When, in POSIX seconds by the witness's clock; from 1. */
  public long time() {
    return time;
  }

  /** The line of the note. */
  public NoteSignature line() {
    return line;
  }

  /** The line of the note. */
  @Override
  public String toString() {
    return line.format();
  }
}
