package dev.glasshouse.verifier;

import dev.glasshouse.calllog.Input;

/** The counts while they grow. */
final class Tally {
  long entries;
  long signatures;
  long calls;
  long blobs;
  long tiles;
  long files;
  long fileBytes;
  long oracleAnswers;
  long entropy;
  long times;
  long unsignedCalls;

  void input(Input input) {
    if (input.kind().equals(Input.ORACLE)) {
      oracleAnswers++;
    } else {
      entropy++;
    }
  }

  Counts counts() {
    return new Counts(
        entries,
        signatures,
        calls,
        blobs,
        tiles,
        files,
        fileBytes,
        oracleAnswers,
        entropy,
        times,
        unsignedCalls);
  }
}
