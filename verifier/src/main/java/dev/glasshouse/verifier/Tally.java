package dev.glasshouse.verifier;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Input;
import dev.glasshouse.calllog.TimerEntry;

/** The counts while they grow. Confined to the audit's thread, but for blobs, which have a lock. */
final class Tally {
  long entries;
  long signatures;
  long calls;
  long timerTurns;
  long images;
  long blobs;
  long tiles;
  long files;
  long fileBytes;
  long oracleAnswers;
  long entropy;
  long timerInputs;
  long times;
  long aborts;
  long unsignedCalls;

  void entry(CheckedEntry checked) {
    Entry entry = checked.entry();
    entries++;
    times++;
    if (entry instanceof AbortEntry) {
      aborts++;
    }
    if (checked.isSignatureVerified()) {
      signatures++;
    }
    if (checked.signed() == null && checked.caller() != null) {
      unsignedCalls++;
    }
    entry.inputs().forEach(this::input);
  }

  /** What one guest has executed again; guests that run at once have one each. */
  static final class Replayed {
    private long signatures;
    private long calls;
    private long timerTurns;
    private long images;

    /** An entry whose signature was not verified before it was replayed. */
    void signature(CheckedEntry checked) {
      if (checked.isSignatureVerified()) {
        signatures++;
      }
    }

    void entry(CheckedEntry checked) {
      Entry entry = checked.entry();
      if (entry instanceof CallEntry) {
        calls += checked.calls().size();
      } else if (entry instanceof TimerEntry) {
        timerTurns++;
      } else if (entry instanceof ImageEntry) {
        images++;
      }
    }
  }

  void add(Replayed replayed) {
    signatures += replayed.signatures;
    calls += replayed.calls;
    timerTurns += replayed.timerTurns;
    images += replayed.images;
  }

  private void input(Input input) {
    switch (input.kind()) {
      case Input.ORACLE -> oracleAnswers++;
      case Input.TIMER -> timerInputs++;
      default -> entropy++;
    }
  }

  Counts counts() {
    return new Counts(
        entries,
        signatures,
        calls,
        timerTurns,
        images,
        blobs,
        tiles,
        files,
        fileBytes,
        oracleAnswers,
        entropy,
        timerInputs,
        times,
        aborts,
        unsignedCalls);
  }
}
