package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Proofs;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.TreeHead;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.calllog.evidence.Evidence;
import java.util.List;
import java.util.Optional;

/**
 * The newest checkpoint that this client has verified of one log, and the demand that every other
 * one is consistent with it. Contradictions are written down before they are reported.
 */
final class LogWatch implements AutoCloseable {
  private static final long KEEP_NANOS = 100_000_000;

  /** What the host is asked for. */
  interface Source {
    /** The host's own consistency proof. */
    List<Hash> consistency(long older, long newer);

    /** A signed tree as the host publishes it. */
    HashReader tree(long size);
  }

  private final KnownLogs known;
  private final HostDescription host;
  private final Source source;

  // Written under this object's lock, which is held while the host is asked for a proof: who sends
  // the next call must not wait for it.
  private volatile SignedCheckpoint newest;

  private SignedCheckpoint kept;
  private long keptAt;

  /**
   * A watch over one log.
   *
   * @param host a description of the log that the user means: who opens it has compared the id
   */
  LogWatch(KnownLogs known, HostDescription host, Source source) {
    this.known = known;
    this.host = host;
    this.source = source;
    this.kept = onDisk().orElse(null);
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
      throw known.caught(
          "the host has rolled back its log: it has signed "
              + newest.head().size()
              + " entries and now serves "
              + served.head().size(),
          new Accusation(genesis()).rollback(served, newest));
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
    if (isNewer) {
      requireConsistent(newest, served, proof);
    } else {
      requireConsistent(served, newest, proof);
    }
    if (served.head().size() > newest.head().size()) {
      adopt(served);
    }
  }

  private void requireConsistent(SignedCheckpoint older, SignedCheckpoint newer, List<Hash> given) {
    TreeHead before = older.head();
    TreeHead after = newer.head();
    if (before.size() == after.size()) {
      if (!before.root().equals(after.root())) {
        throw known.caught(
            "the host has signed two logs of the same size", accusation(older, newer, List.of()));
      }
      return;
    }
    if (given != null && Proofs.verifyConsistency(before, after, given)) {
      return;
    }
    List<Hash> asked = ask(before.size(), after.size());
    if (Proofs.verifyConsistency(before, after, asked)) {
      return;
    }
    Evidence evidence = accusation(older, newer, asked);
    if (evidence.prefix() == null) {
      throw known.caught(
          "the host does not show that its tree of "
              + after.size()
              + " entries begins with the tree of "
              + before.size()
              + " entries that it signed, too",
          evidence);
    }
    // Its tiles may show what its proof does not.
    if (!evidence.prefix().root().equals(before.root())) {
      throw known.caught(
          "the host has forked its log: its tree of "
              + after.size()
              + " entries does not begin with the tree of "
              + before.size()
              + " entries that it signed before",
          evidence);
    }
  }

  // A host that refuses a proof must not get away with it: what it publishes is asked next.
  private List<Hash> ask(long older, long newer) {
    try {
      return source.consistency(older, newer);
    } catch (RefusedException | MalformedException e) {
      return List.of();
    }
  }

  private Evidence accusation(SignedCheckpoint older, SignedCheckpoint newer, List<Hash> given) {
    HashReader tree = source.tree(newer.head().size());
    return new Accusation(genesis()).fork(older, newer, given, tree);
  }

  private GenesisEntry genesis() {
    return host.genesis();
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

  // Another program of this user may have kept another one meanwhile. The host must not show two
  // histories to two programs, either.
  private void keep(long now) {
    SignedCheckpoint mine = newest;
    SignedCheckpoint other = onDisk().filter(found -> !found.equals(kept)).orElse(mine);
    if (other.head().size() > mine.head().size()) {
      requireConsistent(mine, other, null);
      newest = other;
    } else {
      requireConsistent(other, mine, null);
      known.keep(host.log(), mine);
    }
    kept = newest;
    keptAt = now;
  }

  private Optional<SignedCheckpoint> onDisk() {
    return known.checkpoint(host.log(), genesis().origin(), genesis().host());
  }

  /** Keeps the newest checkpoint. */
  @Override
  public synchronized void close() {
    if (newest == null || newest.equals(kept)) {
      return;
    }
    try {
      keep(System.nanoTime());
    } catch (CaughtHostException e) {
      throw e;
    } catch (ClientException | UnreachableException e) {
      // The host can no longer be asked how this one and that of another program go together.
    }
  }
}
