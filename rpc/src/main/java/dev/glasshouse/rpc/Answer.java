package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a caller gets, once its entry is durable and signed for.
 *
 * @param calls how many calls the request had
 * @param outcomes one for each call of the request; none if the watchdog ended the request
 * @param blobs where long results are found
 * @param from size of a tree whose checkpoint this session has seen or was answered with, or 0
 * @param consistency proof from that tree to the receipt's
 */
record Answer(
    Receipt receipt,
    int calls,
    List<Outcome> outcomes,
    BlobReader blobs,
    long from,
    List<Hash> consistency) {
  /** What a caller is told whose request the watchdog ended. */
  static final String ABORTED =
      "the host's watchdog ended the request because it took too long; nothing was changed";

  /** Whether the watchdog ended the request. */
  boolean isAborted() {
    return outcomes.isEmpty();
  }

  /** The result of {@code rpc.call}: {@code {"consistency":…,"from":…,"receipt":…,"results":…}}. */
  String toJson() {
    List<Object> results = new ArrayList<>();
    if (isAborted()) {
      results.addAll(Collections.nCopies(calls, Map.of("abort", "watchdog")));
    }
    for (Outcome outcome : outcomes) {
      Map<String, Object> result = new TreeMap<>(outcome.toJson());
      if (outcome instanceof Outcome.Ok ok) {
        result.put("ok", ok.value().read(blobs));
      }
      results.add(result);
    }
    List<Object> proof = new ArrayList<>();
    for (Hash hash : consistency) {
      proof.add(hash.base64());
    }
    StringBuilder out = new StringBuilder();
    CanonicalJson.write(
        new TreeMap<>(
            Map.of(
                "consistency",
                proof,
                "from",
                from,
                "receipt",
                receipt.toJson(),
                "results",
                results)),
        out);
    return out.toString();
  }
}
