package dev.glasshouse.vm.sandbox;

/**
 * A guest at rest: its linear memory, and the few numbers that are not in it.
 *
 * @param memory whole 64 KiB pages of linear memory
 * @param pointers decimal numbers separated by spaces: dispatch function, scratch area, message
 *     tags, runtime, context, stack pointer; addresses in {@code memory}
 */
@SuppressWarnings("ArrayRecordComponent") // an image is compared by its hash, never by equals
public record HeapImage(byte[] memory, String pointers) {}
