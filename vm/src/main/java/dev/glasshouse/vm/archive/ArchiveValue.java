package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MalformedException;

/** What a key of the archive stands for: a file's content by hash, or a directory. */
public sealed interface ArchiveValue permits ArchiveValue.FileRef, ArchiveValue.Directory {
  /** The largest length a file may state: what a JavaScript number counts exactly. */
  long MAX_LENGTH = (1L << 53) - 1;

  /** A file whose content is the blob {@code sha256} of {@code length} bytes. */
  record FileRef(Hash sha256, long length) implements ArchiveValue {
    public FileRef {
      if (length < 0 || length > MAX_LENGTH) {
        throw new MalformedException("a file's length is 0 to 2^53 - 1 bytes");
      }
    }
  }

  /** A directory; what is in it are the keys that begin with its key. */
  record Directory() implements ArchiveValue {}
}
