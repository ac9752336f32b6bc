package dev.glasshouse.rpc.client;

import dev.glasshouse.calllog.CheckedBlobs;
import dev.glasshouse.calllog.HashReader;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.Receipt;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.evidence.Accusation;
import dev.glasshouse.calllog.evidence.Evidence;
import dev.glasshouse.calllog.evidence.EvidenceJudge;
import java.util.Optional;
import java.util.function.LongFunction;

/** Shows that an entry breaks a rule by itself, if what its host publishes is enough for that. */
final class EntryEvidence {
  private EntryEvidence() {}

  /**
   * A file that proves it to anybody; empty if none does.
   *
   * @param receipt of the entry, verified
   * @param signed the receipt's checkpoint
   * @param tree its tree
   */
  static Optional<Evidence> of(
      HostDescription host,
      Receipt receipt,
      SignedCheckpoint signed,
      LogReader reader,
      HashReader tree) {
    if (receipt.index() == 0) {
      // It is the log, and has no other to contradict.
      return Optional.empty();
    }
    // What was proved, and not what the host gives now.
    LongFunction<byte[]> entries =
        index ->
            index == receipt.index()
                ? receipt.entry()
                : reader.entries(index, signed.head().size()).get(0);
    try {
      Evidence evidence =
          new Accusation(host.genesis())
              .entry(signed, tree, entries, new CheckedBlobs(reader), receipt.index());
      return Optional.of(evidence).filter(shown -> EvidenceJudge.judge(shown, host.log()).proved());
    } catch (RuntimeException e) {
      // The host withholds or spoils what is needed. What was found stays found.
      return Optional.empty();
    }
  }
}
