package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.verifier.AuditSettings;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.ProgressListener;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Verifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The log at the end of a run, against all that anybody was told of it. */
final class FinalLog {
  private final CallLog log;
  private final List<Hash> roots = new ArrayList<>();
  private final Map<String, Long> places = new HashMap<>();
  private final Map<String, Long> lastNumbers = new HashMap<>();
  private final Map<String, Long> counters = new HashMap<>();

  /** Reads a log; throws {@link BrokenPromise} if it is not in itself what it must be. */
  FinalLog(CallLog log) {
    this.log = log;
    RightEdge edge = new RightEdge();
    roots.add(edge.root());
    for (long index = 0; index < log.head().size(); index++) {
      edge.append(Merkle.leafHash(log.store().entry(index)));
      roots.add(edge.root());
      if (log.entry(index) instanceof CallEntry call) {
        take(call);
      }
    }
  }

  // Each request once, those of a session in their order, and each result what the ones before it
  // in the log make it.
  private void take(CallEntry entry) {
    String request = entry.request().read(log.store());
    SignedCall call = SignedCall.parse(request);
    String session = ((Caller.Key) entry.caller()).id() + " " + call.session();
    Long before = lastNumbers.put(session, call.n());
    if (places.put(request, entry.seq()) != null || (before != null && before >= call.n())) {
      throw new BrokenPromise("executed twice, or after number " + before + ": " + request);
    }
    for (int i = 0; i < call.calls().size(); i++) {
      MethodCall made = call.calls().get(i);
      String[] words = made.params().replaceAll("[\\[\\]\"]", "").split(",", -1);
      long by = words.length > 1 ? Long.parseLong(words[1]) : 1;
      if (made.method().equals("add") || made.method().equals("keep")) {
        long count = counters.merge(made.method() + " " + words[0], by, Long::sum);
        Outcome outcome = entry.outcomes().get(i);
        if (!(outcome instanceof Outcome.Ok ok)
            || !ok.value().read(log.store()).equals(String.valueOf(count))) {
          throw new BrokenPromise(made + " should come to " + count + ", not " + outcome);
        }
      }
    }
  }

  /** Compares what a client knows: throws {@link BrokenPromise}. */
  void require(SimulatedClient client) {
    for (Asked asked : client.asked()) {
      Long place = places.get(asked.request);
      boolean isTrue =
          asked.isRefused
              ? place == null
              : place != null
                  && place == asked.receipt.index()
                  && Arrays.equals(log.store().entry(place), asked.receipt.entry());
      if (!isTrue) {
        throw new BrokenPromise(
            "request "
                + asked.request
                + (asked.isRefused ? " was refused for good" : " was acknowledged")
                + ", and its place in the log is "
                + place);
      }
    }
    places.keySet().removeAll(client.asked().stream().map(asked -> asked.request).toList());
    client.seen().forEach(this::require);
  }

  /** Compares the root of a tree that was signed: throws {@link BrokenPromise}. */
  void require(long size, Hash root) {
    if (size >= roots.size() || !roots.get((int) size).equals(root)) {
      throw new BrokenPromise("the tree of " + size + " entries that was signed is not in the log");
    }
  }

  /** Throws {@link BrokenPromise} if it has calls that none of the clients made. */
  void requireNoOthers() {
    if (!places.isEmpty()) {
      throw new BrokenPromise("nobody has called " + places.keySet());
    }
  }

  /** Lets the verifier check all of it, by executing it again. */
  void verify() {
    Verifier verifier = new Verifier(SimulatedEngine.INSTANCE, AuditSettings.FULL);
    Report report =
        verifier
            .verify(new StoredLogReader(log), Expectations.NONE, ProgressListener.NONE)
            .report();
    if (report.verdict() != Report.Verdict.VERIFIED) {
      throw new BrokenPromise("the log does not verify: " + report);
    }
  }
}
