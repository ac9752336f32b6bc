package dev.glasshouse.verifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glasshouse.calllog.Entry;
import dev.glasshouse.calllog.GenesisEntry;
import dev.glasshouse.calllog.Hash;
import dev.glasshouse.calllog.ImageEntry;
import dev.glasshouse.vm.DamagedImageException;
import dev.glasshouse.vm.Executor;
import dev.glasshouse.vm.Replay;
import dev.glasshouse.vm.World;
import dev.glasshouse.vm.sandbox.SandboxThread;
import dev.glasshouse.vm.sandbox.V8Engine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay that starts at an image comes to the same bytes as the one from genesis. */
final class ResumedReplayTest {
  @ParameterizedTest
  @ValueSource(ints = {TimerStory.IMAGE, TimerStory.NO_TIMER, TimerStory.FINAL_IMAGE})
  void comesToTheSameBytes(int image) {
    PublishedLog log = TimerStory.signed();

    Hash root = onSandboxThread(() -> replayFrom(log, image, log.pages::get));

    assertEquals(Entry.parse(log.entries.get(TimerStory.LAST), log).root(), root);
  }

  @Test
  void aPageThatIsMissingOrAnotherIsNoticed() {
    PublishedLog log = TimerStory.signed();
    ImageEntry image = (ImageEntry) Entry.parse(log.entries.get(TimerStory.IMAGE), log);
    Hash gone = image.heap().readPages(log).get(18);

    byte[] other = log.pages.get(gone).clone();
    other[100] ^= 1;

    requireDamaged(log, page -> page.equals(gone) ? null : log.pages.get(page));
    requireDamaged(log, page -> page.equals(gone) ? other : log.pages.get(page));
  }

  private static void requireDamaged(PublishedLog log, Function<Hash, byte[]> pages) {
    CompletionException e =
        assertThrows(
            CompletionException.class,
            () -> onSandboxThread(() -> replayFrom(log, TimerStory.IMAGE, pages)));
    assertInstanceOf(DamagedImageException.class, e.getCause());
  }

  // The later images derive the heap again, so the heap is compared as well.
  private static Hash replayFrom(PublishedLog log, int index, Function<Hash, byte[]> pages) {
    GenesisEntry genesis = (GenesisEntry) Entry.parse(log.entries.get(0), log);
    ImageEntry image = (ImageEntry) Entry.parse(log.entries.get(index), log);
    try (Executor executor =
        Executor.restore(V8Engine.instance(), genesis, image, log, pages, World.NONE)) {
      assertEquals(image.due(), executor.due());
      for (int i = index + 1; i < log.size(); i++) {
        Entry entry = Entry.parse(log.entries.get(i), log);
        byte[] derived = Replay.entry(executor, entry, log).bytes();
        assertArrayEquals(log.entries.get(i), derived, "entry " + i);
      }
      return executor.root();
    }
  }

  private static Hash onSandboxThread(Supplier<Hash> body) {
    CompletableFuture<Hash> done = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            done.complete(body.get());
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        };
    SandboxThread.create("resumed", run).start();
    return done.join();
  }
}
