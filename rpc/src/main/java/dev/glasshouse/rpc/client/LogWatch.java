package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest checkpoint that this client has verified of one log, and the demand that every other
 * one is consistent with it. Contradictions are written down before they are reported.
 */
final class LogWatch {
  /** Asks the host for a consistency proof. */
  interface ProofSource {
    List<Hash> consistency(long older, long newer);
  }

  private final KnownLogs known;
  private final HostDescription host;
  private final ProofSource proofs;

  // Written under this object's lock, which is held while the host is asked for a proof: who sends
  // the next call must not wait for it.
  private volatile SignedCheckpoint newest;

  LogWatch(KnownLogs known, HostDescription host, ProofSource proofs) {
    this.known = known;
    this.host = host;
    this.proofs = proofs;
    Optional<SignedCheckpoint> kept =
        known.checkpoint(host.log(), host.genesis().origin(), host.genesis().host());
    this.newest = kept.orElse(null);
  }

  /** What a call says its caller has seen. */
  TreeHead seen() {
    SignedCheckpoint kept = newest;
    return kept == null ? TreeHead.EMPTY : kept.head();
  }

  /** The checkpoint that a host presents as its newest: it must not be older than the kept one. */
  synchronized void newest(SignedCheckpoint served) {
    if (newest != null && served.head().size() < newest.head().size()) {
      throw caught(
          "the host has rolled back its log: it has signed "
              + newest.head().size()
              + " entries and now serves "
              + served.head().size(),
          served,
          List.of());
    }
    accept(served, null);
  }

  /**
   * Takes a verified checkpoint.
   *
   * @param proof a consistency proof from {@code proofFrom} that came with it, or null
   */
  synchronized void accept(SignedCheckpoint served, List<Hash> proof, long proofFrom) {
    accept(served, newest != null && newest.head().size() == proofFrom ? proof : null);
  }

  private void accept(SignedCheckpoint served, List<Hash> proof) {
    if (newest == null) {
      adopt(served);
      return;
    }
    boolean isNewer = served.head().size() >= newest.head().size();
    TreeHead older = isNewer ? newest.head() : served.head();
    TreeHead newer = isNewer ? served.head() : newest.head();
    if (older.size() == newer.size()) {
      if (!older.root().equals(newer.root())) {
        throw caught("the host has signed two logs of the same size", served, List.of());
      }
      return;
    }
    List<Hash> given = proof != null ? proof : proofs.consistency(older.size(), newer.size());
    if (!Proofs.verifyConsistency(older, newer, given)) {
      throw caught(
          "the host has forked its log: its tree of "
              + newer.size()
              + " entries does not begin with the tree of "
              + older.size()
              + " entries that it signed before",
          served,
          given);
    }
    if (isNewer) {
      adopt(served);
    }
  }

  private void adopt(SignedCheckpoint served) {
    known.keep(host.log(), served);
    newest = served;
  }

  private CaughtHostException caught(String claim, SignedCheckpoint served, List<Hash> proof) {
    List<Object> hashes = new ArrayList<>();
    for (Hash hash : proof) {
      hashes.add(hash.base64());
    }
    var file =
        known.writeEvidence(
            host.log(), host.genesis().host(), claim, newest, served.note(), hashes);
    return new CaughtHostException(claim + ". Both signed checkpoints are in " + file);
  }
}
