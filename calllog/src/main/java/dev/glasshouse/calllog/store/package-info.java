/**
 * The bytes under the call log: entries, hashes of complete subtrees, blobs and the index of
 * accepted calls and the pages of images, committed together or not at all, and the record of the
 * newest tree head.
 *
 * <p>The order of durability is: {@link dev.glasshouse.calllog.store.Store#commit} returns, then
 * {@link dev.glasshouse.calllog.store.TreeHeadRecord#write} returns, then the checkpoint is signed.
 * On start the order is the other way round: the size in the record is what {@link
 * dev.glasshouse.calllog.store.RocksStore#open(java.nio.file.Path, long)} must find at the least.
 *
 * <p>Who trusts what: nothing in here is believed because it was stored. Entries and tree hashes
 * are checked against the recorded root by the log, blobs against their hash by the store, and
 * everything again by each verifier. Checksums only tell damage apart from a lie.
 */
package dev.glasshouse.calllog.store;
