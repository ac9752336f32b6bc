package dev.glasshouse.cli;

import dev.glasshouse.calllog.witness.Policy;
import dev.glasshouse.rpc.witness.WitnessSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags for who cosigns what a host signs. */
final class WitnessOptions {
  @Option(
      names = "--policy",
      paramLabel = "FILE",
      converter = PolicyConverter.class,
      description =
          "A policy file whose witnesses are asked to cosign every checkpoint, those that have a"
              + " URL.")
  private Policy policy;

  @Option(
      names = "--require-quorum",
      description = "Answer callers only once the policy's quorum has cosigned their entry.")
  private boolean requireQuorum;

  /** The policy, or null. */
  Policy policy() {
    return policy;
  }

  /**
   * What was asked for.
   *
   * @throws ParameterException if it cannot be
   */
  WitnessSettings settings(CommandSpec spec) {
    if (policy == null) {
      if (requireQuorum) {
        throw new ParameterException(
            spec.commandLine(), "--require-quorum needs a --policy that says which quorum");
      }
      return WitnessSettings.NONE;
    }
    if (requireQuorum && !(policy.wantsCosignatures() && policy.isReachable())) {
      throw new ParameterException(
          spec.commandLine(),
          "--require-quorum: the policy's quorum is none, or cannot be met by the witnesses that"
              + " have a URL in it");
    }
    requireAddresses(spec);
    return new WitnessSettings(policy, requireQuorum, WitnessSettings.Patience.DEFAULT);
  }

  private void requireAddresses(CommandSpec spec) {
    for (Policy.Witness witness : policy.witnesses()) {
      if (witness.url().isPresent()
          && !witness.url().get().matches("https?://[^\\s/?#]+[^\\s?#]*")) {
        throw new ParameterException(
            spec.commandLine(),
            "--policy: the address of the witness " + witness.name() + " is no http or https URL");
      }
    }
  }
}
