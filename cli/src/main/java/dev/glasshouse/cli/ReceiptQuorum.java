package dev.glasshouse.cli;

import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.NoteKey;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.calllog.UnverifiedException;
import dev.glasshouse.calllog.witness.CosignedCheckpoint;
import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.client.RemoteLog;
import java.util.ArrayList;
import java.util.List;

/** The quorum of a policy, which must have cosigned the tree that a receipt is of. */
record ReceiptQuorum(Policy policy) {
  private static final int UNDECIDED = 3;

  /**
   * The cosignatures under the checkpoint of a receipt.
   *
   * @param log whose checkpoint it is
   * @throws UnverifiedException if one that has the name of a witness does not hold
   * @throws CommandException if the quorum is not met; that says nothing against anybody
   */
  CosignedCheckpoint require(SignedCheckpoint checkpoint, NoteKey log) {
    requireNamed(log);
    CosignedCheckpoint cosigned = CosignedCheckpoint.of(policy, checkpoint, log.key());
    requireMet(cosigned);
    return cosigned;
  }

  /**
   * The checkpoint to save a receipt under: of what a host shows, that of the largest tree that the
   * quorum has cosigned.
   *
   * @param shown what it showed as cosigned, before its newest checkpoint was asked for; or null
   * @param index the entry that must be in the tree
   * @throws UnverifiedException if no cosigned checkpoint is to be had that holds
   * @throws dev.glasshouse.rpc.client.CaughtHostException if it contradicts the newest one
   * @throws CommandException if the quorum is not met, or not yet for this entry
   */
  SignedCheckpoint choose(RemoteLog remote, byte[] shown, long index) {
    NoteKey log = new NoteKey(remote.host().genesis().origin(), remote.host().genesis().host());
    requireNamed(log);
    List<SignedCheckpoint> served = new ArrayList<>(List.of(remote.host().checkpoint()));
    try {
      if (shown != null) {
        served.add(remote.compared(shown));
      }
    } catch (MalformedException | UnverifiedException e) {
      // Many web servers have a page for what they do not have: it shows none, then.
    }
    CosignedCheckpoint best = CosignedCheckpoint.best(policy, served, log.key());
    requireMet(best);
    long size = best.checkpoint().head().size();
    if (index >= size) {
      throw new CommandException(
          UNDECIDED,
          "the quorum of witnesses has cosigned "
              + size
              + " entries, and not yet entry "
              + index
              + ": ask again in a moment");
    }
    return best.checkpoint();
  }

  /** What is to be asked before a host's newest checkpoint; null if it shows nothing. */
  static byte[] ask(LogReader reader) {
    try {
      return reader.cosigned();
    } catch (UnreachableException | MalformedException e) {
      return null;
    }
  }

  private void requireNamed(NoteKey log) {
    if (!policy.allows(log.name(), log.key())) {
      throw new CommandException(
          UNDECIDED,
          Terminal.printable("the policy names the logs that it is for, and not " + log.name()));
    }
  }

  private static void requireMet(CosignedCheckpoint cosigned) {
    if (!cosigned.quorum().isMet()) {
      throw new CommandException(
          UNDECIDED,
          Terminal.printable(
              "the quorum of witnesses is not met for the tree of "
                  + cosigned.checkpoint().head().size()
                  + " entries: "
                  + WitnessText.who(cosigned.quorum())));
    }
  }
}
