package dev.glasshouse.vm.archive;

/** One file or directory of an archive. */
public record ArchiveEntry(ArchiveKey key, ArchiveValue value) {}
