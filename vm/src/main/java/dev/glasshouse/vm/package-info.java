/**
 * Executes a log's entries: {@link dev.glasshouse.vm.Executor} delivers requests to the sandboxed
 * guest and turns what comes back into outcomes, inputs and file changes; {@link
 * dev.glasshouse.vm.Replay} does it again from a log. Knows no clock, thread, socket, locale or
 * random source: the outside comes in through {@link dev.glasshouse.vm.Outside}, and only on the
 * host.
 */
package dev.glasshouse.vm;
