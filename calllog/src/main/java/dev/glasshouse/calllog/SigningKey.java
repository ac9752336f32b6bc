package dev.glasshouse.calllog;

import java.io.IOException;
import java.nio.file.Path;

/** The secret half of a key: who signs. */
public sealed interface SigningKey permits Identity, MlDsaIdentity {
  /** The signature over {@code message}, in the encoding of the key's algorithm. */
  byte[] sign(byte[] message);

  /** The half that may be known. */
  VerifyingKey publicKey();

  /**
   * Writes a new file that only its owner can read. It appears complete or not at all.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is a file, which is left as it was
   */
  void save(Path file) throws IOException;

  /**
   * Reads a key file of any algorithm.
   *
   * @throws IOException if the file is missing or cannot be read
   * @throws MalformedException if it holds no key that we know, or one under a passphrase; the
   *     message names the file and what to do
   */
  static SigningKey load(Path file) throws IOException {
    return IdentityFile.load(file);
  }
}
