package dev.glasshouse.calllog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appends entries to logs: the same ones each time, or others under another salt. */
final class LogWriter {
  private final String salt;

  LogWriter(String salt) {
    this.salt = salt;
  }

  /** Appends genesis. */
  SignedCheckpoint begin(CallLog log) {
    Map<Hash, byte[]> blobs = new LinkedHashMap<>();
    byte[] bytes = SampleLog.genesis("Log", false, blobs).format(blobs);
    return log.append(List.of(new CallLog.Pending(bytes, blobs, null, null)));
  }

  /** Appends a batch of calls. */
  SignedCheckpoint append(CallLog log, int count) {
    return log.append(batch(log, count));
  }

  List<CallLog.Pending> batch(CallLog log, int count) {
    List<CallLog.Pending> batch = new ArrayList<>();
    Hash prev = log.lastLeaf();
    PublicKey key = SampleLog.ALICE.publicKey();
    long number = log.lastNumber(key, SampleLog.ALICE_SESSION);
    for (int i = 0; i < count; i++) {
      SignedCall call =
          new SignedCall(
              log.id(),
              SampleLog.ALICE_SESSION,
              ++number,
              log.head(),
              List.of(new MethodCall("m", "[\"" + salt + "\"]")));
      String request = call.format();
      Map<Hash, byte[]> blobs = new LinkedHashMap<>();
      CallEntry entry =
          new CallEntry(
              log.head().size() + i,
              prev,
              SampleLog.TIME + number,
              new Caller.Key(key, SampleLog.ALICE.sign(SignedCall.message(request))),
              Text.of(request, blobs),
              List.of(),
              List.of(new Outcome.Ok(Text.of("\"" + salt.repeat(600) + "\"", blobs), 0)),
              SampleLog.NO_WRITES,
              SampleLog.EMPTY_ARCHIVE);
      byte[] bytes = entry.format(blobs);
      prev = Merkle.leafHash(bytes);
      batch.add(new CallLog.Pending(bytes, blobs, call, key));
    }
    return batch;
  }
}
