package dev.glasshouse.cli;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.TlogProof;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A receipt on disk: a {@code .tlog-proof} file, and beside it, under its name, what the proof is
 * about. {@code .entry} has the bytes of the entry, {@code .genesis} those of entry 0, whose hash
 * is the log's id and which names the log's key. {@code .blobs/} has the long texts that the two
 * name, by the hex of their SHA-256, if there are any.
 *
 * <p>Nothing that is read here is believed: the proof and the hashes are to be checked.
 *
 * @param file the {@code .tlog-proof} file
 */
record ReceiptFiles(Path file) {
  /** The longest text of an entry: a request or a result at the highest limits. */
  private static final int MAX_BLOB = 64 << 20;

  /** Writes all of it; the proof comes last, so that it never stands without what it needs. */
  void write(TlogProof proof, byte[] entry, byte[] genesis, Map<Hash, byte[]> blobs)
      throws IOException {
    if (!blobs.isEmpty()) {
      Home.makeDirectory(beside(".blobs"));
    }
    for (Map.Entry<Hash, byte[]> blob : blobs.entrySet()) {
      Files.write(beside(".blobs").resolve(blob.getKey().hex()), blob.getValue());
    }
    Files.write(beside(".genesis"), genesis);
    Files.write(beside(".entry"), entry);
    Files.write(file, proof.format());
  }

  /** Parses the proof. */
  TlogProof proof() throws IOException {
    return TlogProof.parse(read(file, TlogProof.MAX_BYTES), TlogProof.MAX_BYTES);
  }

  /** The bytes of the entry. */
  byte[] entry() throws IOException {
    return read(beside(".entry"), Entry.MAX_BYTES);
  }

  /** The bytes of the genesis entry. */
  byte[] genesis() throws IOException {
    return read(beside(".genesis"), Entry.MAX_BYTES);
  }

  /** A long text; null if it is not there. */
  byte[] blob(Hash hash) {
    try {
      return read(beside(".blobs").resolve(hash.hex()), MAX_BLOB);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path beside(String suffix) {
    return Path.of(file + suffix);
  }

  private static byte[] read(Path path, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new MalformedException(path + " has more than " + limit + " bytes");
      }
      return bytes;
    }
  }
}
