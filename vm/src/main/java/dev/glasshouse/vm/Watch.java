package dev.glasshouse.vm;

import dev.glasshouse.vm.sandbox.Sandbox;

/**
 * The host's watchdog: it interrupts a guest that runs for too long without an end. Only native
 * loops that burn no fuel need it; fuel ends all others first.
 *
 * <p>A replay has none: what it executes has come to an end before.
 */
public interface Watch {
  /** Never interrupts. */
  Watch NONE =
      new Watch() {
        @Override
        public void begin(Sandbox guest, long millis, long pollMillis) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public long end() {
          return 0;
        }
      };

  /**
   * A call or a timer's turn begins, with all the turns of the guest that it takes.
   *
   * @param millis wall clock that it may take
   * @param pollMillis more of it for each interrupt poll that the guest uses meanwhile
   */
  void begin(Sandbox guest, long millis, long pollMillis);

  /** The guest waits for the world: this time is not counted. */
  void pause();

  /** The guest goes on. */
  void resume();

  /**
   * It is over. The guest is not interrupted after this has returned.
   *
   * @return milliseconds that it took, or 0 if nobody looked
   */
  long end();
}
