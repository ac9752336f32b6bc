package dev.glasshouse.calllog;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A published log, read from wherever it is: a host, a mirror, a directory. Nothing that comes from
 * here is believed; all of it is checked against the signed checkpoint or by replay.
 *
 * <p>Methods throw {@link UnreachableException} when the source does not answer or withholds
 * something, which is no verdict on the log.
 */
public interface LogReader extends BlobReader, AutoCloseable {
  /** The newest checkpoint, a signed note. */
  byte[] checkpoint();

  /**
   * The newest checkpoint that met the quorum of the host's own witnesses, a signed note; null if
   * the source has none. {@link #checkpoint}, asked for later, is not older. It may itself have all
   * cosignatures that a reader wants.
   */
  default byte[] cosigned() {
    return null;
  }

  /**
   * Entries from index {@code from} on, below {@code size}: at least one and as many as the source
   * gives at once.
   *
   * @param size the size of a checkpoint that the source has signed
   */
  List<byte[]> entries(long from, long size);

  /** The hashes of a tile of a tree whose checkpoint the source has signed. */
  List<Hash> tile(Tile tile);

  /**
   * The names in a directory of the published archive; a directory's name ends in "/".
   *
   * @param path absolute, ending in "/"
   * @param root the archive as it was when it had this root; empty for as it is now
   */
  List<String> directory(String path, Optional<Hash> root);

  /** The bytes of a file of the published archive. */
  byte[] file(String path, Optional<Hash> root);

  /** The indexes of the image entries whose pages the source keeps, newest first. */
  default List<Long> images() {
    throw new UnreachableException("this source publishes no images");
  }

  /**
   * The bytes of the page of an image, by their SHA-256; null if the source does not keep it, or no
   * longer.
   */
  default byte[] page(Hash hash) {
    throw new UnreachableException("this source publishes no images");
  }

  /**
   * The bytes that {@link #blob} gives, as a stream, so that a large file need not be in memory;
   * null if the source does not have them. Whoever reads them hashes them. To read on may throw
   * {@link java.io.IOException} when the source stops answering.
   */
  default InputStream openBlob(Hash sha256) {
    byte[] bytes = blob(sha256);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  /**
   * Whether this is somebody's copy of the log, which may be behind what the log's host has signed
   * without anybody's fault. A host that is behind what it has signed itself has rolled back.
   */
  default boolean isCopy() {
    return false;
  }

  /** Lets go of what is held open, such as a host's store; most readers hold nothing. */
  @Override
  default void close() {}
}
