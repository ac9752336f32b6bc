package dev.glasshouse.calllog;

/**
 * Where blobs are read from by hash: a store, a directory, a peer. Whoever uses a blob checks that
 * it has the hash it was asked by, so a reader does not have to be trusted.
 */
@FunctionalInterface
public interface BlobReader {
  /**
   * The bytes whose SHA-256 is {@code sha256}, or null if this reader does not have them. The
   * caller only reads the array; the reader does not change it afterwards.
   */
  byte[] blob(Hash sha256);

  /**
   * The same bytes, checked.
   *
   * @throws MissingBlobException if this reader does not have them
   * @throws MalformedException if what it has is something else
   */
  default byte[] require(Hash sha256) {
    byte[] bytes = blob(sha256);
    if (bytes == null) {
      throw new MissingBlobException(sha256);
    }
    if (!Hash.of(bytes).equals(sha256)) {
      throw new MalformedException("the bytes read for blob " + sha256 + " have another hash");
    }
    return bytes;
  }
}
