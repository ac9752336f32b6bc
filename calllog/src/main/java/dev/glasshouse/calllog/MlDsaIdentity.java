package dev.glasshouse.calllog;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * An ML-DSA-44 key pair (FIPS 204), for witnesses. Kept in files as PKCS#8 with the seed alone, as
 * RFC 9881 section 6 has it.
 */
public final class MlDsaIdentity implements SigningKey {
  /** Length of the secret in bytes: the seed of FIPS 204, ξ. */
  public static final int SEED_BYTES = 32;

  private final byte[] seed;
  private final MLDSAPrivateKeyParameters key;
  private final MlDsaKey publicKey;

  private MlDsaIdentity(byte[] seed) {
    this.seed = seed;
    this.key = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed);
    this.publicKey = MlDsaKey.ofBytes(key.getPublicKey());
  }

  /** A new identity from the caller's randomness. */
  public static MlDsaIdentity generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new MlDsaIdentity(seed);
  }

  /** The identity of a known secret; takes a copy of exactly 32 bytes. */
  public static MlDsaIdentity ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new MalformedException("an ML-DSA seed has 32 bytes, not " + seed.length);
    }
    return new MlDsaIdentity(seed.clone());
  }

  /** The 2,420-byte signature, the same for the same message (FIPS 204 section 3.4). */
  @Override
  public byte[] sign(byte[] message) {
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, key);
    signer.update(message, 0, message.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new IllegalStateException("an ML-DSA key that does not sign", e);
    }
  }

  @Override
  public MlDsaKey publicKey() {
    return publicKey;
  }

  @Override
  public void save(Path file) throws IOException {
    IdentityFile.save(this, file);
  }

  /** A copy of the secret. */
  byte[] seed() {
    return seed.clone();
  }

  /** Names the public key only. */
  @Override
  public String toString() {
    return "MlDsaIdentity[" + publicKey + "]";
  }
}
