package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.MissingBlobException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes proofs from stored nodes. Each method throws {@link MissingBlobException} or {@link
 * dev.glasshouse.calllog.MalformedException} if the store does not have the archive of that root,
 * and {@link ProofTooLongException} for a proof that is over a limit.
 */
public final class ArchiveProver {
  private final BlobReader blobs;
  private final int maxBytes;
  private final int maxNodes;

  public ArchiveProver(BlobReader blobs) {
    this(blobs, ArchiveProof.MAX_BYTES, ArchiveProof.MAX_NODES);
  }

  /** Makes no proof whose text is longer than {@code maxBytes}. */
  ArchiveProver(BlobReader blobs, int maxBytes, int maxNodes) {
    this.blobs = blobs;
    this.maxBytes = maxBytes;
    this.maxNodes = maxNodes;
  }

  /** The proof for {@link ArchiveProof#verifyPath}. */
  public ArchiveProof provePath(Hash root, ArchiveKey key) {
    List<byte[]> nodes = new ArrayList<>();
    recording(nodes).find(root, key);
    return new ArchiveProof(nodes);
  }

  /** The proof for {@link ArchiveProof#verifyListing}. */
  public ArchiveProof proveListing(Hash root, ArchiveKey directory) {
    List<byte[]> nodes = new ArrayList<>();
    recording(nodes).list(root, directory);
    return new ArchiveProof(nodes);
  }

  private ProofWalk recording(List<byte[]> nodes) {
    int[] length = {ArchiveProof.FIRST.length()};
    return new ProofWalk(
        hash -> {
          byte[] node = node(hash);
          length[0] += ArchiveProof.lineBytes(node.length);
          if (length[0] > maxBytes || nodes.size() == maxNodes) {
            throw new ProofTooLongException(
                "the proof has more than " + maxBytes + " bytes or " + maxNodes + " nodes");
          }
          nodes.add(node);
          return node;
        });
  }

  // The empty archive's node need not be stored.
  private byte[] node(Hash hash) {
    return hash.equals(ArchiveTree.EMPTY_ROOT)
        ? Node.EMPTY.toStored().encode()
        : blobs.require(hash);
  }
}
