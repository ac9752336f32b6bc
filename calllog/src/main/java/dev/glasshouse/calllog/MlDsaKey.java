package dev.glasshouse.calllog;

import java.util.Arrays;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * A public key of ML-DSA-44 (FIPS 204), which a quantum computer does not break. It verifies pure
 * signatures with an empty context, as C2SP tlog-cosignature has them; calls and checkpoints are
 * signed with Ed25519 alone.
 */
public final class MlDsaKey implements VerifyingKey {
  /** Length of a key in bytes. */
  public static final int BYTES = 1312;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 2420;

  private final byte[] bytes;
  private final MLDSAPublicKeyParameters key;

  private MlDsaKey(byte[] bytes) {
    this.bytes = bytes;
    this.key = new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, bytes);
  }

  /** Takes a copy of 1,312 bytes; all such keys are well-formed. */
  public static MlDsaKey ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new MalformedException("an ML-DSA-44 key has 1,312 bytes, not " + bytes.length);
    }
    return new MlDsaKey(bytes.clone());
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    MLDSASigner signer = new MLDSASigner();
    signer.init(false, key);
    signer.update(message, 0, message.length);
    return signer.verifySignature(signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlDsaKey that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Names it by the beginning of its hash. */
  @Override
  public String toString() {
    return "MlDsaKey[" + Hash.of(bytes).hex().substring(0, 16) + "]";
  }
}
