package dev.glasshouse.vm.archive;

/**
 * What a backend may write. A limit counts what is asked for, not what is left in the end, so that
 * it also bounds the work; a rollback gives back what it undoes.
 *
 * @param fileBytes bytes of one file's content
 * @param entryBytes bytes of content passed to {@code writeFile} in one entry
 * @param entryChanges keys set or removed in one entry, created parents included
 */
public record ArchiveLimits(int fileBytes, long entryBytes, int entryChanges) {
  /** 16 MiB a file, 64 MiB and 100,000 changes an entry. */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(16 << 20, 64L << 20, 100_000);

  public ArchiveLimits {
    if (fileBytes < 0 || entryBytes < 0 || entryChanges < 0) {
      throw new IllegalArgumentException("a limit is not negative");
    }
  }
}
