package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.calllog.witness.Quorum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the witnesses of the auditor's policy say of one log: gathers their cosignatures, says
 * whether that is enough, and holds entry times against theirs.
 */
final class WitnessCheck {
  /** How many checkpoints are kept for later audits. */
  static final int MAX_KEPT = 64;

  private final WitnessDemand demand;
  private final GenesisEntry genesis;
  private final TimeBrackets brackets;
  private final List<CosignedCheckpoint> met = new ArrayList<>();
  private CosignedCheckpoint best;
  private long age = -1;
  private String rejected;

  /**
   * Knows nothing yet of the log, but what an earlier audit has verified.
   *
   * @param size entries that it has verified
   * @param end what the clock showed after the last of them
   */
  WitnessCheck(WitnessDemand demand, GenesisEntry genesis, long size, long end) {
    this.demand = demand;
    this.genesis = genesis;
    this.brackets = new TimeBrackets(genesis.limits().watchdog(), size, end);
  }

  /**
   * Asks a source for what its host's witnesses have cosigned. Not after it is asked for its newest
   * checkpoint, which may be younger but not older.
   *
   * @return null if it has nothing
   */
  static byte[] ask(LogReader reader) {
    try {
      return reader.cosigned();
    } catch (UnreachableException | MalformedException e) {
      // That there are no cosignatures says enough.
      return null;
    }
  }

  /** The checkpoint that a source shows as cosigned, if the log's key has signed one. */
  static Optional<SignedCheckpoint> signed(byte[] shown, GenesisEntry genesis) {
    if (shown == null) {
      return Optional.empty();
    }
    try {
      Note note = Note.parse(shown, Note.MAX_BYTES);
      return Optional.of(SignedCheckpoint.verify(note, genesis.origin(), genesis.host()))
          .filter(checkpoint -> checkpoint.head().size() > 0);
    } catch (MalformedException | UnverifiedException e) {
      // Many web servers have a page for what they do not have.
      return Optional.empty();
    }
  }

  /**
   * Looks at a checkpoint that is served. If the log is that long already, it begins with its tree.
   *
   * @param asked when it was asked for, in seconds
   */
  void see(SignedCheckpoint checkpoint, long asked) {
    try {
      CosignedCheckpoint seen = CosignedCheckpoint.of(demand.policy(), checkpoint, genesis.host());
      if (best == null || seen.isBetterThan(best)) {
        best = seen;
      }
      if (best.equals(seen)) {
        seen.quorum().newest().ifPresent(newest -> age = Math.max(0, asked - newest));
      }
      remember(seen);
    } catch (UnverifiedException e) {
      rejected = e.getMessage();
    }
  }

  /** Looks at a checkpoint that an earlier audit kept. */
  void recall(SignedCheckpoint kept) {
    try {
      remember(CosignedCheckpoint.of(demand.policy(), kept, genesis.host()));
    } catch (UnverifiedException e) {
      // Of no use under this policy.
    }
  }

  private void remember(CosignedCheckpoint seen) {
    Quorum quorum = seen.quorum();
    if (!quorum.isMet() || quorum.newest().isEmpty() || met.contains(seen)) {
      return;
    }
    met.add(seen);
    met.sort((a, b) -> Long.compare(newest(a), newest(b)));
    if (met.size() > MAX_KEPT) {
      met.remove(leastTelling());
    }
    brackets.cosigned(
        seen.checkpoint().head().size(), quorum.oldest().getAsLong(), quorum.newest().getAsLong());
  }

  // Between the first and the last, that whose neighbours are closest.
  private int leastTelling() {
    int least = 1;
    for (int i = 2; i < met.size() - 1; i++) {
      if (gap(i) < gap(least)) {
        least = i;
      }
    }
    return least;
  }

  private long gap(int at) {
    return newest(met.get(at + 1)) - newest(met.get(at - 1));
  }

  private static long newest(CosignedCheckpoint cosigned) {
    return cosigned.quorum().newest().orElse(0);
  }

  /** Notes the next entry, of which all else was found to hold. */
  void passed(Entry entry) {
    brackets.passed(entry);
  }

  /** What there is to report. */
  Witnessed result() {
    return new Witnessed(
        best,
        age < 0 ? OptionalLong.empty() : OptionalLong.of(age),
        obstacle(),
        brackets.between(),
        brackets.widest(),
        met.stream().map(CosignedCheckpoint::checkpoint).toList());
  }

  /** Why this is not enough to decide, or null. */
  String obstacle() {
    Policy policy = demand.policy();
    if (!policy.allows(genesis.origin(), genesis.host())) {
      return "the policy names the logs that it is for, and not " + genesis.origin();
    }
    if (best == null || !best.quorum().isMet()) {
      long found =
          best == null
              ? 0
              : best.quorum().cosigned().stream().filter(each -> each.counts()).count();
      return "the quorum of witnesses is not met: "
          + found
          + (found == 1 ? " that counts has" : " that count have")
          + " cosigned"
          + (rejected == null ? "" : "; a checkpoint is void, because " + rejected);
    }
    if (demand.maxAge().isEmpty()) {
      return null;
    }
    Duration limit = demand.maxAge().get();
    if (best.quorum().newest().isEmpty()) {
      return "the policy wants no cosignatures, so that nothing shows how old the checkpoint is";
    }
    return age <= limit.toSeconds()
        ? null
        : "stale (freeze): the newest cosignature is of "
            + Instant.ofEpochSecond(Math.min(newest(best), Instant.MAX.getEpochSecond()))
            + ", longer ago than "
            + limit.toSeconds()
            + " s";
  }
}
