package dev.glasshouse.verifier;

import dev.glasshouse.calllog.witness.Policy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What an auditor demands of a log's witnesses.
 *
 * @param policy whom the auditor believes, and how many of them are a quorum
 * @param maxAge how old the newest cosignature may be; empty takes any
 * @param clock the auditor's own
 */
public record WitnessDemand(Policy policy, Optional<Duration> maxAge, InstantSource clock) {}
