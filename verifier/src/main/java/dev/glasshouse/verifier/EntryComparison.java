package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.TimerEntry;
import dev.glasshouse.verifier.Divergence.Kind;
import dev.glasshouse.vm.Execution;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names the difference between an entry of the log and the one that replay derived. */
final class EntryComparison {
  private final CheckedEntry checked;
  private final Execution.Derived derived;
  private final BlobReader derivedBlobs;
  private final BlobReader blobs;

  private EntryComparison(
      CheckedEntry checked, Execution.Derived derived, BlobReader derivedBlobs, BlobReader blobs) {
    this.checked = checked;
    this.derived = derived;
    this.derivedBlobs = derivedBlobs;
    this.blobs = blobs;
  }

  /**
   * The first difference that matters; the entries differ.
   *
   * @param derived the entry as it must be
   * @param derivedBlobs where what the replay derived is found, too
   * @param blobs what the log names
   */
  static Divergence compare(
      CheckedEntry checked, Execution.Derived derived, BlobReader derivedBlobs, BlobReader blobs) {
    return new EntryComparison(checked, derived, derivedBlobs, blobs).compare();
  }

  private Divergence compare() {
    Entry said = checked.entry();
    Entry right = Entry.parse(derived.bytes(), derivedBlobs);
    Divergence ofKind = compareKind(said, right);
    if (ofKind != null) {
      DivergedCall call = ofKind.call();
      return call == null ? ofKind : ofKind.at(call.withWrites(right.writes()));
    }
    if (!said.writes().equals(right.writes()) || !said.root().equals(right.root())) {
      FilesDifference files = FilesDifference.between(right.root(), said.root(), derivedBlobs);
      return new Divergence(
          Kind.FILES,
          checked.index(),
          checked.method(),
          "writes " + right.writes() + ", archive root " + right.root() + files.expected(),
          "writes " + said.writes() + ", archive root " + said.root() + files.actual(),
          DivergedCall.only(checked).withWrites(right.writes()),
          files.files());
    }
    return found(Kind.ENTRY, checked.method(), text(derived.bytes()), text(checked.bytes()));
  }

  // What only entries of one kind say. Replay derives an entry of the kind that it was given.
  private Divergence compareKind(Entry said, Entry right) {
    if (said instanceof CallEntry call) {
      return outcomes(call.outcomes(), ((CallEntry) right).outcomes());
    }
    if (said instanceof TimerEntry timer) {
      return outcome(Kind.OUTCOME, null, 0, timer.outcome(), ((TimerEntry) right).outcome());
    }
    if (said instanceof GenesisEntry genesis) {
      return outcome(Kind.SCRIPT, null, 0, genesis.outcome(), ((GenesisEntry) right).outcome());
    }
    if (said instanceof ImageEntry image) {
      return image(image, (ImageEntry) right);
    }
    return null;
  }

  private Divergence outcomes(List<Outcome> said, List<Outcome> right) {
    if (said.size() != right.size()) {
      return found(
          Kind.OUTCOME, checked.method(), right.size() + " outcomes", said.size() + " outcomes");
    }
    for (int i = 0; i < said.size(); i++) {
      String method = checked.calls().get(i).method();
      Divergence found = outcome(Kind.OUTCOME, method, i, said.get(i), right.get(i));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Divergence outcome(Kind kind, String method, int at, Outcome said, Outcome right) {
    if (right.equals(said)) {
      return null;
    }
    boolean inFuelOnly = withoutFuel(right).equals(withoutFuel(said));
    DivergedCall call = DivergedCall.at(checked, at, derived.inputEnds()).withOutcomes(right, said);
    return found(inFuelOnly ? Kind.FUEL : kind, method, text(right), text(said)).at(call);
  }

  private Divergence image(ImageEntry said, ImageEntry right) {
    if (said.heap().equals(right.heap()) && said.due() == right.due()) {
      return null;
    }
    HeapDifference heap = HeapDifference.between(right, derivedBlobs, said, blobs);
    return found(Kind.HEAP, null, heap.expected(), heap.actual());
  }

  private Divergence found(Kind kind, String method, String expected, String actual) {
    return new Divergence(kind, checked.index(), method, expected, actual);
  }

  private static Object withoutFuel(Outcome outcome) {
    var map = outcome.toJson();
    map.remove("fuel");
    return map;
  }

  private static String text(Outcome outcome) {
    return text(CanonicalJson.format(outcome.toJson()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
