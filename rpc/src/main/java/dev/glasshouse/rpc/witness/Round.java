package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.Note;
import dev.glasshouse.calllog.NoteSignature;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.witness.Cosignature;
import dev.glasshouse.calllog.witness.WitnessKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A checkpoint that is being cosigned. Confined to one thread. */
final class Round {
  private final SignedCheckpoint target;
  private final LongSupplier nanoTime;
  private final long since;
  private final Map<WitnessKey, Cosignature> collected = new LinkedHashMap<>();
  private boolean isMet;

  Round(SignedCheckpoint target, LongSupplier nanoTime) {
    this.target = target;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  SignedCheckpoint target() {
    return target;
  }

  /** Takes a witness's cosignature, and gives the checkpoint with all that there are. */
  Note with(Cosignature cosignature) {
    collected.put(cosignature.witness(), cosignature);
    List<NoteSignature> lines = new ArrayList<>(target.note().signatures());
    collected.values().forEach(each -> lines.add(each.line()));
    return new Note(target.note().text(), lines);
  }

  /** Notes whether the quorum is met by now. */
  void met(boolean met) {
    isMet = met;
  }

  boolean isMet() {
    return isMet;
  }

  /** Whether it began at least so long ago. */
  boolean isOlderThan(long millis) {
    return nanoTime.getAsLong() - since >= TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
