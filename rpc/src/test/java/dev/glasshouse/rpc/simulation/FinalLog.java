package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.AbortEntry;
import dev.glasshouse.calllog.CallEntry;
import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.Caller;
import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Merkle;
import dev.glasshouse.calllog.MethodCall;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Request;
import dev.glasshouse.calllog.RightEdge;
import dev.glasshouse.calllog.SignedCall;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.verifier.AuditSettings;
import dev.glasshouse.verifier.Expectations;
import dev.glasshouse.verifier.ProgressListener;
import dev.glasshouse.verifier.Report;
import dev.glasshouse.verifier.Verifier;
import dev.glasshouse.verifier.WitnessDemand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The log at the end of a run, against all that anybody was told of it. */
final class FinalLog {
  private final CallLog log;
  private final List<Hash> roots = new ArrayList<>();
  private final Map<String, Long> places = new HashMap<>();
  private final Map<String, Long> lastNumbers = new HashMap<>();
  private final Map<String, List<Unsigned>> unsigned = new HashMap<>();
  private final CountsModule module = new CountsModule();
  private final List<String> broken = new ArrayList<>();
  private int aborts;

  /**
   * A call that nobody signed.
   *
   * @param told what its caller is told
   */
  record Unsigned(long place, String user, String told) {}

  /** Reads a log; throws {@link BrokenPromise} if it is not in itself what it must be. */
  FinalLog(CallLog log) {
    this.log = log;
    RightEdge edge = new RightEdge();
    roots.add(edge.root());
    for (long index = 0; index < log.head().size(); index++) {
      edge.append(Merkle.leafHash(log.store().entry(index)));
      roots.add(edge.root());
      take(log.entry(index));
    }
  }

  /** How many turns the watchdog has ended. */
  int aborts() {
    return aborts;
  }

  private void take(Entry entry) {
    if (entry instanceof CallEntry call) {
      String request = call.request().read(log.store());
      List<MethodCall> calls = admit(call.seq(), call.caller(), request, call.outcomes());
      for (int i = 0; i < calls.size(); i++) {
        module.take(calls.get(i), call.outcomes().get(i), log.store());
      }
    } else if (entry instanceof AbortEntry abort) {
      aborts++;
      if (abort.ofTimer()) {
        module.takeAbortedTimer();
      } else {
        String request = abort.request().read(log.store());
        module.takeAborted(admit(abort.seq(), abort.caller(), request, List.of()));
      }
    }
  }

  // Each signed request once, those of a session in their order.
  private List<MethodCall> admit(
      long place, Caller caller, String request, List<Outcome> outcomes) {
    if (caller instanceof Caller.User user) {
      String told =
          outcomes.isEmpty() ? PlainAsked.ABORTED : CountsModule.told(outcomes.get(0), log.store());
      unsigned
          .computeIfAbsent(request, key -> new ArrayList<>())
          .add(new Unsigned(place, user.id(), told));
      return Request.parse(request);
    }
    SignedCall call = SignedCall.parse(request);
    String session = caller.id() + " " + call.session();
    Long before = lastNumbers.put(session, call.n());
    if (places.put(request, place) != null || (before != null && before >= call.n())) {
      throw new BrokenPromise("executed twice, or after number " + before + ": " + request);
    }
    return call.calls();
  }

  /** Compares what a client knows. */
  void require(SimulatedClient client) {
    for (Asked asked : client.asked()) {
      Long place = places.get(asked.request);
      boolean isTrue =
          asked.isRefused
              ? place == null
              : place != null
                  && place == asked.receipt.index()
                  && Arrays.equals(log.store().entry(place), asked.receipt.entry());
      requireTrue(
          isTrue,
          "request "
              + asked.request
              + (asked.isRefused ? " was refused for good" : " was acknowledged")
              + ", and its place in the log is "
              + place);
    }
    places.keySet().removeAll(client.asked().stream().map(asked -> asked.request).toList());
    client.seen().forEach(this::require);
  }

