package dev.glasshouse.rpc.mirror;

import dev.glasshouse.calllog.evidence.Evidence;

/** A log's key has signed two trees of which neither begins with the other. */
public final class ForkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Evidence evidence;

  ForkException(String message, Evidence evidence) {
    super(message);
    this.evidence = evidence;
  }

  /** Both checkpoints and how they contradict each other, for anybody to judge. */
  public Evidence evidence() {
    return evidence;
  }
}
