package dev.glasshouse.cli;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.TlogProof;
import dev.glasshouse.rpc.client.RemoteArchive;
import dev.glasshouse.rpc.client.RemoteLog;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A proof of what is at a path of an archive, on disk: the receipt of the entry that names the
 * archive's root, as {@link ReceiptFiles} has it, and beside it {@code .path}, the path with a
 * newline (a slash at its end asks what is in the directory), and {@code .archive}, the proof from
 * the root to the path.
 *
 * <p>Nothing that is read here is believed.
 *
 * @param file the {@code .tlog-proof} file
 */
record FilesProof(Path file) {
  private static final int MAX_PATH = ArchiveKey.MAX_PATH_BYTES + 2;

  /** What a saved proof shows. */
  record Checked(ProvedEntry entry, ProvedPath path) {}

  /**
   * Writes all of it, after verifying what the receipt says of itself as {@link #check} does.
   *
   * @param remote of {@code log}
   * @param blobs where the entries' long texts are read
   * @throws dev.glasshouse.rpc.client.CaughtHostException if the entry breaks a rule
   */
  void write(
      RemoteLog log, RemoteArchive remote, BlobReader blobs, ProvedPath path, ArchiveProof proof)
      throws IOException {
    byte[] genesis = log.receipt(0).entry();
    Receipt receipt = remote.receipt();
    TlogProof inLog = new TlogProof(receipt.index(), receipt.proof(), receipt.checkpoint());
    Map<Hash, byte[]> read = new HashMap<>();
    BlobReader source = new CheckedBlobs(blobs);
    BlobReader recording = hash -> read.computeIfAbsent(hash, source::blob);
    ProvedEntry.Anchor anchor = ProvedEntry.Anchor.of(genesis, remote.host().log(), recording);
    try {
      ProvedEntry unused = ProvedEntry.verify(inLog, receipt.entry(), anchor, recording);
    } catch (BrokenRuleException e) {
      throw log.caught(receipt, e);
    }

    boolean lists = path.listing().isPresent() && !path.asked().path().equals("/");
    String line = path.asked().path() + (lists ? "/\n" : "\n");
    Files.write(beside(".path"), line.getBytes(StandardCharsets.UTF_8));
    Files.write(beside(".archive"), proof.format());
    new ReceiptFiles(file).write(inLog, receipt.entry(), genesis, read);
  }

  /**
   * Verifies it, with no network.
   *
   * @param pinned the log that is meant, or null
   * @throws dev.glasshouse.calllog.UnverifiedException if it does not hold
   * @throws BrokenRuleException if its entry breaks a rule
   */
  Checked check(Hash pinned) throws IOException {
    ReceiptFiles receipt = new ReceiptFiles(file);
    BlobReader blobs = new CheckedBlobs(receipt::blob);
    ProvedEntry.Anchor anchor = ProvedEntry.Anchor.of(receipt.genesis(), pinned, blobs);
    ProvedEntry entry = ProvedEntry.verify(receipt.proof(), receipt.entry(), anchor, blobs);
    AskedPath asked = path();
    ArchiveProof proof =
        ArchiveProof.parse(
            read(beside(".archive"), ArchiveProof.MAX_BYTES), ArchiveProof.MAX_BYTES);
    Hash root = entry.entry().root();
    return new Checked(
        entry,
        asked.slashed()
            ? ProvedPath.ofListing(proof, root, asked)
            : ProvedPath.of(proof, root, asked));
  }

  private AskedPath path() throws IOException {
    String line = new String(read(beside(".path"), MAX_PATH), StandardCharsets.UTF_8);
    if (!line.startsWith("/") || line.indexOf('\n') != line.length() - 1) {
      throw new MalformedException(beside(".path") + " holds no absolute path on one line");
    }
    return AskedPath.parse(line.substring(0, line.length() - 1));
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
