package dev.glasshouse.rpc.simulation;

import dev.glasshouse.calllog.store.Batch;
import dev.glasshouse.calllog.store.MemoryStore;
import dev.glasshouse.calllog.store.PlainBatch;
import dev.glasshouse.calllog.store.Store;
import dev.glasshouse.calllog.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The disk under a host: files, and a database as {@link Store} promises one. Each change takes its
 * time, and may be the one that fails, done or not, or in the middle of which the machine stops.
 */
final class SimulatedDisk {
  private static final int[] CHANGE_NANOS = {100_000, 400_000, 10_000_000};
  private static final int OF = 1000;

  /** A change of the database: a commit, or images that are no longer kept. */
  private record Step(Batch batch, Collection<Long> dropped, boolean synced) {
    void apply(Store store) {
      if (batch != null) {
        store.commit(batch);
      } else {
        store.dropImages(dropped);
      }
    }
  }

  private final Schedule schedule;
  private final Variant variant;
  private final int maxNanos;
  private final SimulatedFiles files = new SimulatedFiles(this);
  private final List<Step> steps = new ArrayList<>();
  private final List<Step> buffered = new ArrayList<>();
  private List<Step> oldSteps;
  private Map<String, byte[]> old;
  private Life life;
  private int failing;
  private int crashing;
  private boolean crash;

  SimulatedDisk(Schedule schedule, Variant variant) {
    this.schedule = schedule;
    this.variant = variant;
    this.maxNanos = CHANGE_NANOS[dice().nextInt(CHANGE_NANOS.length)];
  }

  Random dice() {
    return schedule.dice();
  }

  SimulatedFiles files() {
    return files;
  }

  /** Of a thousand changes so many fail, and in so many the machine stops. */
  void fail(int failures, int crashes) {
    failing = failures;
    crashing = crashes;
  }

  /** Whether nothing fails here. */
  boolean isCalm() {
    return failing == 0 && crashing == 0;
  }

  /** Whether a change has stopped the machine. */
  boolean isCrashed() {
    return crash;
  }

  /** Begins to be used in a life. */
  void begin(Life begun) {
    life = begun;
    crash = false;
    oldSteps = List.copyOf(steps);
    old = steps.isEmpty() ? null : files.contents();
  }

  /** What had not been synced is lost if the power is; otherwise the operating system writes it. */
  void crashed(boolean power) {
    buffered.clear();
    if (variant.bringsOldDiskBack() && old != null) {
      steps.clear();
      steps.addAll(oldSteps);
      files.restore(old);
    } else if (power) {
      files.losePower();
      while (!steps.isEmpty() && !steps.get(steps.size() - 1).synced() && dice().nextInt(3) > 0) {
        steps.remove(steps.size() - 1);
      }
    }
  }

  /** Makes a change of the files, or does not. */
  void change(String what, Runnable change) throws IOException {
    if (schedule.isInThread()) {
      life.sleep(dice().nextInt(maxNanos));
    }
    int fate = dice().nextInt(OF);
    boolean isMade = fate >= failing + crashing || dice().nextBoolean();
    if (isMade && !(variant == Variant.DISK_LIES && what.equals("a sync"))) {
      change.run();
    }
    if (fate < crashing) {
      crash = true;
      throw life.hang();
    }
    if (fate < failing + crashing) {
      throw new IOException(what + " failed: Input/output error");
    }
  }

  /** Opens the database. */
  SimulatedStore openStore() {
    steps.addAll(buffered);
    buffered.clear();
    if (variant == Variant.FORGETS_NUMBERS) {
      steps.replaceAll(
          step ->
              step.batch() == null
                  ? step
                  : new Step(PlainBatch.of(step.batch()), null, step.synced()));
    }
    return new SimulatedStore(this, stored());
  }

  /** What the database holds. */
  MemoryStore stored() {
    MemoryStore store = new MemoryStore();
    steps.forEach(step -> step.apply(store));
    return store;
  }

  void commit(Batch batch) {
    if (variant == Variant.ANSWERS_EARLY) {
      Step step = new Step(batch, null, true);
      buffered.add(step);
      schedule.after(
          dice().nextInt(20 * maxNanos),
          () -> {
            if (!buffered.isEmpty()) {
              steps.add(buffered.remove(0));
            }
          });
      return;
    }
    try {
      change(
          "a commit",
          () -> {
            boolean synced = variant != Variant.DISK_LIES;
            if (synced) {
              steps.replaceAll(step -> new Step(step.batch(), step.dropped(), true));
            }
            steps.add(new Step(batch, null, synced));
          });
    } catch (IOException e) {
      throw new StoreException(e.getMessage(), e);
    }
  }

  void dropImages(Collection<Long> indexes) {
    steps.add(new Step(null, List.copyOf(indexes), false));
  }
}
