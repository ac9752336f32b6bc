package dev.glasshouse.rpc.witness;

import java.nio.charset.StandardCharsets;

/** An answer of a witness, before it is HTTP. */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record WitnessReply(int status, String type, byte[] body) {
  static final String TEXT = "text/plain; charset=utf-8";

  /** The type of the body that tells the size which a witness has cosigned. */
  static final String SIZE = "text/x.tlog.size";

  static WitnessReply ok(byte[] body) {
    return new WitnessReply(200, TEXT, body);
  }

  static WitnessReply failed(int status, String sentence) {
    return new WitnessReply(status, TEXT, utf8(sentence + "\n"));
  }

  /** The submission starts from another size than {@code size}, which was cosigned. */
  static WitnessReply conflict(long size) {
    return new WitnessReply(409, SIZE, utf8(size + "\n"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
