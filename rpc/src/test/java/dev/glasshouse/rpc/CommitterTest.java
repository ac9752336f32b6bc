package dev.glasshouse.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.calllog.CallLog;
import dev.glasshouse.calllog.CallRefused;
import dev.glasshouse.calllog.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What gathers during a sync is made durable together; nothing gathers without bound. */
@Timeout(30)
class CommitterTest {
  private static final Hash ROOT = Hash.of(new byte[0]);

  private final BlockingQueue<List<Executed>> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> outcomes = new LinkedBlockingQueue<>();
  private final Committer committer = new Committer("test", 1, this::commit, Machine.REAL);
  private long next = 1;

  @AfterEach
  void end() {
    pass(100);
    committer.close();
  }

  // A disk that does nothing before the test says how it goes.
  private void commit(List<Executed> entries) {
    begun.add(entries);
    try {
      outcomes.take().run();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pass(int commits) {
    for (int i = 0; i < commits; i++) {
      outcomes.add(() -> {});
    }
  }

  private Executed entry(int bytes) {
    CallLog.Pending pending = new CallLog.Pending(new byte[bytes], Map.of(), null, null);
    return new Executed(next++, pending, new Waiting(Machine.REAL), null, List.of(), ROOT);
  }

  private static List<Long> indexes(List<Executed> entries) {
    return entries.stream().map(Executed::index).toList();
  }

  private static void assertLoadsAgain(Executed refused) {
    CompletionException why =
        assertThrows(CompletionException.class, () -> refused.waiting().future().join());
    assertEquals(CallRefused.Reason.STOPPED, ((CallRefused) why.getCause()).reason());
  }

  @Test
  void whatGathersDuringOneSyncSharesTheNext() throws Exception {
    assertTrue(committer.isIdle());
    committer.hand(List.of(entry(1)));
    assertEquals(List.of(1L), indexes(begun.take()));
    assertFalse(committer.isIdle());
    committer.hand(List.of(entry(1), entry(1)));
    committer.hand(List.of(entry(1)));
    assertEquals(1, committer.durable());
    pass(1);
    assertEquals(List.of(2L, 3L, 4L), indexes(begun.take()));
    assertEquals(2, committer.durable());
    pass(1);
    committer.settle();
    assertEquals(5, committer.durable());
    assertTrue(committer.isIdle());
  }

  @Test
  void aLoneEntryIsAppendedOnTheThreadThatHasIt() throws Exception {
    pass(1);
    committer.append(List.of(entry(1)));
    // Nothing was waited for.
    assertEquals(2, committer.durable());
    assertTrue(committer.isIdle());
    assertEquals(List.of(1L), indexes(begun.remove()));
    // The thread that has done nothing until now takes what comes next.
    committer.hand(List.of(entry(1)));
    assertEquals(List.of(2L), indexes(begun.take()));
    pass(1);
    committer.settle();
    assertEquals(3, committer.durable());
  }

  @Test
  void behindOthersALoneEntryWaitsItsTurn() throws Exception {
    committer.hand(List.of(entry(1)));
    begun.take();
    committer.append(List.of(entry(1)));
    assertEquals(1, committer.durable());
    assertTrue(begun.isEmpty());
    pass(2);
    committer.settle();
    assertEquals(List.of(2L), indexes(begun.remove()));
    assertEquals(3, committer.durable());
  }

  @Test
  void whenALoneEntryFailsItsCallerHearsOfItAndNothingIsTaken() {
    Executed lone = entry(1);
    outcomes.add(
        () -> {
          throw new IllegalStateException("no space left on device");
        });
    assertThrows(CommitException.class, () -> committer.append(List.of(lone)));
    assertLoadsAgain(lone);
    assertEquals(1, committer.durable());
    assertThrows(CommitException.class, () -> committer.append(List.of(entry(1))));
    assertThrows(CommitException.class, () -> committer.hand(List.of(entry(1))));
  }

  @Test
  void whoeverHandsInTooMuchWaits() throws Exception {
    List<Executed> most = new ArrayList<>();
    for (int i = 0; i < Committer.MAX_BYTES >> 23; i++) {
      most.add(entry(8 << 20));
    }
    committer.hand(most);
    begun.take();
    CountDownLatch handed = new CountDownLatch(1);
    Executed more = entry(1);
    Thread module =
        new Thread(
            () -> {
              committer.hand(List.of(more));
              handed.countDown();
            });
    module.start();
    // What is on its way to the disk counts as long as it is in memory.
    assertFalse(handed.await(50, TimeUnit.MILLISECONDS));
    pass(1);
    handed.await();
    assertEquals(List.of(more.index()), indexes(begun.take()));
    module.join();
  }

  @Test
  void afterFailureNobodyIsLeftWaitingAndNothingIsTaken() throws Exception {
    Executed first = entry(1);
    Executed second = entry(1);
    committer.hand(List.of(first));
    begun.take();
    committer.hand(List.of(second));
    IllegalStateException full = new IllegalStateException("no space left on device");
    outcomes.add(
        () -> {
          throw full;
        });
    assertSame(full, assertThrows(CommitException.class, committer::settle).getCause());
    assertLoadsAgain(first);
    assertLoadsAgain(second);
    assertEquals(1, committer.durable());
    CommitException later =
        assertThrows(CommitException.class, () -> committer.hand(List.of(entry(1))));
    assertTrue(later.getMessage().contains("no space left on device"), later.getMessage());
    assertThrows(CommitException.class, committer::requireWorking);
    assertTrue(begun.isEmpty());
  }

  @Test
  void closingWaitsForWhatWasHandedIn() throws Exception {
    committer.hand(List.of(entry(1)));
    begun.take();
    committer.hand(List.of(entry(1)));
    Thread closing = new Thread(committer::close);
    closing.start();
    pass(1);
    assertEquals(List.of(2L), indexes(begun.take()));
    pass(1);
    closing.join();
    assertEquals(3, committer.durable());
  }
}
