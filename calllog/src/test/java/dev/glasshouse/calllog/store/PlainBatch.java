package dev.glasshouse.calllog.store;

import dev.glasshouse.calllog.Hash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A batch without its tickets: what a host would commit that does not count its callers' calls. */
public final class PlainBatch {
  private PlainBatch() {}

  /** The same, but for the tickets. */
  public static Batch of(Batch batch) {
    Batch plain = new Batch(batch.first());
    for (byte[] entry : batch.entries()) {
      long index = plain.addEntry(entry);
      List<Hash> image = batch.images().get(index);
      if (image != null) {
        Map<Hash, byte[]> pages = new HashMap<>(batch.pages());
        pages.keySet().retainAll(image);
        plain.addImage(image, pages);
      }
    }
    for (Batch.TreeNode node : batch.treeNodes()) {
      plain.addTreeHash(node.tileLevel(), node.index(), node.hash());
    }
    batch.blobs().values().forEach(plain::addBlob);
    return plain;
  }
}
