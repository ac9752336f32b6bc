package dev.glasshouse.rpc;

import dev.glasshouse.calllog.BlobReader;
import dev.glasshouse.calllog.EntryBundle;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.SignedCheckpoint;
import dev.glasshouse.calllog.Tile;
import dev.glasshouse.vm.archive.ArchiveTree;
import java.util.List;
import java.util.Optional;

/**
 * A log as a service publishes it: that of a module that is hosted here, or a copy. What a copy
 * lacks it answers with {@link dev.glasshouse.calllog.UnreachableException}. Safe for several
 * threads.
 */
interface Published {
  /** The log's id. */
  Hash id();

  GenesisEntry genesis();

  /** How many entries are published, not fewer than a checkpoint that was asked for earlier has. */
  long size();

  /** The checkpoint for readers, with the cosignatures that there are. */
  SignedCheckpoint checkpoint();

  /** The newest checkpoint that met the quorum of the log's witnesses; empty if there is none. */
  Optional<SignedCheckpoint> cosigned();

  /** The entries of a bundle that is within {@link #size}. */
  List<byte[]> entries(EntryBundle bundle);

  /** The hashes of a tile that is within {@link #size}. */
  List<Hash> tile(Tile tile);

  BlobReader blobs();

  /** The page of an image by its hash, or null. */
  byte[] page(Hash hash);

  /** The indexes of the image entries whose pages are kept, newest first. */
  List<Long> images();

  /** The archive as of the newest checkpoint, or a batch later. */
  ArchiveTree files();

  /** Whether it is a copy, for which nothing is executed and nothing signed. */
  boolean isCopy();

  /** Why nobody is served any more, or null. */
  String failed();

  /** Why no calls are taken at the moment, or null if they are. */
  String unready();

  /** Requests that wait for their execution. */
  int waiting();
}
