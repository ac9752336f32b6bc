package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;
import java.util.Map;

/**
 * What one entry did to the archive.
 *
 * @param root the archive's root afterwards
 * @param writes the hash over the net changes ({@link FileWrite#hash})
 * @param blobs what the store needs beyond what it had: new nodes and new contents, by SHA-256
 */
public record ArchiveChange(Hash root, Hash writes, Map<Hash, byte[]> blobs) {}
