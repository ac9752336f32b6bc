package dev.glasshouse.vm.archive;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Walks a subtree in key order, loading each node when it comes to it. */
final class TreeWalk implements Iterator<ArchiveEntry> {
  /** Child {@code index} of {@code parent}, whose key is {@code parentKey}. */
  private static final class Step {
    private final Node parent;
    private final int index;
    private final byte[] parentKey;

    private Step(Node parent, int index, byte[] parentKey) {
      this.parent = parent;
      this.index = index;
      this.parentKey = parentKey;
    }
  }

  private final NodeLoader loader;
  private final boolean recursive;
  private final Deque<Step> steps = new ArrayDeque<>();
  private Optional<ArchiveEntry> next;

  /** Walks what is below {@code start}, whose key is {@code key}. */
  TreeWalk(NodeLoader loader, Node start, byte[] key, boolean recursive) {
    this.loader = loader;
    this.recursive = recursive;
    pushChildren(start, key);
    next = advance();
  }

  private void pushChildren(Node node, byte[] key) {
    for (int i = node.childCount() - 1; i >= 0; i--) {
      steps.push(new Step(node, i, key));
    }
  }

  private Optional<ArchiveEntry> advance() {
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      Node node = loader.child(step.parent, step.index);
      byte[] key = keyOf(step, node);
      if (recursive || !node.isDirectory()) {
        pushChildren(node, key);
      }
      if (node.value().isPresent()) {
        // Checked in full: no single node shows whether a stored key is UTF-8 and within limits.
        return Optional.of(new ArchiveEntry(ArchiveKey.decode(key), node.value().get()));
      }
    }
    return Optional.empty();
  }

  private static byte[] keyOf(Step step, Node node) {
    int parentLength = step.parentKey.length;
    byte[] prefix = node.prefix();
    byte[] key = Arrays.copyOf(step.parentKey, parentLength + 1 + prefix.length);
    key[parentLength] = step.parent.branch(step.index);
    System.arraycopy(prefix, 0, key, parentLength + 1, prefix.length);
    return key;
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public ArchiveEntry next() {
    ArchiveEntry current = next.orElseThrow(NoSuchElementException::new);
    next = advance();
    return current;
  }
}
