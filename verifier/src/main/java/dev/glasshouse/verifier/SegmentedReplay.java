package dev.glasshouse.verifier;

import dev.glasshouse.calllog.EntryRules.Depth;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.calllog.LogReader;
import dev.glasshouse.calllog.MalformedException;
import dev.glasshouse.calllog.UnreachableException;
import dev.glasshouse.vm.sandbox.SandboxEngine;
import dev.glasshouse.vm.sandbox.SandboxThread;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Replays entries that have kept all other rules in several guests at once, each but the first from
 * an image that the log has. The guest before replays up to and with that image, and so shows
 * whether it is the right one: the first failure in the order of entries is that of a replay from
 * genesis.
 *
 * <p>Only a finding can be trusted to come alike from an image. What keeps a guest that began at
 * one from going on, such as a page that is withheld, need not concern a replay from genesis: then
 * there is one.
 */
final class SegmentedReplay {
  private final SandboxEngine engine;
  private final GenesisEntry genesis;
  private final LogReader reader;
  private final EntryReader entries;
  private final History history;
  private final AuditBlobs blobs;
  private final long size;
  private final long counted;
  private final LongConsumer progress;
  private final AtomicLong done = new AtomicLong();
  private volatile long end = Long.MAX_VALUE;
  private Depth depth = Depth.REQUEST;
  private Throwable stopped;

  /**
   * Prepares the replay of all entries of the history.
   *
   * @param size that of the checkpoint; the history may end before
   * @param counted the first entry that counts; those before it were verified earlier, and are
   *     replayed only as far as that is needed to come to it
   * @param progress hears how many entries are replayed
   */
  SegmentedReplay(
      SandboxEngine engine,
      GenesisEntry genesis,
      LogReader reader,
      EntryReader entries,
      History history,
      AuditBlobs blobs,
      long size,
      long counted,
      LongConsumer progress) {
    this.engine = engine;
    this.genesis = genesis;
    this.reader = reader;
    this.entries = entries;
    this.history = history;
    this.blobs = blobs;
    this.size = size;
    this.counted = counted;
    this.progress = progress;
  }

  /** The entries from {@code first} to {@code last}, replayed by one guest. */
  private final class Stretch {
    private final ImageEntry image;
    private final long first;
    private final long last;
    private final Tally.Replayed replayed = new Tally.Replayed();
    private Throwable failure;

    Stretch(ImageEntry image, long last) {
      this.image = image;
      this.first = image == null ? 0 : image.seq() + 1;
      this.last = last;
    }

    Rerun begin() {
      return image == null
          ? Rerun.atGenesis(engine, genesis, blobs)
          : Rerun.atImage(engine, genesis, image, reader::page, blobs);
    }

    void replay(Rerun rerun) {
      long at = first;
      while (at <= last && at < end) {
        for (CheckedEntry checked : entries.again(at, size, history.tree(), depth)) {
          if (at > last) {
            return;
          }
          if (checked.failure() != null) {
            throw checked.failure();
          }
          rerun.replay(checked);
          replayed.signature(checked);
          if (at >= counted) {
            replayed.entry(checked);
          }
          at++;
          progress.accept(done.incrementAndGet());
        }
      }
    }

    void failed(Throwable e) {
      failure = e;
      // What comes after the first failure decides nothing.
      end = Math.min(end, first);
    }
  }

  /**
   * Replays, and gives the guest as it is after the last entry; it belongs to this thread.
   *
   * @param jobs guests at once, at most
   */
  Rerun run(int jobs, Tally tally) {
    NavigableSet<Long> images = images();
    Long before = images.lower(counted);
    // The first begins at the newest image before what counts, or else at genesis.
    List<Stretch> plan =
        plan(jobs, before == null ? null : image(before), history.size() - 1, images);
    Rerun rerun = run(plan, tally);
    return rerun != null ? rerun : run(List.of(new Stretch(null, history.size() - 1)), tally);
  }

