package dev.glasshouse.calllog;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes inside an OpenSSH private key file (PROTOCOL.key of OpenSSH), for one Ed25519 key
 * without a passphrase. Strings are led by their length, four bytes, big-endian.
 */
final class OpenSshKey {
  private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TYPE = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE = "none".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMENT = "glasshouse".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY = {};

  /** Without a cipher, the secret part is padded to a multiple of this. */
  private static final int BLOCK = 8;

  private OpenSshKey() {}

  static Identity decode(byte[] bytes) {
    try {
      return decode(ByteBuffer.wrap(bytes));
    } catch (BufferUnderflowException e) {
      throw new MalformedException("an OpenSSH private key that ends too early", e);
    }
  }

  private static Identity decode(ByteBuffer file) {
    byte[] magic = new byte[MAGIC.length];
    file.get(magic);
    require(Arrays.equals(magic, MAGIC), "an unknown format version");
    if (!Arrays.equals(string(file), NONE)) {
      throw new MalformedException(IdentityFile.ENCRYPTED);
    }
    require(Arrays.equals(string(file), NONE), "a key derivation without a cipher");
    require(string(file).length == 0, "options of a key derivation without a cipher");
    require(file.getInt() == 1, "more or less than one key");
    ByteBuffer blob = ByteBuffer.wrap(string(file));
    byte[] publicKey = publicKey(blob);
    require(!blob.hasRemaining(), "bytes after the public key");
    ByteBuffer secret = ByteBuffer.wrap(string(file));
    require(!file.hasRemaining(), "bytes after the key");
    int check = secret.getInt();
    require(secret.getInt() == check, "two check numbers that differ");
    require(Arrays.equals(publicKey(secret), publicKey), "two public keys that differ");
    byte[] pair = string(secret);
    require(pair.length == Identity.SEED_BYTES + PublicKey.BYTES, "a secret of a wrong length");
    string(secret);
    requirePadding(secret);
    Identity identity = Identity.ofSeed(Arrays.copyOf(pair, Identity.SEED_BYTES));
    byte[] derived = identity.publicKey().bytes();
    require(
        Arrays.equals(derived, publicKey)
            && Arrays.equals(derived, 0, derived.length, pair, Identity.SEED_BYTES, pair.length),
        "a secret and a public key that do not belong together");
    return identity;
  }

  static byte[] encode(Identity identity) {
    byte[] publicKey = identity.publicKey().bytes();
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    putString(names, TYPE);
    putString(names, publicKey);

    // OpenSSH fills the check numbers at random, to notice a wrong passphrase. Here nothing needs
    // to be hidden or noticed.
    byte[] check = Arrays.copyOf(publicKey, Integer.BYTES);
    ByteArrayOutputStream pair = new ByteArrayOutputStream();
    pair.writeBytes(identity.seed());
    pair.writeBytes(publicKey);
    ByteArrayOutputStream secret = new ByteArrayOutputStream();
    secret.writeBytes(check);
    secret.writeBytes(check);
    secret.writeBytes(names.toByteArray());
    putString(secret, pair.toByteArray());
    putString(secret, COMMENT);
    for (int i = 1; secret.size() % BLOCK != 0; i++) {
      secret.write(i);
    }

    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(MAGIC);
    putString(file, NONE);
    putString(file, NONE);
    putString(file, EMPTY);
    file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(1).array());
    putString(file, names.toByteArray());
    putString(file, secret.toByteArray());
    return file.toByteArray();
  }

  private static byte[] publicKey(ByteBuffer buffer) {
    byte[] type = string(buffer);
    if (!Arrays.equals(type, TYPE)) {
      String name = new String(type, StandardCharsets.ISO_8859_1).replaceAll("[^!-~]", "?");
      throw new MalformedException("a key of type " + name + ", not ssh-ed25519");
    }
    return string(buffer);
  }

  private static byte[] string(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  private static void putString(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  private static void requirePadding(ByteBuffer secret) {
    require(secret.remaining() < BLOCK, "too much padding");
    for (int i = 1; secret.hasRemaining(); i++) {
      require(secret.get() == i, "wrong padding");
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new MalformedException("an OpenSSH private key with " + otherwise);
    }
  }
}
