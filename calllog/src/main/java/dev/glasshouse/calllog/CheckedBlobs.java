package dev.glasshouse.calllog;

/** Blobs of a source that nobody trusts: each is hashed before it is used. */
public final class CheckedBlobs implements BlobReader {
  private final BlobReader source;

  public CheckedBlobs(BlobReader source) {
    this.source = source;
  }

  /**
   * As the source answers.
   *
   * @throws WrongBlobException if the bytes do not have this hash
   */
  @Override
  public byte[] blob(Hash hash) {
    byte[] bytes = source.blob(hash);
    if (bytes != null && !Hash.of(bytes).equals(hash)) {
      throw new WrongBlobException(hash, bytes.length);
    }
    return bytes;
  }
}