  /**
   * Verifies the signatures of some entries only, and replays those. Nobody here shows whether the
   * image that they begin after is the right one.
   *
   * @param images the image entries among them
   * @throws UnreachableException if the image cannot be had, or does not lead to the end
   */
  void run(Segment segment, NavigableSet<Long> images, int jobs, Tally tally) {
    depth = Depth.SIGNATURE;
    long last = segment.to() - 1;
    ImageEntry image = segment.from() == 0 ? null : image(segment.from() - 1);
    Rerun rerun = null;
    if (image != null || segment.from() == 0) {
      rerun = run(plan(jobs, image, last, images), tally);
      rerun = rerun != null ? rerun : run(List.of(new Stretch(image, last)), tally);
    }
    if (rerun == null) {
      String why = stopped == null ? "the source does not give it again" : stopped.getMessage();
      throw new UnreachableException(
          "the replay of entries "
              + segment.from()
              + " to "
              + last
              + " begins with the image at entry "
              + (segment.from() - 1)
              + " and cannot be done: "
              + why);
    }
    rerun.close();
  }

  // Null if it must be done from genesis.
  private Rerun run(List<Stretch> stretches, Tally tally) {
    done.set(0);
    end = Long.MAX_VALUE;
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (Stretch stretch : stretches.subList(0, stretches.size() - 1)) {
      others.add(inThread(stretch));
    }
    Stretch last = stretches.get(stretches.size() - 1);
    Rerun rerun = null;
    try {
      rerun = last.begin();
      last.replay(rerun);
    } catch (RuntimeException | Error e) {
      last.failed(e);
    }
    others.forEach(CompletableFuture::join);
    for (Stretch stretch : stretches) {
      if (stretch.failure != null) {
        if (rerun != null) {
          rerun.close();
        }
        if (stretch.image != null && !(stretch.failure instanceof DivergenceException)) {
          stopped = stretch.failure;
          return null;
        }
        throw rethrown(stretch.failure);
      }
    }
    stretches.forEach(stretch -> tally.add(stretch.replayed));
    return rerun;
  }

  private static RuntimeException rethrown(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return (RuntimeException) e;
  }

  private CompletableFuture<Void> inThread(Stretch stretch) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Runnable run =
        () -> {
          try (Rerun rerun = stretch.begin()) {
            stretch.replay(rerun);
          } catch (RuntimeException | Error e) {
            stretch.failed(e);
          } finally {
            ended.complete(null);
          }
        };
    SandboxThread.create("audit from entry " + stretch.first, run).start();
    return ended;
  }

  private List<Stretch> plan(int jobs, ImageEntry first, long last, NavigableSet<Long> images) {
    ImageEntry image = first;
    List<Stretch> stretches = new ArrayList<>();
    long from = image == null ? 0 : image.seq() + 1;
    for (int i = 1; i < jobs; i++) {
      Long next = images.ceiling(from + (last + 1 - from) / (jobs - i + 1));
      ImageEntry begin = next == null ? null : image(next);
      if (begin != null && begin.seq() < last) {
        stretches.add(new Stretch(image, begin.seq()));
        image = begin;
        from = begin.seq() + 1;
      }
    }
    stretches.add(new Stretch(image, last));
    return stretches;
  }

  private NavigableSet<Long> images() {
    NavigableSet<Long> images = new TreeSet<>();
    try {
      for (long index : reader.images()) {
        if (index > 0 && index < history.size()) {
          images.add(index);
        }
      }
    } catch (UnreachableException | MalformedException e) {
      // Without images it is one replay from genesis.
    }
    return images;
  }

  // What a source says of where its images are is not believed.
  private ImageEntry image(long index) {
    try {
      CheckedEntry checked = entries.again(index, size, history.tree(), Depth.REQUEST).get(0);
      return checked.entry() instanceof ImageEntry image ? image : null;
    } catch (UnreachableException | DivergenceException e) {
      return null;
    }
  }
}
