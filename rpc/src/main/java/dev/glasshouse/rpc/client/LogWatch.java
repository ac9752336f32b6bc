package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest checkpoint that this client has verified of one log, and the demand that every other
 * one is consistent with it. Contradictions are written down before they are reported.
 */
final class LogWatch implements AutoCloseable {
  private static final long KEEP_NANOS = 100_000_000;

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

  private SignedCheckpoint kept;
  private long keptAt;

  LogWatch(KnownLogs known, HostDescription host, ProofSource proofs) {
    this.known = known;
    this.host = host;
    this.proofs = proofs;
    this.kept =
        known.checkpoint(host.log(), host.genesis().origin(), host.genesis().host()).orElse(null);
    this.newest = kept;
  }

  /** What a call says its caller has seen. */
  TreeHead seen() {
    SignedCheckpoint verified = newest;
    return verified == null ? TreeHead.EMPTY : verified.head();
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

  // A busy client sees hundreds of checkpoints a second; keeping each would take longer than the
  // calls. What is lost by a crash is at most the last moments of what could be held against a
  // host.
  private void adopt(SignedCheckpoint served) {
    newest = served;
    long now = System.nanoTime();
    if (kept == null || now - keptAt >= KEEP_NANOS) {
      keep(now);
    }
  }

  private void keep(long now) {
    known.keep(host.log(), newest);
    kept = newest;
    keptAt = now;
  }

  /** Keeps the newest checkpoint. */
  @Override
  public synchronized void close() {
    if (newest != null && !newest.equals(kept)) {
      keep(System.nanoTime());
    }
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
