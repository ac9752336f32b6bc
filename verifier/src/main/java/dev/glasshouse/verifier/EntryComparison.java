package dev.glasshouse.verifier;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.verifier.Divergence.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names the difference between an entry of the log and the one that replay derived. */
final class EntryComparison {
  private EntryComparison() {}

  static Divergence compare(
      long index,
      Entry logged,
      byte[] bytes,
      Entry derived,
      byte[] rightBytes,
      List<MethodCall> calls,
      BlobReader blobs) {
    if (logged instanceof CallEntry said && derived instanceof CallEntry right) {
      Divergence outcome = outcomes(index, said.outcomes(), right.outcomes(), calls);
      if (outcome != null) {
        return outcome;
      }
    }
    if (logged instanceof GenesisEntry said && derived instanceof GenesisEntry right) {
      if (!right.outcome().equals(said.outcome())) {
        Kind kind = differInFuelOnly(right.outcome(), said.outcome()) ? Kind.FUEL : Kind.SCRIPT;
        return new Divergence(kind, index, null, text(right.outcome()), text(said.outcome()));
      }
    }
    String method = calls.isEmpty() ? null : calls.get(0).method();
    if (!logged.writes().equals(derived.writes()) || !logged.root().equals(derived.root())) {
      FilesDifference files = FilesDifference.between(derived.root(), logged.root(), blobs);
      return new Divergence(
          Kind.FILES,
          index,
          method,
          "writes " + derived.writes() + ", archive root " + derived.root() + files.expected(),
          "writes " + logged.writes() + ", archive root " + logged.root() + files.actual());
    }
    return new Divergence(Kind.ENTRY, index, method, text(rightBytes), text(bytes));
  }

  private static Divergence outcomes(
      long index, List<Outcome> logged, List<Outcome> derived, List<MethodCall> calls) {
    if (logged.size() != derived.size()) {
      return new Divergence(
          Kind.OUTCOME,
          index,
          calls.get(0).method(),
          derived.size() + " outcomes",
          logged.size() + " outcomes");
    }
    for (int i = 0; i < logged.size(); i++) {
      Outcome right = derived.get(i);
      Outcome said = logged.get(i);
      if (!right.equals(said)) {
        Kind kind = differInFuelOnly(right, said) ? Kind.FUEL : Kind.OUTCOME;
        return new Divergence(kind, index, calls.get(i).method(), text(right), text(said));
      }
    }
    return null;
  }

  private static boolean differInFuelOnly(Outcome right, Outcome said) {
    return withoutFuel(right).equals(withoutFuel(said));
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
