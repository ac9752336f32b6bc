package dev.glasshouse.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glasshouse.vm.sandbox.HeapImage;
import dev.glasshouse.vm.sandbox.HostCalls;
import dev.glasshouse.vm.sandbox.HostReply;
import dev.glasshouse.vm.sandbox.Reply;
import dev.glasshouse.vm.sandbox.Sandbox;
import dev.glasshouse.vm.sandbox.Script;
import dev.glasshouse.vm.sandbox.Turn;
import org.junit.jupiter.api.Test;

/** What undoing a call costs: the turns since the last copy of the heap. */
class TrailTest {
  private static final int CALLS = 10;

  /** A guest that only counts. */
  private static final class Counting implements Sandbox {
    private int turns;
    private Reply.Trap trap;

    @Override
    public Reply load(Script script, long timeMillis, long fuel, HostCalls host) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Reply run(Turn turn, long timeMillis, long fuel, HostCalls host) {
      turns++;
      return new Reply(trap == null ? "v1" : null, trap, 0);
    }

    @Override
    public long mark(int slot) {
      return 0;
    }

    @Override
    public void rewind(int slot) {}

    @Override
    public HeapImage image() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void restore(HeapImage image) {}

    @Override
    public void interrupt() {}

    @Override
    public int progress() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Test
  void turnsThatWereQuickAreRunAgain() {
    assertEquals(CALLS, turnsOfUndoing(0));
  }

  // A native loop uses no fuel: only the host's clock tells that running it again would take long.
  @Test
  void turnsThatTookLongAreNotRunAgain() {
    assertEquals(0, turnsOfUndoing(600));
    // A copy is made when half a second has been passed: here after every third turn.
    assertEquals(CALLS % 3, turnsOfUndoing(200));
  }

  private static int turnsOfUndoing(long millisEach) {
    Counting guest = new Counting();
    Trail trail = new Trail(guest, 100);
    for (int i = 0; i < CALLS; i++) {
      call(trail);
      trail.took(millisEach);
    }
    guest.trap = Reply.Trap.FUEL;
    call(trail);
    guest.trap = null;
    guest.turns = 0;
    trail.undoCall();
    return guest.turns;
  }

  private static void call(Trail trail) {
    trail.beginEntry();
    trail.beginCall();
    trail.run(Turn.call("f", null, "[]"), 0, 100, (op, text, body, fork) -> HostReply.NONE);
  }
}
