package dev.glasshouse.calllog.witness;

import dev.glasshouse.calllog.Identity;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.PublicKey;
import dev.glasshouse.calllog.UnverifiedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A witness's word on a checkpoint, {@code cosignature/v1} of C2SP tlog-cosignature: at {@link
 * #time} this was the largest tree of this origin that it had seen, and every smaller one was a
 * prefix of it. An instance exists only if this process signed it or verified it.
 */
public final class Cosignature {
  /** Length in bytes, without the key id: a time and an Ed25519 signature. */
  public static final int BYTES = Long.BYTES + PublicKey.SIGNATURE_BYTES;

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
   */
  public static Cosignature sign(String name, Identity identity, String text, long time) {
    if (time <= 0) {
      throw new IllegalArgumentException("a cosignature has a time after 1970: " + time);
    }
    WitnessKey witness = new WitnessKey(name, identity.publicKey());
    byte[] signature =
        ByteBuffer.allocate(BYTES).putLong(time).put(identity.sign(message(text, time))).array();
    return new Cosignature(witness, time, new NoteSignature(name, witness.id(), signature));
  }

  /**
   * Verifies a signature line.
   *
   * @param text the text of the note that it stands under
   * @throws UnverifiedException if it is not this witness's, does not hold, or has no time
   */
  public static Cosignature verify(WitnessKey witness, String text, NoteSignature line) {
    byte[] bytes = line.bytes();
    if (!witness.isNamedBy(line) || bytes.length != BYTES) {
      throw new UnverifiedException("not a cosignature of " + witness.name());
    }
    long time = ByteBuffer.wrap(bytes).getLong();
    byte[] signature = Arrays.copyOfRange(bytes, Long.BYTES, BYTES);
    if (time <= 0 || !witness.key().verify(message(text, time), signature)) {
      throw new UnverifiedException("the cosignature of " + witness.name() + " does not hold");
    }
    return new Cosignature(witness, time, line);
  }

  /** The bytes that are signed: two lines, and the whole text of the note. */
  static byte[] message(String text, long time) {
    return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
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
