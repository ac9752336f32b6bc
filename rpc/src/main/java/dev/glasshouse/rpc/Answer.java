package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.CanonicalJson;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.Outcome;
import dev.glasshouse.calllog.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a caller gets, once its entry is durable and signed for.
 *
 * @param outcomes one for each call of the request
 * @param blobs where long results are found
 * @param consistency proof from the tree that the caller had seen to the receipt's
 */
record Answer(Receipt receipt, List<Outcome> outcomes, BlobReader blobs, List<Hash> consistency) {

  /** The result of {@code rpc.call}: {@code {"consistency":…,"receipt":…,"results":…}}. */
  String toJson() {
    List<Object> results = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Map<String, Object> result = new TreeMap<>(outcome.toJson());
      if (outcome instanceof Outcome.Ok) {
        result.put("ok", ((Outcome.Ok) outcome).value().read(blobs));
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
            Map.of("consistency", proof, "receipt", receipt.toJson(), "results", results)),
        out);
    return out.toString();
  }
}
