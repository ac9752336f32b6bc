package dev.glasshouse.rpc.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Answers that wait for a quorum to cover their entries. Confined to one thread. */
final class HeldAnswers {
  /** Answers that may wait; each holds its outcomes in memory. */
  static final int MAX = 10_000;

  /** The answers of one batch. */
  static final class Held {
    private final int count;
    private final Runnable covered;
    private final Consumer<String> late;

    Held(int count, Runnable covered, Consumer<String> late) {
      this.count = count;
      this.covered = covered;
      this.late = late;
    }
  }

  private final NavigableMap<Long, List<Held>> bySize = new TreeMap<>();
  private int count;

  boolean isEmpty() {
    return bySize.isEmpty();
  }

  /** Keeps answers until a tree of {@code size} is covered; false if too many wait already. */
  boolean hold(long size, Held held) {
    if (count + held.count > MAX) {
      return false;
    }
    count += held.count;
    bySize.computeIfAbsent(size, key -> new ArrayList<>()).add(held);
    return true;
  }

  /** Gives all answers that a tree of {@code size} covers. */
  void covered(long size) {
    NavigableMap<Long, List<Held>> done = bySize.headMap(size, true);
    List<Held> all = new ArrayList<>();
    done.values().forEach(all::addAll);
    done.clear();
    for (Held held : all) {
      count -= held.count;
      held.covered.run();
    }
  }

  /** Gives up on answers, if they still wait. */
  void expire(long size, Held held, String why) {
    List<Held> waiting = bySize.get(size);
    if (waiting != null && waiting.remove(held)) {
      if (waiting.isEmpty()) {
        bySize.remove(size);
      }
      count -= held.count;
      held.late.accept(why);
    }
  }

  /** Gives up on all. */
  void expireAll(String why) {
    List<Held> all = new ArrayList<>();
    bySize.values().forEach(all::addAll);
    bySize.clear();
    count = 0;
    all.forEach(held -> held.late.accept(why));
  }
}
