package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.MissingBlobException;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.ScriptFileReference;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveValue;
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
    for (Input input : entry.inputs()) {
      copy(input.answer());
    }
    if (entry instanceof GenesisEntry genesis) {
      copy(genesis.interpreter());
      copy(genesis.bootstrap());
      for (ScriptFileReference file : genesis.script().files()) {
        copy(file.source());
      }
      copy(genesis.outcome());
    } else if (entry instanceof CallEntry call) {
      copy(call.request());
      call.outcomes().forEach(this::copy);
    } else if (entry instanceof TimerEntry timer) {
      copy(timer.outcome());
    } else if (entry instanceof AbortEntry abort) {
      if (abort.request() != null) {
        copy(abort.request());
      }
    } else if (entry instanceof ImageEntry image) {
      copy(image.heap().pages());
    }
    ArchiveChanges.between(
        before,
        entry.root(),
        this,
        new ArchiveChanges.Visitor() {
          @Override
          public void set(ArchiveKey key, ArchiveValue value) {
            if (value instanceof ArchiveValue.FileRef file) {
              copy(file.sha256(), file.length());
            }
          }
        });
    return entry;
  }

  private void copy(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      copy(ok.value());
    }
  }

  private void copy(Text text) {
    if (text instanceof Text.Blob blob) {
      copy(blob.sha256(), blob.length());
    }
  }

  private void copy(BlobReference reference) {
    copy(reference.sha256(), reference.length());
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
