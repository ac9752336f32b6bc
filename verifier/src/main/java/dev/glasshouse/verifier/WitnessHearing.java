package dev.glasshouse.verifier;

import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.SignedCheckpoint;
import java.util.List;
import java.util.Optional;

/**
 * What an audit hears of witnesses, if it demands any: what its source shows as cosigned, and what
 * each checkpoint that it meets is worth under the auditor's policy.
 */
final class WitnessHearing {
  private final LogReader reader;
  private final AuditSettings settings;
  private byte[] shown;
  private long asked;
  private Optional<SignedCheckpoint> heard = Optional.empty();
  private WitnessCheck check;

  WitnessHearing(LogReader reader, AuditSettings settings) {
    this.reader = reader;
    this.settings = settings;
  }

  /** Asks the source; before it is asked for its newest checkpoint, which may be younger. */
  void ask() {
    if (settings.witnesses().isEmpty()) {
      return;
    }
    asked = settings.witnesses().get().clock().instant().getEpochSecond();
    shown = WitnessCheck.ask(reader);
    if (shown == null && settings.checkpoint().isPresent()) {
      // An audit up to another checkpoint does not look at the newest, which may be the cosigned
      // one.
      shown = reader.checkpoint();
    }
  }

  /** What was shown, signed by the log's key, whatever the witnesses are worth. */
  Optional<SignedCheckpoint> hear(GenesisEntry genesis) {
    heard = WitnessCheck.signed(shown, genesis);
    return heard;
  }

  /**
   * Begins to judge, from the entries after those that an earlier audit verified.
   *
   * @param size how many these are
   * @param end what the clock showed after the last of them
   * @param kept what earlier audits have seen cosigned
   */
  void begin(GenesisEntry genesis, long size, long end, List<SignedCheckpoint> kept) {
    if (settings.witnesses().isPresent()) {
      check = new WitnessCheck(settings.witnesses().get(), genesis, size, end);
      kept.forEach(check::recall);
    }
  }

  /** Looks at a checkpoint that is served, and that the log goes on from as far as it is known. */
  void see(SignedCheckpoint served) {
    if (check != null) {
      check.see(served, asked);
    }
  }

  /** Looks at what was heard. */
  void seeHeard() {
    heard.ifPresent(this::see);
  }

  /** Notes the next entry, of which all else was found to hold. */
  void passed(CheckedEntry checked) {
    if (check != null) {
      check.passed(checked.entry());
    }
  }

  /** Why this is not enough to decide, or null. */
  String obstacle() {
    return check == null ? null : check.obstacle();
  }

  /** What there is to report, or null if nobody asked. */
  Witnessed result() {
    return check == null ? null : check.result();
  }
}
