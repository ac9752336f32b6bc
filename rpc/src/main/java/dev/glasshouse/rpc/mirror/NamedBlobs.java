package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.BlobReference;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.ScriptFileReference;
import dev.glasshouse.calllog.Text;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.vm.archive.ArchiveKey;
import dev.glasshouse.vm.archive.ArchiveTree;
import dev.glasshouse.vm.archive.ArchiveValue;
import java.util.function.Consumer;

/** Which blobs belong to an entry: its texts and lists, and what it changed in the archive. */
public final class NamedBlobs {
  /** Told of each blob; of some more than once. */
  interface Visitor {
    /** An entry has it, and says how long it is. */
    void named(Hash sha256, long length);
  }

  private final Visitor visitor;

  private NamedBlobs(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Gives {@code names} the blobs that belong to an entry.
   *
   * @param before root of the archive before the entry; null for genesis
   * @param blobs where the archive's nodes are read
   * @throws dev.glasshouse.calllog.MissingBlobException if a node of the archive is missing
   */
  public static void of(Entry entry, Hash before, BlobReader blobs, Consumer<Hash> names) {
    Hash older = before == null ? ArchiveTree.EMPTY_ROOT : before;
    visit(entry, older, blobs, (hash, length) -> names.accept(hash));
  }

  /** The same, with how long each is said to be. */
  static void visit(Entry entry, Hash before, BlobReader blobs, Visitor visitor) {
    new NamedBlobs(visitor).visit(entry, before, blobs);
  }

  private void visit(Entry entry, Hash before, BlobReader blobs) {
    for (Input input : entry.inputs()) {
      tell(input.answer());
    }
    if (entry instanceof GenesisEntry genesis) {
      tell(genesis.interpreter());
      tell(genesis.bootstrap());
      for (ScriptFileReference file : genesis.script().files()) {
        tell(file.source());
      }
      tell(genesis.outcome());
    } else if (entry instanceof CallEntry call) {
      tell(call.request());
      call.outcomes().forEach(this::tell);
    } else if (entry instanceof TimerEntry timer) {
      tell(timer.outcome());
    } else if (entry instanceof AbortEntry abort) {
      if (abort.request() != null) {
        tell(abort.request());
      }
    } else if (entry instanceof ImageEntry image) {
      tell(image.heap().pages());
    }
    ArchiveChanges.between(
        before,
        entry.root(),
        blobs,
        new ArchiveChanges.Visitor() {
          @Override
          public void set(ArchiveKey key, ArchiveValue value) {
            if (value instanceof ArchiveValue.FileRef file) {
              visitor.named(file.sha256(), file.length());
            }
          }
        });
  }

  private void tell(Outcome outcome) {
    if (outcome instanceof Outcome.Ok ok) {
      tell(ok.value());
    }
  }

  private void tell(Text text) {
    if (text instanceof Text.Blob blob) {
      visitor.named(blob.sha256(), blob.length());
    }
  }

  private void tell(BlobReference reference) {
    visitor.named(reference.sha256(), reference.length());
  }
}
