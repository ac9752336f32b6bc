package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BrokenRuleException;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.EntryRules;
import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.UnknownEntryException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.WrongBlobException;
import dev.glasshouse.vm.archive.ArchiveEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveProof;
import dev.glasshouse.vm.archive.ArchiveProver;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.function.Supplier;

/**
 * The files of a host as they were after one entry, each byte proved to belong to its signed
 * checkpoint: the entry is shown to be in the signed tree, it names the archive's root, and from
 * there on everything is read by hash. That the root is what the calls come to, only an audit
 * shows.
 *
 * <p>Any method that reads throws {@link MissingBlobException} for what the source does not have,
 * {@link WrongBlobException} for other bytes than the hash names, and {@link CaughtHostException}
 * if what the log commits to is no archive.
 */
public final class RemoteArchive {
  /** Most files and directories that are walked: the nodes of a small tree can lead to endless. */
  public static final long MAX_WALKED = 1L << 24;

  private static final int BUFFER = 64 << 10;

  private final LogReader reader;
  private final BlobReader blobs;
  private final HostDescription host;
  private final Receipt receipt;
  private final Hash root;

  private RemoteArchive(LogReader reader, HostDescription host, Receipt receipt, Hash root) {
    this.reader = reader;
    this.blobs = new CheckedBlobs(reader);
    this.host = host;
    this.receipt = receipt;
    this.root = root;
  }

  /**
   * The archive after an entry of a log whose newest checkpoint has been verified.
   *
   * @param index below the size of that checkpoint
   * @throws UnknownEntryException if a later build may know what the entry is
   */
  public static RemoteArchive at(LogReader reader, RemoteLog log, long index) {
    Receipt receipt = log.receipt(index);
    GenesisEntry genesis = log.host().genesis();
    try {
      EntryRules.Parsed parsed =
          EntryRules.alone(index, receipt.entry(), genesis, new CheckedBlobs(reader), Depth.FORM);
      EntryRules.place(parsed);
      return new RemoteArchive(reader, log.host(), receipt, parsed.entry().root());
    } catch (BrokenRuleException e) {
      throw log.caught(receipt, e);
    }
  }

  /** Whose files these are, with the checkpoint that they were proved against. */
  public HostDescription host() {
    return host;
  }

  /** The proof of the entry that names the archive's root. */
  public Receipt receipt() {
    return receipt;
  }

  /** The archive's root. */
  public Hash root() {
    return root;
  }

  /** The proof of what is at a path, for {@link ArchiveProof#verifyPath}; verified by itself. */
  public ArchiveProof provePath(ArchiveKey key) {
    return ofAnArchive(() -> new ArchiveProver(blobs).provePath(root, key));
  }

  /**
   * The proof of what is in a directory, for {@link ArchiveProof#verifyListing}; if none is there,
   * of what is at its path.
   *
   * @throws dev.glasshouse.vm.archive.ProofTooLongException for very many files
   */
  public ArchiveProof proveListing(ArchiveKey directory) {
    return ofAnArchive(() -> new ArchiveProver(blobs).proveListing(root, directory));
  }

  /**
   * Everything in a directory at any depth, in key order, read as it is walked; nothing if it is
   * not there.
   */
  public Iterator<ArchiveEntry> below(ArchiveKey directory) {
    Iterator<ArchiveEntry> walk = ofAnArchive(() -> ArchiveTree.open(root, blobs).below(directory));
    return new Iterator<>() {
      private long walked;

      @Override
      public boolean hasNext() {
        return walk.hasNext();
      }

      @Override
      public ArchiveEntry next() {
        if (walked == MAX_WALKED) {
          throw new UnreachableException(
              "the archive has more than " + MAX_WALKED + " files and directories");
        }
        walked++;
        return ofAnArchive(walk::next);
      }
    };
  }

  /**
   * Copies a file's content in bounded memory. All of it has been written when it turns out to be
   * wrong: nobody may see it before this returns.
   *
   * @throws IOException if {@code out} cannot be written
   */
  public void copy(ArchiveValue.FileRef file, OutputStream out) throws IOException {
    long most = host.genesis().limits().file();
    if (file.length() > most) {
      throw new CaughtHostException(
          "the host has logged a file of "
              + file.length()
              + " bytes, and by its own limits none has more than "
              + most);
    }
    MessageDigest digest = Hash.sha256();
    long copied = 0;
    try (InputStream in = reader.openBlob(file.sha256())) {
      if (in == null) {
        throw new MissingBlobException(file.sha256());
      }
      byte[] buffer = new byte[BUFFER];
      int read = read(in, buffer);
      while (read >= 0 && copied <= file.length()) {
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
        copied += read;
        read = read(in, buffer);
      }
    }
    if (copied > file.length() || !Hash.ofBytes(digest.digest()).equals(file.sha256())) {
      throw new WrongBlobException(file.sha256(), (int) copied);
    }
    if (copied < file.length()) {
      throw new CaughtHostException(
          "the host has logged a file of " + file.length() + " bytes that has " + copied);
    }
  }

  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      String why = e.getMessage() == null ? "" : ": " + e.getMessage();
      throw new UnreachableException("the content of a file breaks off" + why, e);
    }
  }

  // What has the right hash and is malformed comes from who signed the root.
  private static <T> T ofAnArchive(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (MalformedException e) {
      throw new CaughtHostException("the host has logged what is no archive: " + e.getMessage(), e);
    }
  }
}
