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
}
