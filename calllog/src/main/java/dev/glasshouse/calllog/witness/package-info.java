/**
 * What witnesses sign and who is believed: C2SP tlog-cosignature (Ed25519 and ML-DSA-44),
 * tlog-policy, and the request of tlog-witness. No sockets and no files: a {@link
 * dev.glasshouse.calllog.witness.WitnessKey} verifies a {@link
 * dev.glasshouse.calllog.witness.Cosignature}, a {@link dev.glasshouse.calllog.witness.Policy} says
 * whether a note has a {@link dev.glasshouse.calllog.witness.Quorum} of them.
 */
package dev.glasshouse.calllog.witness;
