package dev.glasshouse.calllog;

import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreDamagedException;

/**
 * What a store must have before its log is signed on: everything that was recorded, and everything
 * that was signed.
 */
final class StartCheck {
  private final Store store;
  private final HashReader hashes;
  private final CheckpointFile signed;

  StartCheck(Store store, HashReader hashes, CheckpointFile signed) {
    this.store = store;
    this.hashes = hashes;
    this.signed = signed;
  }

  /** The store goes on from the tree head that was recorded last. */
  void requireRecorded(TreeHead recorded) {
    // A log is stopped before its first record only between genesis and that record.
    if (recorded.size() == 0 && store.size() > 1) {
      throw damaged(
          "its record of the tree head, the file treehead, is gone, so nothing shows that all "
              + store.size()
              + " entries are there");
    }
    if (store.size() < recorded.size()) {
      throw damaged(
          "it has "
              + store.size()
              + " entries, but "
              + recorded.size()
              + " were recorded before anything was signed");
    }
    if (store.size() == 0 && signed.exists()) {
      throw damaged("it has no entries, but a checkpoint of it was signed: " + signed);
    }
    requirePrefix(recorded, "the recorded tree head");
  }

  /** The leaf hash of the last entry, which is the one in the tree. */
  Hash lastLeaf() {
    long last = store.size() - 1;
    Hash leaf = Merkle.leafHash(store.entry(last));
    if (!leaf.equals(store.treeHash(0, last))) {
      throw damaged("its last entry is not the one in its tree");
    }
    return leaf;
  }

  /**
   * The store goes on from the checkpoint that was saved last. A checkpoint is signed only after
   * its head was recorded: the recorded head is never behind it.
   *
   * @param half whether the record has lost one of its slots; the checkpoint then proves the head,
   *     being the log's own
   */
  void requireSigned(TreeHead recorded, boolean half, GenesisEntry genesis) {
    if (!signed.exists()) {
      return;
    }
    TreeHead last = last(genesis);
    if (last.size() > recorded.size() && !half) {
      throw damaged(
          "a checkpoint of size "
              + last.size()
              + " was signed, but only "
              + recorded.size()
              + " entries are recorded in treehead");
    }
    if (last.size() > store.size()) {
      throw damaged(
          "a checkpoint of size "
              + last.size()
              + " was signed, but it has "
              + store.size()
              + " entries");
    }
    requirePrefix(last, "the last signed checkpoint");
  }

  private TreeHead last(GenesisEntry genesis) {
    try {
      return SignedCheckpoint.verify(signed.read(), genesis.origin(), genesis.host()).head();
    } catch (MalformedException | UnverifiedException e) {
      throw damaged(
          "its last checkpoint, "
              + signed
              + ", is not one of this log and key ("
              + e.getMessage()
              + "); if only that file was damaged, move it away");
    }
  }

  private void requirePrefix(TreeHead head, String name) {
    if (head.size() == 0) {
      return;
    }
    Hash root = Proofs.root(head.size(), hashes);
    if (!root.equals(head.root())) {
      throw damaged(
          name
              + " is of "
              + head.size()
              + " entries with root "
              + head.root()
              + ", the first "
              + head.size()
              + " entries of the store have root "
              + root);
    }
  }

  private StoreDamagedException damaged(String found) {
    return new StoreDamagedException(signed.directory(), found);
  }
}
