/**
 * Witnesses, C2SP tlog-witness, from both sides: a {@link dev.glasshouse.rpc.witness.Witness} and
 * the server that it answers through, and the {@link dev.glasshouse.rpc.witness.Cosigning} of a
 * host, which submits its checkpoints and collects what witnesses say.
 */
package dev.glasshouse.rpc.witness;
