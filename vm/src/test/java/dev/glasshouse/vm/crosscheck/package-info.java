/**
 * The same work on several engines, compared call by call: replies, fuel and heap.
 *
 * <p>{@link dev.glasshouse.vm.crosscheck.Program} makes programs from seeds; {@link
 * dev.glasshouse.vm.crosscheck.CrossCheck} runs them on one engine of one JVM and prints what can
 * be seen; {@code bench/crosscheck.sh} compares JVMs of different settings.
 */
package dev.glasshouse.vm.crosscheck;