  /**
   * Compares what an unsigned caller knows.
   *
   * @param roomy whether the host had room for all that was asked
   */
  void require(PlainCaller caller, boolean roomy) {
    long last = -1;
    for (PlainFrame frame : caller.frames()) {
      List<Long> found = new ArrayList<>();
      for (PlainAsked asked : frame.calls) {
        String request = Request.format(List.of(asked.call()));
        List<Unsigned> executed = unsigned.getOrDefault(request, List.of());
        requireTrue(
            executed.stream().allMatch(each -> same(each.user(), caller.user())),
            caller.user() + " has called, and the log says " + executed);
        requireTrue(
            executed.size() <= frame.deliveries,
            request + " came " + frame.deliveries + " times, and the log has " + executed);
        requireTrue(
            !(frame.isCalm && frame.isExecuted() && roomy) || !executed.isEmpty(),
            "the host has heard " + request + ", and the log has it not");
        asked.answers().forEach(answer -> require(request, answer, executed));
        executed.forEach(each -> found.add(each.place()));
        unsigned.remove(request);
      }
      // The calls of a frame are in its order; what came once and was answered before more was sent
      // is before that.
      if (frame.deliveries == 1) {
        long before = last;
        for (long place : found) {
          requireTrue(place > before, "what " + caller.user() + " called is not in its order");
          before = place;
        }
        last = frame.wasAnswered ? before : last;
      }
    }
  }

  private static boolean same(String one, String other) {
    return one == null ? other == null : one.equals(other);
  }

  private void require(String request, PlainAsked.Heard answer, List<Unsigned> executed) {
    if (answer.told() == null) {
      return;
    }
    List<Unsigned> fitting =
        executed.stream().filter(each -> each.told().equals(answer.told())).toList();
    requireTrue(
        !fitting.isEmpty(),
        request + " was answered with " + answer.told() + ", and the log has " + executed);
    requireTrue(
        fitting.stream().anyMatch(each -> each.place() < answer.covered()),
        request + " was answered, and the quorum had cosigned " + answer.covered());
  }

  private void requireTrue(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  /** Compares the root of a tree that was signed. */
  void require(long size, Hash root) {
    requireTrue(
        size < roots.size() && roots.get((int) size).equals(root),
        "the tree of " + size + " entries that was signed is not in the log");
  }

  /** Looks for calls that none of the clients made. */
  void requireNoOthers() {
    requireTrue(
        places.isEmpty() && unsigned.isEmpty(),
        "nobody has called " + places.keySet() + unsigned.keySet());
  }

  /** Notes a promise that was broken before the end. */
  void isBroken(String how) {
    broken.add(how);
  }

  /** Throws {@link BrokenPromise} if anything that was compared is not so. */
  void requireAll() {
    if (!broken.isEmpty()) {
      throw new BrokenPromise(String.join("\n", broken));
    }
  }

  /**
   * Lets the verifier check all of it, by executing it again.
   *
   * @param witnesses whom it is to ask for, or null
   * @param now milliseconds since 1970
   */
  void verify(SimulatedWitnesses witnesses, long now) {
    Optional<WitnessDemand> demand =
        Optional.ofNullable(witnesses)
            .map(
                all ->
                    new WitnessDemand(
                        all.policy(), Optional.empty(), () -> Instant.ofEpochMilli(now)));
    SignedCheckpoint cosigned = witnesses == null ? null : witnesses.met();
    Report report =
        new Verifier(
                SimulatedEngine.INSTANCE, new AuditSettings(AuditSettings.FULL.level(), 1, demand))
            .verify(new StoredLogReader(log, cosigned), Expectations.NONE, ProgressListener.NONE)
            .report();
    if (report.verdict() != Report.Verdict.VERIFIED) {
      throw new BrokenPromise("the log does not verify: " + report);
    }
  }
}
