package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Copies what entries name by hash: texts, lists, contents of files, nodes of the archive. */
final class EntryBlobs implements BlobReader {
  private final PublicationFolder folder;
  private final BlobReader local;
  private final BlobReader source;

  EntryBlobs(PublicationFolder folder, BlobReader source) {
    this.folder = folder;
    this.local = new DirectoryLogReader(folder.dir());
    this.source = new CheckedBlobs(source);
  }

  /** A blob, which is in the folder afterwards; null if it is not to be had. */
  @Override
  public byte[] blob(Hash hash) {
    byte[] held = local.blob(hash);
    if (held != null && Hash.of(held).equals(hash)) {
      return held;
    }
    byte[] bytes = source.blob(hash);
    if (bytes != null) {
      folder.write(Layout.blob(hash), bytes);
    }
    return bytes;
  }

  /**
   * Parses an entry and copies what it names.
   *
   * @param before root of the archive before the entry, all of which is in the folder
   */
  Entry copy(byte[] bytes, Hash before) {
    Entry entry = Entry.parse(bytes, this);
    NamedBlobs.visit(entry, before, this, this::copy);
    return entry;
  }

  private void copy(Hash hash, long length) {
    long held = length(hash);
    if (held <= 0) {
      byte[] bytes = blob(hash);
      if (bytes == null) {
        throw new MissingBlobException(hash);
      }
      held = bytes.length;
    }
    if (held != length) {
      throw new MalformedException("blob " + hash + " has " + held + " bytes, not " + length);
    }
  }

  private long length(Hash hash) {
    String path = Layout.blob(hash);
    try {
      return folder.has(path) ? Files.size(folder.dir().resolve(path)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
