/**
 * The files of a backend as a Merkle radix tree: one root hash commits to every path and content.
 *
 * <p>Each file and directory has an {@link dev.glasshouse.vm.archive.ArchiveKey}: the UTF-8 bytes
 * of its absolute path without the leading slash, and with a trailing slash for a directory. The
 * keys are kept in a radix tree whose nodes are blobs named by their SHA-256 ({@link
 * dev.glasshouse.vm.archive.ArchiveNode} gives the bytes). The tree is canonical: the same files
 * give the same root, in whatever order they were written. Each change costs as many hashes as its
 * key is deep.
 *
 * <p>{@link dev.glasshouse.vm.archive.ArchiveTree} is the immutable tree, {@link
 * dev.glasshouse.vm.archive.Archive} the view of it that a backend works on while one entry is
 * executed. Operations and error names follow Dat's {@code DatArchive} ({@code pauls-dat-api2} and
 * {@code beaker-error-constants}); where we differ, {@code Archive} says so.
 *
 * <p>Nothing here reads a clock, thread, socket, locale or file. Two kinds of failure: {@link
 * dev.glasshouse.vm.archive.FileException} is the backend's own and changes nothing; {@link
 * dev.glasshouse.vm.archive.MissingBlobException} and {@link
 * dev.glasshouse.calllog.MalformedException} mean that the store is at fault: stop and reload.
 */
package dev.glasshouse.vm.archive;
