package dev.glasshouse.cli;

import dev.glasshouse.vm.sandbox.Engines;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flag for the engine that runs the guest. */
final class EngineOption {
  @Option(
      names = "--engine",
      paramLabel = "v8|endive",
      description = "What runs scripts here (default: v8, or endive where v8 does not load).")
  private String name;

  /** The engine that was asked for, or else the preferred one, with a warning if it is slow. */
  SandboxEngine engine(CommandSpec spec) {
    if (name == null) {
      return Engines.preferred(
          warning -> spec.commandLine().getErr().println("Warning: " + warning));
    }
    try {
      return Engines.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--engine: " + e.getMessage(), e);
    }
  }
}
