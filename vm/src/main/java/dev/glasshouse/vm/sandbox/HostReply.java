package dev.glasshouse.vm.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a host function answers: nothing, text, bytes, an error for the guest to throw, a script for
 * it to evaluate, or "run it".
 */
public final class HostReply {
  /** {@code undefined}. */
  public static final HostReply NONE = new HostReply(0, new byte[0]);

  private static final HostReply RUN_FORK = new HostReply(4, new byte[0]);

  private final int kind;
  private final byte[] content;

  private HostReply(int kind, byte[] content) {
    this.kind = kind;
    this.content = content;
  }

  /** A string. */
  public static HostReply text(String text) {
    return new HostReply(1, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A Uint8Array. */
  public static HostReply bytes(byte[] bytes) {
    return new HostReply(2, bytes);
  }

  /** An error that the guest throws. */
  public static HostReply error(String name, String message) {
    return new HostReply(3, (name + "\n" + message).getBytes(StandardCharsets.UTF_8));
  }

  /** A script: its value is the answer. */
  public static HostReply script(String name, String source) {
    byte[] named = name.getBytes(StandardCharsets.UTF_8);
    byte[] text = source.getBytes(StandardCharsets.UTF_8);
    byte[] content =
        ByteBuffer.allocate(4 + named.length + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(named.length)
            .put(named)
            .put(text)
            .array();
    return new HostReply(5, content);
  }

  /** Only for {@link HostOp#ORACLE}: run the function in a fork and ask again with its answer. */
  public static HostReply runFork() {
    return RUN_FORK;
  }

  boolean isRunFork() {
    return this == RUN_FORK;
  }

  /** Bytes of the content. */
  public int length() {
    return content.length;
  }

  int kind() {
    return kind;
  }

  byte[] content() {
    return content;
  }
}
