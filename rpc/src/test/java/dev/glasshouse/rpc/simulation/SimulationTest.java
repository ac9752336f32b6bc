package dev.glasshouse.rpc.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some dozen runs; {@code bench/simulation.sh} has thousands. */
@Timeout(300)
class SimulationTest {
  private static final int SEEDS = 24;

  // It has witnesses and aborts.
  private static final long WITH_MUCH = 4;

  @Test
  void aHostKeepsItsPromisesWhateverHappens() {
    int starts = 0;
    int refused = 0;
    int aborts = 0;
    int cosigned = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation.Result result = run(seed);
      starts += result.starts();
      refused += result.refused();
      aborts += result.aborts();
      cosigned += result.cosigned();
    }
    assertTrue(
        starts > 2 * SEEDS && refused > 0 && aborts > 0 && cosigned > SEEDS,
        "hardly anything happens: " + starts + " starts, " + aborts + " aborts, " + cosigned);
  }

  @Test
  void aSeedIsOneRun() {
    Simulation.Result result = run(WITH_MUCH);
    assertTrue(result.cosigned() > 0 && result.aborts() > 0, result.toString());
    assertEquals(result, run(WITH_MUCH));
  }

  private static Simulation.Result run(long seed) {
    try {
      return Simulation.run(seed, Variant.AS_IT_IS);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + "; alone: bench/simulation.sh 1 " + seed, e);
    }
  }
}
