package dev.glasshouse.vm.archive;

import dev.glasshouse.calllog.Hash;

/** A child in the tree: a stored node by its hash, or a node made since, held in memory. */
sealed interface Link permits Link.Stored, Node {
  /** The node's hash; computed on first use for a node made since. */
  Hash hash();

  /** A node to be loaded when it is needed. */
  record Stored(Hash hash) implements Link {}
}
