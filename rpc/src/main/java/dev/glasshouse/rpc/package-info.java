/**
 * The service around one module: frames and sessions, the sequencer that is the script-wide lock,
 * and the HTTP publication of the log. {@link dev.glasshouse.rpc.client} is the other end of the
 * wire.
 *
 * <p>A call: bytes, {@link dev.glasshouse.rpc.JsonRpc#parse}, {@link dev.glasshouse.rpc.Submission}
 * verified on any core, {@link dev.glasshouse.rpc.Sequencer} (admit, execute, append), {@link
 * dev.glasshouse.rpc.Answer}, bytes.
 */
package dev.glasshouse.rpc;
