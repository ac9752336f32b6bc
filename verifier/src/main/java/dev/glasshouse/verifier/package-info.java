/**
 * The audit: reads a published log from anywhere, checks every hash and signature, executes every
 * call again, and says where the log first departs from what it must be. Derive it again and
 * compare bytes.
 *
 * <p>A finding is a value, {@link dev.glasshouse.verifier.Divergence}; a failure to check is never
 * one.
 */
package dev.glasshouse.verifier;
