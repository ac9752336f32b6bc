package dev.glasshouse.rpc.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some dozen runs; {@code bench/simulation.sh} has thousands. */
@Timeout(300)
class SimulationTest {
  private static final int SEEDS = 40;

  @Test
  void aHostKeepsItsPromisesWhateverHappens() {
    int starts = 0;
    int refused = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.Result result = run(seed);
      starts += result.starts();
      refused += result.refused();
    }
    assertTrue(starts > 2 * SEEDS && refused > 0, "hardly anything happens: " + starts);
  }

  @Test
  void aSeedIsOneRun() {
    assertEquals(run(1), run(1));
  }

  private static Simulation.Result run(long seed) {
    try {
      return Simulation.run(seed, Variant.AS_IT_IS);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + "; alone: bench/simulation.sh 1 " + seed, e);
    }
  }
}
