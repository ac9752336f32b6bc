package dev.glasshouse.rpc.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulation notices a host that is broken, in one of its first runs, and says what it did. */
@Timeout(300)
class SimulationCatchesTest {
  private static final int SEEDS = 30;

  @ParameterizedTest
  @CsvSource({
    "DISK_LIES, is damaged",
    "ANSWERS_EARLY, were recorded before anything was signed",
    "OLD_DISK_COMES_BACK, 'was acknowledged, and its place in the log is null'",
    "OLD_DISK_COMES_BACK, that was signed is not in the log",
    "FORGETS_NUMBERS, is refused request",
    "OLD_DISK_IS_WITNESSED, that the key of this log has signed",
    "ANSWERS_UNWITNESSED, and the quorum has cosigned",
    "COUNTS_TO_ONE, shows as cosigned what is not",
    "WAITS_FOR_EVER, not all requests are answered and cosigned",
    "WITNESSES_FORGET, entries are cosigned",
    "CONFUSES_CALLERS, ' has called, and the log says '",
    "EXECUTES_AGAIN, ' times, and the log has '",
    "ANSWERS_ALL, an answer to nothing",
    "TURNS_BATCHES_ROUND, is not in its order",
    "ANSWERS_OTHERWISE, ' was answered with '",
    "WATCHDOG_SLEEPS, 'nothing, for it has no end'",
    "ABORTS_AT_WILL, has ended what does not loop",
    "ABORT_LEAVES_TRACES, should come to"
  })
  void whatIsBroken(Variant variant, String words) {
    List<String> caught = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        Simulation.Result unnoticed = Simulation.run(seed, variant);
        caught.add("seed " + seed + ": " + unnoticed);
      } catch (RuntimeException | Error e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        if (trace.toString().contains(words)) {
          return;
        }
        caught.add("seed " + seed + ": " + e.getMessage());
      }
    }
    fail("no run of " + variant + " ends with \"" + words + "\" but: " + String.join("\n", caught));
  }
}
