package dev.glasshouse.verifier;

import java.util.Optional;

/**
 * What an audit came to, and what its auditor may remember.
 *
 * @param verified empty unless callers' signatures, at least, were verified up to the checkpoint
 */
public record Audited(Report report, Optional<Verified> verified) {}
