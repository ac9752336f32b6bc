package dev.glasshouse.vm.sandbox;

import java.nio.charset.StandardCharsets;

/**
 * What a host function answers: nothing, text, bytes, an error for the guest to throw, or "run it".
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
