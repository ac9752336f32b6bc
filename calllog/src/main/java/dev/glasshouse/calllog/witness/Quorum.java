package dev.glasshouse.calllog.witness;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a {@link Policy} finds under a note.
 *
 * @param isMet whether the policy's quorum has cosigned; true if it wants none
 * @param cosigned the policy's witnesses that cosigned, in the policy's order
 */
public record Quorum(boolean isMet, List<Cosigned> cosigned) {
  /**
   * A witness that cosigned.
   *
   * @param time POSIX seconds by its clock; the newest if it cosigned more than once
   * @param counts whether the quorum asks for it, directly or in a group
   */
  public record Cosigned(Policy.Witness witness, long time, boolean counts) {}

  public Quorum {
    cosigned = List.copyOf(cosigned);
  }

  /** The oldest time among the witnesses that count; empty if none of them cosigned. */
  public OptionalLong oldest() {
    return cosigned.stream().filter(Cosigned::counts).mapToLong(Cosigned::time).min();
  }

  /** The newest time among the witnesses that count; empty if none of them cosigned. */
  public OptionalLong newest() {
    return cosigned.stream().filter(Cosigned::counts).mapToLong(Cosigned::time).max();
  }
}
