package dev.glasshouse.rpc;

import dev.glasshouse.vm.Console;
import dev.glasshouse.vm.Outside;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * What a host has that a verifier has not.
 *
 * @param clock milliseconds since 1970, the times that entries claim
 * @param random where a new log's nonce comes from
 * @param meters where what is hosted reports how it is doing
 */
public record HostEnvironment(
    SandboxEngine engine,
    Outside outside,
    Console console,
    LongSupplier clock,
    SecureRandom random,
    Meters meters) {

  /** With meters of its own. */
  public HostEnvironment(
      SandboxEngine engine,
      Outside outside,
      Console console,
      LongSupplier clock,
      SecureRandom random) {
    this(engine, outside, console, clock, random, new Meters());
  }
}
