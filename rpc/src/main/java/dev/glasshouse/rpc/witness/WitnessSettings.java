package dev.glasshouse.rpc.witness;

import dev.glasshouse.calllog.witness.Policy;

/**
 * How a host is witnessed.
 *
 * @param policy whose witnesses get its checkpoints, those that have an address
 * @param requireQuorum whether callers are answered only once the policy's quorum has cosigned
 * @param patience how long is waited for what
 */
public record WitnessSettings(Policy policy, boolean requireQuorum, Patience patience) {
  /** No witnesses. */
  public static final WitnessSettings NONE =
      new WitnessSettings(Policy.NONE, false, Patience.DEFAULT);

  /**
   * How long is waited, in milliseconds.
   *
   * @param start for what witnesses hold of the log, before a host goes on with it
   * @param quorum with an answer for its quorum
   * @param request for a witness's answer
   * @param round with a newer checkpoint for the witnesses that have not cosigned the one before
   * @param retry after a first failure of a witness; each further one doubles it
   * @param maxRetry at most after a failure
   * @param refresh until an unchanged checkpoint is cosigned again, to show that it is still the
   *     newest
   */
  public record Patience(
      long start, long quorum, long request, long round, long retry, long maxRetry, long refresh) {
    /** What a host does unless told otherwise. */
    public static final Patience DEFAULT =
        new Patience(5_000, 10_000, 60_000, 3_000, 1_000, 60_000, 60_000);
  }
}
