package dev.glasshouse.calllog;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 key pair: who signs. Kept in files in the form of {@code ssh-keygen -t ed25519},
 * without a passphrase, so that one file serves OpenSSH and us.
 */
public final class Identity implements SigningKey {
  /** Length of the secret in bytes: the seed of RFC 8032 section 5.1.5. */
  public static final int SEED_BYTES = 32;

  private final byte[] seed;
  private final byte[] publicBytes;
  private final PublicKey publicKey;

  private Identity(byte[] seed) {
    this.seed = seed;
    this.publicBytes = new byte[PublicKey.BYTES];
    Ed25519.generatePublicKey(seed, 0, publicBytes, 0);
    this.publicKey = PublicKey.ofBytes(publicBytes);
  }

  /** A new identity from the caller's randomness. */
  public static Identity generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new Identity(seed);
  }

  /** The identity of a known secret; takes a copy of exactly 32 bytes. */
  public static Identity ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new MalformedException("an Ed25519 seed has 32 bytes, not " + seed.length);
    }
    return new Identity(seed.clone());
  }

  /**
   * Reads a key file: OpenSSH's private key format, or PKCS#8 PEM as {@code openssl genpkey} writes
   * it.
   *
   * @throws IOException if the file is missing or cannot be read
   * @throws MalformedException if it holds no Ed25519 key, or one under a passphrase; the message
   *     names the file and what to do
   */
  public static Identity load(Path file) throws IOException {
    return IdentityFile.loadEd25519(file);
  }

  /**
   * Whether somebody other than its owner may read the file; false where files have no such
   * permissions.
   */
  public static boolean isReadableByOthers(Path file) throws IOException {
    return IdentityFile.isReadableByOthers(file);
  }

  /**
   * Writes a new file in OpenSSH's form that only its owner can read. It appears complete or not at
   * all.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is a file, which is left as it was
   */
  @Override
  public void save(Path file) throws IOException {
    IdentityFile.save(this, file);
  }

  /** The 64-byte signature over {@code message} (RFC 8032 section 5.1.6). */
  @Override
  public byte[] sign(byte[] message) {
    byte[] signature = new byte[PublicKey.SIGNATURE_BYTES];
    Ed25519.sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  /** The half that may be known. */
  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  /** A copy of the secret. */
  byte[] seed() {
    return seed.clone();
  }

  /** Names the public key only. */
  @Override
  public String toString() {
    return "Identity[" + publicKey + "]";
  }
}
