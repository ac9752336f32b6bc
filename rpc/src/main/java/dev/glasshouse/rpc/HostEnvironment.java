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
 */
public record HostEnvironment(
    SandboxEngine engine,
    Outside outside,
    Console console,
    LongSupplier clock,
    SecureRandom random) {}
